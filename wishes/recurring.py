"""What comes back most: of one community and kind, in much the same words, counted."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max

from jiangdong import clock
from pairing.standing import Standing
from wishes.models import Wish

DAYS = 365
MOST = 50


@dataclass(frozen=True)
class Recurring:
    """Wishes that repeat each other: how many there were within a year, and the last of them."""

    count: int
    last: Wish


def most_recurring(standing: Standing) -> list[Recurring]:
    """Return what came back most within a year, the most often first: of one's street, or of the district."""
    since = clock.now() - dt.timedelta(days=DAYS)
    wishes = (
        Wish.objects.published()
        .not_withdrawn()
        .filter(published_at__gte=since, recurs_first__isnull=False)
    )
    if standing.street_id:
        wishes = wishes.of_street(standing.street_id)
    groups = (
        wishes.order_by()
        .values("recurs_first")
        .annotate(repeats=Count("pk"), last=Max("pk"))
        .order_by("-repeats", "-last")[:MOST]
    )
    found = [(group["repeats"], group["last"]) for group in groups]
    rows = Wish.objects.select_related("community", "topic").in_bulk([last for _n, last in found])
    return [Recurring(repeats + 1, rows[last]) for repeats, last in found]


def earlier_ones(wish: Wish, standing: Standing) -> list[Wish]:
    """Return the earlier wishes that this one repeats and the person may open, the latest first."""
    if wish.recurs_first_id is None:
        return []
    chain = Wish.objects.repeating(wish.recurs_first).visible_to(standing)
    return list(chain.filter(logged_at__lt=wish.logged_at).order_by("-logged_at", "-pk")[:MOST])
