"""What comes back: a wish is tied to the earlier one of its kind and community that says much the same."""

import datetime as dt

from jiangdong import clock
from wishes.models import Wish

RECURS = ("recurs", "recurs_first")
LOOKED_BACK_DAYS = 3  # what a missed night or a list that was brought in left untied


def tie(wish: Wish) -> tuple[str, ...]:
    """Tie a wish, in memory, to the latest earlier one that it repeats, and return the names of what changed."""
    earlier = Wish.objects.repeated_by(wish).first() if wish.recurs_id is None else None
    if earlier is None:
        return ()
    wish.recurs, wish.recurs_first_id = earlier, earlier.recurs_first_id or earlier.pk
    return RECURS


def tie_recent() -> int:
    """Tie what was published in the last days and is not tied yet; return how many were. Safe to repeat."""
    since = clock.now() - dt.timedelta(days=LOOKED_BACK_DAYS)
    tied = 0
    for wish in Wish.objects.published().filter(published_at__gte=since, recurs=None).iterator():
        if tie(wish):
            still = Wish.objects.filter(pk=wish.pk, recurs=None)
            tied += still.update(recurs=wish.recurs, recurs_first=wish.recurs_first_id)
    return tied
