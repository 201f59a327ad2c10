"""Who is away (外出、休假), and who stands in for them."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock
from jiangdong.terms import RangeOperators, Term, TermQuerySet


class AbsenceQuerySet(TermQuerySet):
    """Days on which people are away; what was called off or ended early counts no longer."""

    def standing(self) -> "AbsenceQuerySet":
        return self.filter(ended_at__isnull=True)

    def now(self) -> "AbsenceQuerySet":
        """Keep those of today."""
        return self.standing().on(clock.today())

    def not_over(self) -> "AbsenceQuerySet":
        """Keep those of today and to come, the next first."""
        return self.standing().filter(term__endswith__gt=clock.today()).order_by("term", "pk")

    def to_begin(self) -> "AbsenceQuerySet":
        """Keep those whose first day has come and whose work nobody has handed over."""
        return self.now().filter(handed_over_at__isnull=True).order_by("pk")


class Absence(Term, Trailed):
    """Somebody is away from the first day of a term to its last, and a colleague stands in for them.

    On the first day what they hold goes to the substitute; `handed` lists it: its kind, what it is, its address.
    Who comes back early ends it; what was handed over stays where it is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stands_in_for"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("外出、休假")
        verbose_name_plural = _("外出、休假")
        constraints = (
            ExclusionConstraint(
                name="absence_of_a_person_does_not_overlap",
                expressions=[("user", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="absence_has_another_as_substitute", condition=~Q(user=F("substitute"))
            ),
            models.CheckConstraint(
                name="absence_has_a_last_day",
                condition=Q(term__startswith__isnull=False, term__endswith__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.term.lower:%Y-%m-%d}"

    @property
    def last_day(self) -> dt.date:
        return self.term.upper - dt.timedelta(days=1)

    @property
    def has_begun(self) -> bool:
        return self.term.lower <= clock.today()
