"""How long communities wait: the days since publishing of the wishes that nobody has claimed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    Aggregate,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Value,
)
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from jiangdong import clock
from notices.workdays import add_workdays
from pairing.models import Community, Street
from reports.figures import Figure
from wishes.actions.changes import ANSWER_WORKDAYS
from wishes.lists import LISTS, watched

LONGEST = 3


class Median(Aggregate):
    """The middle value, between the two middle ones where their number is even."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass
class Waiting:
    """What waits in one community; days are calendar days."""

    community: Community
    open: Figure
    median: int
    oldest: int
    is_longest: bool = False


@dataclass
class StreetWaiting:
    """A street with those of its communities in which something waits."""

    street: Street
    rows: list[Waiting]


def waiting() -> tuple[list[Waiting], list[Community]]:
    """Return what waits where, in the customary order, and the communities where nothing does. Two queries."""
    found = {row["community"]: row for row in _ages()}
    communities = Community.objects.select_related("street").order_by(
        "street__position", "street__code", "sort_key", "code"
    )
    rows, calm = [], []
    for community in communities:
        if row := found.get(community.pk):
            figure = Figure("open", row["n"], "community", community.pk)
            rows.append(Waiting(community, figure, row["median"].days, row["oldest"].days))
        else:
            calm.append(community)
    _mark_longest(rows)
    return rows, calm


def _ages() -> Iterable[dict]:
    day = TruncDate("published_at")
    today = Value(clock.today(), output_field=DateField())
    age = ExpressionWrapper(today - day, output_field=DurationField())
    return (
        LISTS["open"]
        .of(watched())
        .order_by()
        .annotate(age=age)
        .values("community")
        .annotate(
            n=Count("pk"),
            median=Median(F("age"), output_field=DurationField()),
            oldest=Max("age"),
        )
    )


def _mark_longest(rows: list[Waiting]) -> None:
    """Mark the LONGEST communities that wait past the time for an answer; more where several are level."""
    today = clock.today()
    in_time = (today - add_workdays(today, -ANSWER_WORKDAYS)).days
    late = sorted((row.oldest for row in rows if row.oldest > in_time), reverse=True)[:LONGEST]
    for row in rows:
        row.is_longest = bool(late) and row.oldest >= late[-1]


def by_street(rows: Iterable[Waiting]) -> list[StreetWaiting]:
    """Gather rows under their streets, which come in their customary order already."""
    streets: list[StreetWaiting] = []
    for row in rows:
        if not streets or streets[-1].street.pk != row.community.street_id:
            streets.append(StreetWaiting(row.community.street, []))
        streets[-1].rows.append(row)
    return streets


def by_waiting(rows: Iterable[Waiting]) -> list[Waiting]:
    """Return rows with the longest wait first."""
    return sorted(rows, key=lambda row: (-row.oldest, -row.median, row.community.sort_key))


def oldest_nod(today: dt.date) -> tuple[int, int] | None:
    """Return the id of the wish that has waited longest for the resident's nod, and its days, or None."""
    row = (
        LISTS["nod"].of(watched()).order_by("fulfilled_at", "pk").values_list("pk", "fulfilled_at")
    ).first()
    if row is None:
        return None
    return row[0], (today - localdate(row[1])).days
