"""The quiet hours: between 20:00 and 8:00 nothing leaves the portal by mail and no reminder is made."""

import datetime as dt

from django.utils import timezone

OPENS = dt.time(8)
CLOSES = dt.time(20)


def is_quiet(moment: dt.datetime) -> bool:
    """Say whether this moment lies in the quiet hours of the district's own time zone."""
    return not OPENS <= timezone.localtime(moment).time() < CLOSES


def after_quiet(moment: dt.datetime) -> dt.datetime:
    """Return the moment itself, or the next 8:00 when it lies in the quiet hours."""
    if not is_quiet(moment):
        return moment
    local = timezone.localtime(moment)
    day = local.date() + dt.timedelta(days=local.time() >= CLOSES)
    return dt.datetime.combine(day, OPENS, tzinfo=local.tzinfo)
