"""Nobody claims it: where an open wish stands on the way from the paired agency to the district.

The clock leads it on: the days of first offer, then the days after which the reminders to street and supervisors
come, as supervisors set them. The rule itself is one expression, `WishQuerySet.with_stage`.
"""

import datetime as dt

from jiangdong import clock
from notices.reminders import in_force, last_reached
from wishes.models import Wish

STREET, DISTRICT = "wish-unclaimed-street", "wish-unclaimed-supervisor"


def reached() -> dict[str, dt.date | None]:
    """Return what `with_stage` needs today: one query over the reminders in force."""
    today = clock.today()
    told = {
        each.reminder.slug: last_reached(today, min(each.offsets))
        for each in in_force(STREET, DISTRICT)
        if each.enabled
    }
    return {"on": today, "street": told.get(STREET), "district": told.get(DISTRICT)}


def stage_of(wish: Wish) -> str | None:
    """Return where one wish stands today, or None."""
    found = Wish.objects.filter(pk=wish.pk).with_stage(**reached())
    return found.values_list("stage", flat=True).first()
