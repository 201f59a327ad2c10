"""Figures of voices: a number, what it counts, and the address of the list behind it. Read by `reports` too.

The domain's questions 2 and 4 are answered by `most_raised`: by topic, by community, by enterprise, by week.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DateField, QuerySet
from django.db.models.functions import Cast, TruncWeek
from django.urls import reverse
from django.utils.formats import date_format

from jiangdong import clock
from voices.lists import LISTS, watched
from voices.models import Topic
from voices.workflow import Asker

MOST = 12
WEEKS = 12


@dataclass(frozen=True)
class Figure:
    """One number of one named list."""

    slug: str
    number: int

    @property
    def label(self) -> Any:
        return LISTS[self.slug].label

    @property
    def counts(self) -> Any:
        return LISTS[self.slug].counts

    @property
    def url(self) -> str:
        return address_of(list=self.slug)


def address_of(**narrowed: Any) -> str:
    """Return the address of the list that is narrowed in this way."""
    return f"{reverse('voices:all')}?{urlencode(narrowed)}"


def figures(*slugs: str) -> dict[str, Figure]:
    """Count these lists in one pass over the table."""
    counts = {slug: Count("pk", filter=LISTS[slug].of(watched()).query.where) for slug in slugs}
    numbers = watched().aggregate(**counts)
    return {slug: Figure(slug, numbers[slug]) for slug in slugs}


@dataclass(frozen=True)
class Raised:
    """How often something was raised, and how much of it is not settled or came again; with its list."""

    label: str
    number: int
    unsettled: int
    recurring: int
    url: str
    share: float  # of the first, in percent, for a bar


COUNTS = {
    "number": Count("pk"),
    "unsettled": Count("pk", filter=LISTS["unsettled"].of(watched()).query.where),
    "recurring": Count("pk", filter=LISTS["recurring"].of(watched()).query.where),
}


def most_raised(first: dt.date) -> dict[str, list[Raised]]:
    """Return what was raised most since a day: by topic, community, enterprise, week. Seven queries."""
    return {
        "topics": _by_topic(first),
        "communities": _by_community(first),
        "hardships": _hardships(first),
        "enterprises": _by_enterprise(first),
        "weeks": _by_week(),
    }


def _counted(first: dt.date, *columns: str, **narrowed: Any) -> QuerySet:
    voices = watched().filter(noted_on__gte=first, **narrowed).order_by()
    return voices.values(*columns).annotate(**COUNTS)


def _by_topic(first: dt.date) -> list[Raised]:
    """Count a topic's parts with it: the list behind the number does so too."""
    tree = {topic.pk: topic for topic in Topic.objects.all()}
    sums: dict[int, list[int]] = {}
    for row in _counted(first, "topic", topic__isnull=False):
        topic = tree[row["topic"]]
        found = sums.setdefault(topic.parent_id or topic.pk, [0, 0, 0])
        for n, name in enumerate(COUNTS):
            found[n] += row[name]
    found = sorted(sums.items(), key=lambda pair: (-pair[1][0], tree[pair[0]].position))
    return _raised(
        (tree[key].name, numbers, {"topic": key, "since": first}) for key, numbers in found
    )


def _hardships(first: dt.date) -> list[Raised]:
    """Count what enterprises raise, by the narrowest topic."""
    tree = {topic.pk: topic for topic in Topic.objects.all()}
    rows = _counted(first, "topic", topic__isnull=False, asker=Asker.ENTERPRISE)
    return _raised(
        (
            tree[row["topic"]].name,
            _numbers(row),
            {"topic": row["topic"], "asker": Asker.ENTERPRISE.value, "since": first},
        )
        for row in rows.order_by("-number", "topic__position")[:MOST]
    )


def _by_community(first: dt.date) -> list[Raised]:
    columns = ("community__code", "community__name", "community__sort_key")
    rows = _counted(first, *columns, community__isnull=False)
    return _raised(
        (
            row["community__name"],
            _numbers(row),
            {"community": row["community__code"], "since": first},
        )
        for row in rows.order_by("-number", "community__sort_key")[:MOST]
    )


def _by_enterprise(first: dt.date) -> list[Raised]:
    rows = _counted(first, "enterprise").exclude(enterprise="")
    return _raised(
        (row["enterprise"], _numbers(row), {"enterprise": row["enterprise"], "since": first})
        for row in rows.order_by("-number", "enterprise")[:MOST]
    )


def _by_week() -> list[Raised]:
    """Return the last WEEKS weeks in their order, the present one last."""
    this = clock.today() - dt.timedelta(days=clock.today().weekday())
    first = this - dt.timedelta(weeks=WEEKS - 1)
    week = Cast(TruncWeek("noted_on"), DateField())
    rows = watched().filter(noted_on__gte=first).order_by().values(week=week).annotate(**COUNTS)
    found = {row["week"]: _numbers(row) for row in rows}
    mondays = [first + dt.timedelta(weeks=n) for n in range(WEEKS)]
    return _raised(
        (date_format(monday, "n月j日"), found.get(monday, [0, 0, 0]), {"week": monday})
        for monday in mondays
    )


def _numbers(row: dict) -> list[int]:
    return [row[name] for name in COUNTS]


def _raised(rows: Iterable[tuple[str, list[int], dict]]) -> list[Raised]:
    rows = list(rows)
    most = max((numbers[0] for _label, numbers, _list in rows), default=0) or 1
    return [
        Raised(label, *numbers, address_of(**narrowed), share=100 * numbers[0] / most)
        for label, numbers, narrowed in rows
    ]
