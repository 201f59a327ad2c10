"""This week against last week, up to the same day of the week: what a district or a street puts on one sheet on Friday.

Each number cuts a named list (`wishes.lists`) to the days of the week that are over, as does the page behind it, so
the two cannot disagree.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.rates import ENOUGH
from pairing.standing import Standing
from wishes.lists import LISTS, watched
from wishes.models import Wish
from wishes.querysets import WishQuerySet

WEEK = dt.timedelta(days=7)
LONGEST = 5


@dataclass(frozen=True)
class Row:
    """What one line of the sheet counts: a named list and the day that puts a wish into a week."""

    slug: str
    label: Any
    counts: Any
    day_field: str

    def of(self, wishes: WishQuerySet, days: "Days") -> WishQuerySet:
        """Keep the wishes of this line whose day is one of these."""
        dated = replace(LISTS[self.slug], day_field=self.day_field)
        return dated.between(dated.of(wishes), days.first, days.last)


ROWS: dict[str, Row] = {
    row.slug: row
    for row in (
        Row("published", _("公开"), _("这几天公开的，后来撤回的也算"), "published_at"),
        Row("first_claimed", _("有人认领"), _("这几天第一次有单位认领的"), "first_claimed_on"),
        Row(
            "fulfilled", _("单位说办好"), _("这几天单位说办好的，居民点没点头都算"), "fulfilled_at"
        ),
        Row("confirmed", _("居民点头"), _("这几天居民点头的"), "closed_at"),
        Row("late", _("到期没有办好"), _("约定的日子在这几天、到今天还没有办好的"), "due_on"),
    )
}


@dataclass(frozen=True)
class Days:
    """Some days in a row, both ends included."""

    first: dt.date
    last: dt.date

    def before(self) -> "Days":
        """Return the same days of the week before."""
        return Days(self.first - WEEK, self.last - WEEK)


@dataclass(frozen=True)
class Number:
    """How many, and where they are listed."""

    number: int
    url: str


@dataclass(frozen=True)
class Compared:
    """A line: this week's number, last week's, and what that says."""

    row: Row
    this: Number
    last: Number

    @property
    def words(self) -> Any:
        """Say more or fewer in words; of few cases nothing is said."""
        if max(self.this.number, self.last.number) < ENOUGH:
            return _("件数太少，不作比较")
        change = self.this.number - self.last.number
        if not change:
            return _("一样多")
        said = _("多了 %(n)s 件") if change > 0 else _("少了 %(n)s 件")
        return said % {"n": abs(change)}


@dataclass(frozen=True)
class Sheet:
    """The whole sheet."""

    days: Days
    lines: list[Compared]
    waiting: list[Wish]
    waiting_all: int


def may_compare(standing: Standing) -> bool:
    """Read the sheet: supervisors and a supervision group the district's, a street office its own."""
    return bool(standing.street_id or standing.roles & {"supervisor", "supervision_group"})


def scope_of(standing: Standing) -> WishQuerySet:
    """Return the wishes that somebody's sheet counts."""
    if standing.roles & {"supervisor", "supervision_group"}:
        return watched()
    return watched().of_street(standing.street_id)


def this_week() -> Days:
    """Return the days of this week up to today."""
    today = clock.today()
    return Days(today - dt.timedelta(days=today.weekday()), today)


def sheet_of(standing: Standing) -> Sheet:
    """Return the sheet of whoever looks, as of today."""
    wishes, days = scope_of(standing), this_week()
    open_ones = LISTS["open"].of(wishes)
    longest = open_ones.select_related("community").order_by(*LISTS["open"].order)
    return Sheet(
        days=days,
        lines=[_compared(row, wishes, days) for row in ROWS.values()],
        waiting=list(longest[:LONGEST]),
        waiting_all=open_ones.count(),
    )


def _compared(row: Row, wishes: WishQuerySet, days: Days) -> Compared:
    return Compared(row, _number(row, wishes, days), _number(row, wishes, days.before()))


def _number(row: Row, wishes: WishQuerySet, days: Days) -> Number:
    query = urlencode({"from": days.first.isoformat(), "to": days.last.isoformat()})
    url = f"{reverse('reports:week_list', args=[row.slug])}?{query}"
    return Number(row.of(wishes, days).count(), url)
