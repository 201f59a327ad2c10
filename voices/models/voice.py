"""A voice: something a resident, an enterprise or a colleague raises, and what an agency answers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed, who_acted
from jiangdong import clock
from pairing.models import Agency, Community, Resident
from voices.models.topic import Topic
from voices.querysets import VoiceManager
from voices.workflow import HELD, OVER, Asker, Channel, How, Rating, State
from wishes.querysets import Bigrams


class Voice(Trailed):
    """One voice, from its noting to its asker's word. Only `voices.actions` writes what a move decides.

    `title` and `text` are what may become public. Its own times are days: of whoever gives no name nothing more
    exact is kept. `response_due_on` is set by the first asking and never moves: the rate of answers in time
    counts by it. `answer_due_on` is the day for the agency that is asked now.
    """

    code = models.CharField(_("编号"), max_length=16, unique=True)
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voices",
        verbose_name=_("主题"),
    )
    title = models.CharField(_("一句话"), max_length=40)
    text = models.TextField(_("说具体些"), max_length=1000, blank=True)
    grams = models.GeneratedField(
        expression=Bigrams(
            Concat(F("title"), Value("\n"), F("text"), output_field=models.TextField())
        ),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel.choices)
    asker = models.CharField(_("谁提的"), max_length=12, choices=Asker.choices)
    community = models.ForeignKey(
        Community,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voices",
        verbose_name=_("社区"),
    )
    enterprise = models.CharField(_("企业"), max_length=60, blank=True)
    urgent = models.BooleanField(_("加急"), default=False)
    may_publish = models.BooleanField(_("同意公开"), default=False)
    public = models.BooleanField(_("公开"), default=False)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="voices"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )

    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.NOTED)
    noted_on = models.DateField(_("提出日期"), default=clock.today)
    logged_by = who_acted(verbose_name=_("谁记下的"))

    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voices",
        verbose_name=_("答复单位"),
    )
    first_asked_on = models.DateField(null=True, blank=True)
    response_due_on = models.DateField(null=True, blank=True)
    answer_due_on = models.DateField(_("答复期限"), null=True, blank=True)
    settle_due_on = models.DateField(_("办结期限"), null=True, blank=True)

    first_answered_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = who_acted()
    answer = models.TextField(_("答复"), max_length=1000, blank=True)
    settled_on = models.DateField(_("办结日期"), null=True, blank=True)
    settled_by = who_acted()
    settlement = models.TextField(_("怎样办结的"), max_length=1000, blank=True)
    reopened = models.PositiveSmallIntegerField(_("说没有解决的次数"), default=0)

    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    closed_by = who_acted()
    rating = models.CharField(_("评价"), max_length=12, choices=Rating.choices, blank=True)
    words = models.TextField(_("提的人的话"), max_length=300, blank=True)
    how = models.CharField(_("怎样评的"), max_length=8, choices=How.choices, blank=True)

    objects = VoiceManager()

    class Meta:
        verbose_name = _("民声")
        verbose_name_plural = _("民声")
        constraints = (
            models.CheckConstraint(
                name="voice_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="voice_channel_is_known", condition=Q(channel__in=Channel.values)
            ),
            models.CheckConstraint(
                name="voice_asker_is_known", condition=Q(asker__in=Asker.values)
            ),
            models.CheckConstraint(
                name="voice_without_a_name_holds_nobody",
                condition=~Q(asker=Asker.ANONYMOUS) | Q(resident__isnull=True),
            ),
            models.CheckConstraint(
                name="voice_of_an_enterprise_names_it",
                condition=~Q(asker=Asker.ENTERPRISE) | ~Q(enterprise=""),
            ),
            models.CheckConstraint(
                name="voice_is_public_by_its_askers_leave",
                condition=Q(public=False) | Q(may_publish=True),
            ),
            models.CheckConstraint(
                name="voice_is_with_an_agency_exactly_while_held",
                condition=Q(
                    state__in=HELD,
                    agency__isnull=False,
                    first_asked_on__isnull=False,
                    response_due_on__isnull=False,
                    answer_due_on__isnull=False,
                    settle_due_on__isnull=False,
                )
                | Q(~Q(state__in=HELD), agency__isnull=True),
            ),
            models.CheckConstraint(
                name="voice_answered_by_somebody_when_answered",
                condition=~Q(state__in=[State.ANSWERED, State.SETTLED, State.CLOSED, State.RESTED])
                | Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="voice_settled_by_somebody_exactly_when_settled",
                condition=Q(
                    state__in=[State.SETTLED, State.CLOSED, State.RESTED],
                    settled_on__isnull=False,
                    settled_by__isnull=False,
                )
                | Q(
                    ~Q(state__in=[State.SETTLED, State.CLOSED, State.RESTED]),
                    settled_on__isnull=True,
                    settled_by__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="voice_rated_exactly_when_closed",
                condition=Q(state=State.CLOSED, rating__in=Rating.values, how__in=How.values)
                | Q(~Q(state=State.CLOSED), rating="", how=""),
            ),
            models.CheckConstraint(
                name="voice_ends_on_a_day",
                condition=Q(state__in=OVER, closed_on__isnull=False)
                | Q(~Q(state__in=OVER), closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="voice_rated_by_oneself_alone_or_taken_down",
                condition=Q(how="")
                | Q(how=How.ONESELF, closed_by__isnull=True)
                | Q(~Q(how=How.ONESELF), closed_by__isnull=False),
            ),
        )
        indexes = (
            GinIndex(name="voice_grams", fields=["grams"]),
            models.Index(name="voice_wall", fields=["-noted_on", "-id"]),
            models.Index(name="voice_community_state", fields=["community", "state"]),
            models.Index(name="voice_agency_state", fields=["agency", "state"]),
            models.Index(name="voice_topic_community", fields=["topic", "community", "noted_on"]),
            models.Index(
                name="voice_answer_due", fields=["answer_due_on"], condition=Q(state="asked")
            ),
            models.Index(
                name="voice_settle_due",
                fields=["settle_due_on"],
                condition=Q(state__in=["asked", "returned", "answered"]),
            ),
            models.Index(
                name="voice_enterprise", fields=["enterprise"], condition=~Q(enterprise="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("voices:detail", args=[self.code])
