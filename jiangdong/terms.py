"""A term: the days from one to another on which somebody is something. Several apps build on it."""

import datetime as dt

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from jiangdong import clock

__all__ = ["DateRange", "RangeOperators", "Term", "TermQuerySet", "open_term"]


def open_term() -> DateRange:
    """Return a term from today without an end."""
    return DateRange(clock.today(), None, "[)")


class TermQuerySet(models.QuerySet):
    """Reads by the day."""

    def on(self, day: dt.date) -> "TermQuerySet":
        """Keep those whose term holds this day; a missing end means for ever."""
        return self.filter(term__contains=day)

    def now(self) -> "TermQuerySet":
        """Keep those whose term holds today."""
        return self.on(clock.today())


class Term(models.Model):
    """Something that holds from a first day up to, not including, a last one."""

    term = DateRangeField(_("任期"), default=open_term)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
