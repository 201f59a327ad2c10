"""Chance that falls the same way every time, and the hours at which people in offices do things."""

import datetime as dt
import random

from django.utils import timezone

from notices.workdays import add_workdays

_FORENOON = (dt.time(8, 40), 160)  # opens, minutes
_AFTERNOON = (dt.time(13, 40), 200)
_CLOSES = dt.time(17, 20)


def dice(seed: int) -> random.Random:
    """Return seeded chance: demo data must be the same on every machine."""
    return random.Random(seed)  # noqa: S311


class Hours:
    """Moments within working hours of working days, in the district's time."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def on(self, day: dt.date, *, early: bool = False) -> dt.datetime:
        """Return a moment of this day's working hours; an early one leaves room for more on the same day."""
        opens, minutes = _FORENOON if early or self.rng.random() < 0.5 else _AFTERNOON
        spread = 60 if early else minutes
        start = dt.datetime.combine(day, opens, tzinfo=timezone.get_default_timezone())
        return start + dt.timedelta(
            minutes=self.rng.randrange(spread), seconds=self.rng.randrange(60)
        )

    def after(self, moment: dt.datetime, workdays: int) -> dt.datetime:
        """Return a moment so many working days later; none means within the hour or two, or the next morning."""
        if workdays:
            return self.on(add_workdays(moment.date(), workdays))
        soon = moment + dt.timedelta(minutes=self.rng.randrange(9, 80))
        if soon.time() < _CLOSES:
            return soon
        return self.on(add_workdays(moment.date(), 1), early=True)
