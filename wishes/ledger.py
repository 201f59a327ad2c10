"""The month's ledger (台账): each wish of a desk with which something happened in a month, from its columns alone."""

import datetime as dt
import re

from django.db.models import Q
from django.utils.timezone import make_aware

from jiangdong import clock
from pairing.standing import Standing
from wishes.models import Wish
from wishes.querysets import WishQuerySet

# What may happen to a wish, as its columns keep it.
STEPS = ("published_at", "claimed_at", "fulfilled_at", "closed_at", "left_at")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def may_keep_ledger(standing: Standing) -> bool:
    """Read the ledger of what one answers for: a community's, a street's, an agency's."""
    is_of_agency = standing.is_liaison and standing.agency_id is not None
    return bool(standing.community_id or standing.street_id or is_of_agency)


def month_of(asked: str | None) -> dt.date:
    """Return the first day of the month that is asked for as 2026-03; of this one where it is none, or yet to come."""
    this = clock.today().replace(day=1)
    found = MONTH.fullmatch(asked or "")
    asked_for = dt.date(int(found[1]), int(found[2]), 1) if found else this
    return min(asked_for, this)


def month_after(month: dt.date) -> dt.date:
    """Return the first day of the month after."""
    return (month + dt.timedelta(days=31)).replace(day=1)


def month_before(month: dt.date) -> dt.date:
    """Return the first day of the month before."""
    return (month - dt.timedelta(days=1)).replace(day=1)


def ledger_of(standing: Standing, month: dt.date) -> WishQuerySet:
    """Return a desk's wishes that were published, claimed, done, nodded to or left in a month.

    What was never published is not in it: its text was never looked over.
    """
    first, last = (
        make_aware(dt.datetime.combine(day, dt.time.min)) for day in (month, month_after(month))
    )
    happened = Q()
    for step in STEPS:
        happened |= Q(**{f"{step}__gte": first, f"{step}__lt": last})
    wishes = Wish.objects.of_desk(standing).filter(happened, published_at__isnull=False)
    return wishes.select_related("community__street", "agency").order_by(
        "community__code", "serial"
    )
