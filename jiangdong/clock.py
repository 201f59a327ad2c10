"""The one clock: everything that writes or compares a time reads it here, so that tests and seeding can set it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)


def now() -> dt.datetime:
    """Return the present moment, aware."""
    return _frozen.get() or timezone.now()


def today() -> dt.date:
    """Return the present day in the district's own time zone."""
    return now().astimezone(timezone.get_default_timezone()).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at an aware moment: for tests, and for seeding a past."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
