"""The working-day clock: weekends, statutory holidays and make-up days (调休) of mainland China.

Days of a year whose holidays are not announced yet count by their weekends only; that is logged
once a year of the calendar, and `calendar_known` lets a page say so.
"""

import datetime as dt
import logging
from bisect import bisect_right
from functools import cache

from chinese_calendar.constants import holidays, workdays

logger = logging.getLogger(__name__)

_KNOWN_YEARS = frozenset(day.year for day in holidays)
_DAYS_OFF = sorted(day for day in holidays if day.weekday() < 5 and day not in workdays)
_MADE_UP = sorted(day for day in workdays if day.weekday() >= 5)
_DAYS_OFF_SET = frozenset(_DAYS_OFF)
_MADE_UP_SET = frozenset(_MADE_UP)


def calendar_known(day: dt.date) -> bool:
    """Say whether the holidays of this day's year are known; otherwise only weekends count."""
    return day.year in _KNOWN_YEARS


@cache
def _say_unknown(year: int) -> None:
    logger.warning("holidays of %s are not known: only weekends count as days off", year)


def is_workday(day: dt.date) -> bool:
    """Say whether offices work on this day.

    Raises:
        TypeError: given a moment, whose day depends on a time zone.
    """
    if isinstance(day, dt.datetime):
        raise TypeError("a working day is asked of a date, not of a moment")
    if not calendar_known(day):
        _say_unknown(day.year)
    if day.weekday() < 5:
        return day not in _DAYS_OFF_SET
    return day in _MADE_UP_SET


def add_workdays(day: dt.date, n: int) -> dt.date:
    """Return the n-th working day after this day, before it when n is negative, the day itself when n is 0."""
    step = dt.timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(a: dt.date, b: dt.date) -> int:
    """Count the working days after `a` up to and with `b`; negative when `b` lies before `a`.

    From today to a due day this is how many working days are left; 0 on the last one.
    """
    for day in (a, b):
        if not calendar_known(day):
            _say_unknown(day.year)
    return _workdays_until(b) - _workdays_until(a)


def _workdays_until(day: dt.date) -> int:
    """Count the working days from the first Monday of the calendar, 1 January of the year 1."""
    weeks, rest = divmod(day.toordinal(), 7)
    weekdays = weeks * 5 + min(rest, 5)
    return weekdays - bisect_right(_DAYS_OFF, day) + bisect_right(_MADE_UP, day)
