"""A resident's wish."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Value
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed, who_acted
from jiangdong import clock
from pairing.models import Agency, Community, Resident
from wishes.likeness import Bigrams
from wishes.models.monthly import MonthlyTopic
from wishes.models.wish_rules import CONSTRAINTS, INDEXES
from wishes.querysets import WishManager
from wishes.workflow import (
    EndedBy,
    How,
    Kind,
    Origin,
    PauseReason,
    Rating,
    ReferTo,
    Source,
    State,
    SuitsWhen,
    Takes,
    Visibility,
)


class CampaignQuerySet(models.QuerySet):
    """Drives in which wishes are collected."""

    def festivals(self) -> "CampaignQuerySet":
        """Keep the festivals' batches that are not over: wishes may be logged into them."""
        return self.filter(festival=True, archived=False)


class Campaign(models.Model):
    """A drive in which wishes were collected, such as that of spring 2014."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("名称"), max_length=60)
    archived = models.BooleanField(_("已归档"), default=False)
    festival = models.BooleanField(
        _("节日慰问"), default=False, help_text=_("节日里成批送的，另外计数")
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")

    def __str__(self) -> str:
        return self.name


class Wish(Trailed):
    """One wish of one resident (or of a group with one representative), from the doorstep to the nod.

    `title` and `detail` are its public text. Only `wishes.actions` writes what a move decides.
    """

    code = models.CharField(_("编号"), max_length=16, unique=True)
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, related_name="wishes", verbose_name=_("社区")
    )
    serial = models.PositiveIntegerField()
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="wishes"
    )
    archived = models.BooleanField(default=False)
    in_batch = models.BooleanField(_("成批的节日慰问"), default=False)

    title = models.CharField(_("心愿一句话"), max_length=40)
    detail = models.TextField(_("再说几句"), max_length=500, blank=True)
    kind = models.CharField(_("哪一类"), max_length=20, choices=Kind.choices)
    for_child = models.BooleanField(_("为孩子"), default=False)
    sensitive = models.BooleanField(_("比较敏感"), default=False)
    estimate = models.DecimalField(
        _("大约多少钱（元）"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    money_source = models.CharField(
        _("钱从哪里来"), max_length=12, choices=Source.choices, blank=True
    )
    suits_when = models.CharField(
        _("什么时候方便"), max_length=8, choices=SuitsWhen.choices, blank=True
    )
    takes = models.CharField(_("要多久"), max_length=10, choices=Takes.choices, blank=True)
    for_group = models.BooleanField(_("集体心愿"), default=False)
    goal = models.PositiveSmallIntegerField(_("一共要几份"), null=True, blank=True)
    grams = models.GeneratedField(
        expression=Bigrams(
            Concat(F("title"), Value("\n"), F("detail"), output_field=models.TextField())
        ),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(
        _("谁看得到"), max_length=8, choices=Visibility.choices, blank=True
    )
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="wishes"
    )

    logged_by = who_acted(null=False, verbose_name=_("谁记下的"))
    logged_at = models.DateTimeField(_("记下时间"), default=clock.now)
    submitted_by = who_acted()

    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    published_by = who_acted()
    offered_to = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("先问哪个单位"),
    )
    open_to_all_on = models.DateField(null=True, blank=True)
    # The rate of answers reads the first, which never moves; the other begins anew whenever a claim is given back.
    response_due_on = models.DateField(null=True, blank=True)
    claim_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(_("希望什么时候前"), null=True, blank=True)

    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="wishes",
        verbose_name=_("认领单位"),
    )
    claimed_at = models.DateTimeField(_("认领时间"), null=True, blank=True)
    claimed_by = who_acted()
    first_claimed_on = models.DateField(null=True, blank=True)
    origin = models.CharField(_("来处"), max_length=8, choices=Origin.choices, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="wishes_in_hand",
        verbose_name=_("经办人"),
    )
    together = models.BooleanField(_("请大家一起办"), default=False)
    lead_share = models.PositiveSmallIntegerField(default=0)
    shares_taken = models.PositiveSmallIntegerField(default=0)

    waiting_since = models.DateField(null=True, blank=True)
    waits_until = models.DateField(_("等到"), null=True, blank=True)
    waits_for = models.CharField(_("等什么"), max_length=8, choices=PauseReason.choices, blank=True)
    waited = models.PositiveSmallIntegerField(_("等过几个工作日"), default=0)

    fulfilled_at = models.DateTimeField(_("办好时间"), null=True, blank=True)
    fulfilled_by = who_acted()
    fulfil_note = models.TextField(max_length=500, blank=True)
    reopened = models.PositiveSmallIntegerField(_("居民说没办好的次数"), default=0)

    closed_at = models.DateTimeField(_("居民点头时间"), null=True, blank=True)
    closed_by = who_acted()
    rating = models.CharField(_("居民评价"), max_length=12, choices=Rating.choices, blank=True)
    words = models.TextField(_("居民的话"), max_length=300, blank=True)
    how = models.CharField(_("怎样点头的"), max_length=8, choices=How.choices, blank=True)

    left_at = models.DateTimeField(null=True, blank=True)
    referred_to = models.CharField(_("转给谁"), max_length=8, choices=ReferTo.choices, blank=True)
    receipt = models.CharField(_("对方的受理编号"), max_length=60, blank=True)
    ended_by = models.CharField(
        _("为什么不再办"), max_length=8, choices=EndedBy.choices, blank=True
    )
    told = models.CharField(_("给居民的话"), max_length=200, blank=True)
    # The earlier wish that it repeats, and the first of all that repeat each other.
    recurs = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    recurs_first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    topic = models.ForeignKey(
        MonthlyTopic, on_delete=models.PROTECT, null=True, blank=True, related_name="wishes"
    )
    # It keeps its resident and their link: that is how each who wished the same can follow.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = WishManager()

    class Meta:
        verbose_name = _("心愿")
        verbose_name_plural = _("心愿")
        constraints = CONSTRAINTS
        indexes = INDEXES

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("wishes:detail", args=[self.code])

    # Django's own make a table of all the words for each wish of a list.
    def get_state_display(self) -> str:
        return State(self.state).label

    def get_kind_display(self) -> str:
        return Kind(self.kind).label

    @cached_property
    def team(self) -> list:
        """Return who helps beside the lead now, each with their person and agency; no query for a lone claim."""
        if not self.together:
            return []
        return list(self.helpers.current().select_related("user", "agency"))

    def forget_what_was_read(self) -> None:
        """Read team and requests anew when they are next asked for: an action has just changed the wish."""
        for name in ("team", "open_asks"):
            self.__dict__.pop(name, None)

    @cached_property
    def open_asks(self) -> dict:
        """Return what was asked and nobody has decided yet, by what it is."""
        return {ask.what: ask for ask in self.asks.undecided().select_related("asked_by")}

    @cached_property
    def told_again(self) -> list["Wish"]:
        """Return the wishes that were merged into this one, each with its resident, the first first."""
        return list(self.merged.select_related("resident").order_by("left_at", "pk"))

    def days_without_answer(self) -> int:
        """Return on how many days since it was called done a call found nobody."""
        if self.fulfilled_at is None:
            return 0
        missed = self.calls.filter(outcome="no_answer", at__gte=self.fulfilled_at)
        return missed.aggregate(days=Count(TruncDate("at"), distinct=True))["days"]
