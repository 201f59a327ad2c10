"""Live question sessions (网上面对面): who answers, what is asked, what is answered by whom for whom."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed, User, who_acted
from jiangdong import clock
from pairing.models import Agency, Community
from voices.models.voice import Voice
from voices.querysets import QuestionQuerySet, SessionQuerySet
from voices.workflow import Phase, Shown


@dataclass(frozen=True)
class Leader:
    """Who is to answer in a session: an account of a leader, or a name; and who may write for them."""

    name: str
    user: User | None = None
    agency: Agency | None = None
    secretary: User | None = None


class LiveSession(Trailed):
    """An hour in which named leaders answer whoever asks. Announced, open, closed by its times or by an act."""

    title = models.CharField(_("主题"), max_length=60)
    about = models.TextField(_("说明"), max_length=500, blank=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    phase = models.CharField(
        _("状态"), max_length=12, choices=Phase.choices, default=Phase.ANNOUNCED
    )
    announced_by = who_acted(null=False, blank=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("网上面对面")
        verbose_name_plural = _("网上面对面")
        constraints = (
            models.CheckConstraint(
                name="session_phase_is_known", condition=Q(phase__in=Phase.values)
            ),
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )
        indexes = (models.Index(name="session_starts", fields=["-starts_at", "-id"]),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("voices:session", args=[self.pk])


class Answerer(models.Model):
    """A leader who answers by name in a session, and the secretary who may write down the answers for them (代办)."""

    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="answerers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("账号"),
    )
    name = models.CharField(_("姓名"), max_length=40)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    secretary = who_acted(verbose_name=_("代办人"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("作答的领导")
        verbose_name_plural = _("作答的领导")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.name}（{self.agency.name}）" if self.agency_id else self.name


class Question(models.Model):
    """A question to a session. Of whoever asks nothing is kept but the day; the order is that of its numbers."""

    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("问题"), max_length=500)
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_on = models.DateField(default=clock.today)
    shown = models.CharField(max_length=8, choices=Shown.choices, default=Shown.WAITING)
    looked_by = who_acted()
    answer = models.TextField(_("回答"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answerer = models.ForeignKey(
        Answerer, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    written_by = who_acted()
    voice = models.OneToOneField(
        Voice, on_delete=models.PROTECT, null=True, blank=True, related_name="question"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题")
        verbose_name_plural = _("问题")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="question_shown_is_known", condition=Q(shown__in=Shown.values)
            ),
            models.CheckConstraint(
                name="question_answered_by_a_leader_and_written_by_somebody",
                condition=Q(
                    answer="",
                    answerer__isnull=True,
                    written_by__isnull=True,
                    answered_at__isnull=True,
                )
                | ~Q(answer="")
                & Q(answerer__isnull=False, written_by__isnull=False, answered_at__isnull=False),
            ),
        )
        indexes = (models.Index(name="question_of_session", fields=["session", "shown", "id"]),)

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def is_written_for(self) -> bool:
        """Say whether somebody else wrote the leader's answer down: then both names stand there."""
        return bool(self.written_by_id) and self.written_by_id != self.answerer.user_id
