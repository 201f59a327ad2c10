"""Figures: a named list, its number, and the address of the list behind it. Counted many at a time.

A figure and the list its link opens cut the same queryset (`wishes.lists`), so they cannot disagree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncWeek
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wishes.lists import LISTS, watched

# How the list page names what narrows a list, by the column that a figure was grouped by.
NARROWED_BY = {
    "community": "community__id__exact",
    "agency": "agency__id__exact",
    "campaign": "campaign__id__exact",
    "how": "how__exact",
    "week": "week",
}


@dataclass(frozen=True)
class Figure:
    """One number of one named list, perhaps narrowed to a community, an agency, a week."""

    slug: str
    number: int
    by: str = ""
    value: Any = ""
    unit: Any = _("件")

    @property
    def label(self) -> Any:
        return LISTS[self.slug].label

    @property
    def counts(self) -> Any:
        return LISTS[self.slug].counts

    @property
    def url(self) -> str:
        """Return the address of the list that this number counts."""
        query = {"list": self.slug}
        if self.by:
            query[NARROWED_BY[self.by]] = str(self.value)
        return f"{reverse('admin:wishes_wish_changelist')}?{urlencode(query)}"


class Counted:
    """Lists counted once for each agency, way of nodding and campaign, in one pass; a figure is a sum of that."""

    COLUMNS = ("agency", "how", "campaign")

    def __init__(self, *slugs: str) -> None:
        values = {f"by_{column}": F(column) for column in self.COLUMNS}  # "campaign" is also a list
        self.rows = list(watched().order_by().values(**values).annotate(**_counts(slugs)))

    def figures(self, *slugs: str) -> dict[str, Figure]:
        """Return how many there are on these lists."""
        return {slug: Figure(slug, sum(row[slug] for row in self.rows)) for slug in slugs}

    def by(self, column: str, *slugs: str) -> dict[Any, dict[str, Figure]]:
        """Return how many for each value of one of COLUMNS; a value that no list knows is not there."""
        sums: dict[Any, dict[str, int]] = defaultdict(lambda: dict.fromkeys(slugs, 0))
        for row in self.rows:
            for slug in slugs:
                sums[row[f"by_{column}"]][slug] += row[slug]
        return {
            value: {slug: Figure(slug, number, column, value) for slug, number in numbers.items()}
            for value, numbers in sums.items()
            if any(numbers.values())
        }


def figures_by(column: str, *slugs: str) -> dict[Any, dict[str, Figure]]:
    """Count these lists for each value of a column, in one pass; a value that no list knows is not there."""
    rows = watched().order_by().values(value=F(column)).annotate(**_counts(slugs))
    return {
        row["value"]: {slug: Figure(slug, row[slug], column, row["value"]) for slug in slugs}
        for row in rows
        if any(row[slug] for slug in slugs)
    }


def _counts(slugs: Iterable[str]) -> dict[str, Count]:
    """Return a count a list, each with the list's own conditions: one pass instead of one a list.

    Lists ask columns of the wish alone, so the conditions of one queryset are good in another.
    """
    return {slug: Count("pk", filter=LISTS[slug].of(watched()).query.where) for slug in slugs}


def figures_by_week(since: dt.date, *slugs: str) -> dict[dt.date, dict[str, Figure]]:
    """Count these lists for each week from a Monday on, each by its own day, in one query."""
    rows = _together(_by_week(slug, since) for slug in slugs)
    return _tabled(rows, "week", slugs)


def _by_week(slug: str, since: dt.date) -> QuerySet:
    each = LISTS[slug]
    wishes = each.since(each.of(watched()), since)
    monday = TruncWeek(each.day_field)
    return (
        wishes.order_by()
        .values(list=Value(slug), by=Cast(monday, DateField()))
        .annotate(n=Count("pk"))
    )


def _together(queries: Iterable[QuerySet]) -> QuerySet:
    first, *others = queries
    return first.union(*others, all=True) if others else first


def _tabled(rows: Iterable[dict], by: str, slugs: tuple[str, ...]) -> dict[Any, dict[str, Figure]]:
    numbers: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in rows:
        numbers[row["by"]][row["list"]] = row["n"]
    return {
        value: {slug: Figure(slug, found.get(slug, 0), by, value) for slug in slugs}
        for value, found in numbers.items()
    }
