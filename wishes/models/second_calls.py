"""The street's second call: a random part of what others heard the resident say is asked again."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wishes.models.wish import Wish


class SecondCallQuerySet(models.QuerySet):
    """Second calls."""

    def of_street(self, street_id: int) -> "SecondCallQuerySet":
        return self.filter(wish__community__street=street_id)

    def to_make(self) -> "SecondCallQuerySet":
        """Keep those nobody has made, or that nobody answered yet."""
        return self.filter(outcome__in=("", SecondCall.Outcome.NO_ANSWER))

    def answered(self) -> "SecondCallQuerySet":
        """Keep those in which the resident said something."""
        return self.filter(outcome__in=(SecondCall.Outcome.SAME, SecondCall.Outcome.DIFFERENT))

    def different(self) -> "SecondCallQuerySet":
        return self.filter(outcome=SecondCall.Outcome.DIFFERENT)


class SecondCall(models.Model):
    """One wish that the draw of a week fell on, and what the resident said when rung again.

    `seed` and `drawn_from` let anybody draw again and see the same. What they say never changes the wish by itself.
    """

    class Outcome(models.TextChoices):
        SAME = "same", _("说的一样")
        DIFFERENT = "different", _("说的不一样")
        NO_ANSWER = "no_answer", _("没人接")

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="second_calls")
    week = models.DateField(_("哪一周点头的"))
    drawn_on = models.DateField(_("哪一天抽的"))
    seed = models.CharField(max_length=120)
    drawn_from = models.PositiveIntegerField(_("从几件里抽"))
    outcome = models.CharField(_("怎么说"), max_length=10, choices=Outcome.choices, blank=True)
    note = models.CharField(_("说了什么"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(null=True, blank=True)
    heard_on = models.DateField(null=True, blank=True)

    objects = SecondCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("抽查回访")
        verbose_name_plural = _("抽查回访")
        constraints = (
            models.UniqueConstraint(name="second_call_is_drawn_once", fields=["wish", "week"]),
            models.CheckConstraint(
                name="second_call_is_made_whole",
                condition=Q(outcome="", at__isnull=True, by__isnull=True, heard_on__isnull=True)
                | Q(
                    outcome__in=["same", "different", "no_answer"],
                    at__isnull=False,
                    by__isnull=False,
                    heard_on__isnull=False,
                ),
            ),
        )
        indexes = (
            models.Index(
                name="second_call_to_make",
                fields=["week"],
                condition=Q(outcome__in=["", "no_answer"]),
            ),
            models.Index(name="second_call_heard", fields=["outcome", "heard_on"]),
        )

    def __str__(self) -> str:
        return f"{self.wish_id} {self.week:%Y-%m-%d}"

    @property
    def last_day(self) -> dt.date:
        """Return the last day of the week whose nods it was drawn from."""
        return self.week + dt.timedelta(days=6)
