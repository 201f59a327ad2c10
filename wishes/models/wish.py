"""A resident's wish."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock
from pairing.models import Agency, Community, Resident
from wishes.querysets import Bigrams, WishManager
from wishes.workflow import (
    BEFORE_PUBLIC,
    HELD,
    How,
    Kind,
    Origin,
    Rating,
    Source,
    State,
    Visibility,
)


class Campaign(models.Model):
    """A drive in which wishes were collected, such as that of spring 2014."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("名称"), max_length=60)
    archived = models.BooleanField(_("已归档"), default=False)

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")

    def __str__(self) -> str:
        return self.name


def _person(**kwargs) -> models.ForeignKey:
    """Return a column for somebody who acted; no way back from the person, and never deleted away."""
    kwargs = {"null": True, "blank": True, **kwargs}
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **kwargs
    )


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

    logged_by = _person(null=False, verbose_name=_("谁记下的"))
    logged_at = models.DateTimeField(_("记下时间"), default=clock.now)
    submitted_by = _person()

    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    published_by = _person()
    offered_to = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("先问哪个单位"),
    )
    open_to_all_on = models.DateField(null=True, blank=True)
    response_due_on = models.DateField(null=True, blank=True)
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
    claimed_by = _person()
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

    fulfilled_at = models.DateTimeField(_("办好时间"), null=True, blank=True)
    fulfilled_by = _person()
    fulfil_note = models.TextField(max_length=500, blank=True)
    reopened = models.PositiveSmallIntegerField(_("居民说没办好的次数"), default=0)

    closed_at = models.DateTimeField(_("居民点头时间"), null=True, blank=True)
    closed_by = _person()
    rating = models.CharField(_("居民评价"), max_length=12, choices=Rating.choices, blank=True)
    words = models.TextField(_("居民的话"), max_length=300, blank=True)
    how = models.CharField(_("怎样点头的"), max_length=8, choices=How.choices, blank=True)

    objects = WishManager()

    class Meta:
        verbose_name = _("心愿")
        verbose_name_plural = _("心愿")
        constraints = (
            models.UniqueConstraint(
                name="wish_serial_is_the_communitys_own", fields=["community", "serial"]
            ),
            models.CheckConstraint(name="wish_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="wish_kind_is_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="wish_published_when_it_left_the_desk",
                condition=Q(state__in=[*BEFORE_PUBLIC, State.WITHDRAWN])
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    due_on__isnull=False,
                    response_due_on__isnull=False,
                    visibility__in=Visibility.values,
                ),
            ),
            models.CheckConstraint(
                name="wish_held_by_somebody_exactly_while_held",
                condition=Q(
                    state__in=HELD,
                    agency__isnull=False,
                    claimed_at__isnull=False,
                    claimed_by__isnull=False,
                    first_claimed_on__isnull=False,
                    origin__in=Origin.values,
                )
                | Q(
                    ~Q(state__in=HELD),
                    agency__isnull=True,
                    claimed_at__isnull=True,
                    claimed_by__isnull=True,
                    handler__isnull=True,
                    origin="",
                ),
            ),
            models.CheckConstraint(
                name="wish_without_handler_is_a_branchs",
                condition=Q(handler__isnull=False)
                | ~Q(state__in=HELD)
                | Q(state=State.CLAIMED, origin=Origin.BRANCH),
            ),
            models.CheckConstraint(
                name="wish_fulfilled_by_somebody_exactly_when_fulfilled",
                condition=Q(
                    state__in=[State.FULFILLED, State.CLOSED],
                    fulfilled_at__isnull=False,
                    fulfilled_by__isnull=False,
                )
                | Q(
                    ~Q(state__in=[State.FULFILLED, State.CLOSED]),
                    fulfilled_at__isnull=True,
                    fulfilled_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="wish_closed_with_a_rating_exactly_when_closed",
                condition=Q(
                    state=State.CLOSED,
                    closed_at__isnull=False,
                    rating__in=Rating.values,
                    how__in=How.values,
                )
                | Q(
                    ~Q(state=State.CLOSED),
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    rating="",
                    how="",
                ),
            ),
            models.CheckConstraint(
                name="wish_nod_by_scan_is_the_residents_alone",
                condition=Q(how="", closed_by__isnull=True)
                | Q(how=How.SCAN, closed_by__isnull=True)
                | Q(~Q(how__in=["", How.SCAN]), closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="wish_nod_is_not_the_claimants",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("handler")),
            ),
            models.CheckConstraint(
                name="archived_wish_holds_no_resident",
                condition=Q(archived=False) | Q(resident__isnull=True, campaign__isnull=False),
            ),
            models.CheckConstraint(
                name="wish_estimate_is_not_negative",
                condition=Q(estimate__isnull=True) | Q(estimate__gte=0),
            ),
        )
        indexes = (
            GinIndex(name="wish_grams", fields=["grams"]),
            models.Index(
                name="wish_board",
                fields=["published_at", "id"],
                condition=Q(state="open", archived=False),
            ),
            models.Index(
                name="wish_board_due",
                fields=["due_on", "id"],
                condition=Q(state="open", archived=False),
            ),
            models.Index(
                name="wish_due",
                fields=["due_on"],
                condition=Q(state__in=["open", "claimed"], archived=False),
            ),
            models.Index(
                name="wish_response_due",
                fields=["response_due_on"],
                condition=Q(state="open", archived=False),
            ),
            models.Index(name="wish_published", fields=["published_at", "id"]),
            models.Index(name="wish_due_order", fields=["due_on", "id"]),
            models.Index(name="wish_community_state", fields=["community", "state", "logged_at"]),
            models.Index(name="wish_agency_state", fields=["agency", "state", "due_on"]),
            models.Index(name="wish_handler_state", fields=["handler", "state"]),
            models.Index(
                name="wish_waiting_for_nod",
                fields=["community", "fulfilled_at"],
                condition=Q(state="fulfilled", archived=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("wishes:detail", args=[self.code])

    # Django's own make a table of all the words for each wish of a list.
    def get_state_display(self) -> str:
        return State(self.state).label

    def get_kind_display(self) -> str:
        return Kind(self.kind).label
