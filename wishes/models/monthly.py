"""每月一题: what keeps coming back becomes a topic of the month, with an owner and a day by which it is settled."""

import datetime as dt

from django.db import models
from django.db.models import F, Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed, who_acted
from jiangdong import clock
from pairing.models import Agency


class TopicState(TextChoices):
    OPEN = "open", _("在办")
    REPORTED = "reported", _("说办结了，等确认")
    SETTLED = "settled", _("办结了")


class TopicMove(TextChoices):
    REPORT = "report", _("说办结了")
    SETTLE = "settle", _("确认办结")
    RETURN = "return", _("还要办")


# move -> from, to
TOPIC_TABLE = {
    TopicMove.REPORT: (TopicState.OPEN, TopicState.REPORTED),
    TopicMove.SETTLE: (TopicState.REPORTED, TopicState.SETTLED),
    TopicMove.RETURN: (TopicState.REPORTED, TopicState.OPEN),
}


class MonthlyTopicQuerySet(models.QuerySet):
    """Topics of the month."""

    def unsettled(self) -> "MonthlyTopicQuerySet":
        """Keep those whose owner has not said yet that they are settled."""
        return self.filter(state=TopicState.OPEN)


class MonthlyTopic(Trailed):
    """One topic of a month: everybody reads title, why and result. Only `wishes.actions` writes it.

    `month` is its first day. Its wishes point to it.
    """

    month = models.DateField(_("哪个月"))
    title = models.CharField(_("题目"), max_length=40)
    why = models.TextField(_("为什么要办"), max_length=500)
    owner = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("牵头单位")
    )
    due_on = models.DateField(_("什么时候前办结"))
    state = models.CharField(
        _("状态"), max_length=8, choices=TopicState.choices, default=TopicState.OPEN
    )
    result = models.TextField(_("办成了什么"), max_length=500, blank=True)
    set_by = who_acted(null=False, blank=False)
    set_at = models.DateTimeField(default=clock.now)
    reported_by = who_acted()
    reported_at = models.DateTimeField(null=True, blank=True)
    settled_by = who_acted()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = MonthlyTopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("每月一题")
        verbose_name_plural = _("每月一题")
        constraints = (
            models.UniqueConstraint(name="topic_title_once_a_month", fields=["month", "title"]),
            models.CheckConstraint(name="topic_month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="topic_state_is_known", condition=Q(state__in=TopicState.values)
            ),
            models.CheckConstraint(
                name="topic_reported_with_a_result_exactly_when_reported",
                condition=Q(
                    state=TopicState.OPEN,
                    result="",
                    reported_by__isnull=True,
                    reported_at__isnull=True,
                )
                | Q(
                    ~Q(state=TopicState.OPEN),
                    ~Q(result=""),
                    reported_by__isnull=False,
                    reported_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="topic_settled_by_somebody_exactly_when_settled",
                condition=Q(
                    state=TopicState.SETTLED, settled_by__isnull=False, settled_at__isnull=False
                )
                | Q(~Q(state=TopicState.SETTLED), settled_by__isnull=True, settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="topic_is_settled_by_a_second_person",
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("reported_by")),
            ),
        )
        indexes = (models.Index(name="topic_due", fields=["due_on"], condition=Q(state="open")),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("wishes:monthly_topic", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Say whether its day is over and its owner has not called it settled."""
        return self.state == TopicState.OPEN and self.due_on < clock.today()


def first_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
