"""Killing programs of a running portal, and measuring how long it takes until they work again."""

import itertools
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil
from celery import current_app
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from jiangdong.faults.district import District
from jiangdong.faults.load import Load
from jiangdong.faults.portal import Portal
from jiangdong.stack.children import StackError

VICTIMS = ("web worker", "web", "worker", "beat", "broker", "database")
ALL = "all at once"
DUE_EACH = 12  # wishes that fall due for somebody new before each blow
BACK_WITHIN = 60  # seconds
LOAD_BEFORE, LOAD_AFTER = 1.5, 3  # seconds of load around each blow
# Long enough for the worker to have begun the sweep, short enough for it not to be done.
INTO_THE_SWEEP = 0.03  # seconds


@dataclass(frozen=True)
class Blow:
    """One killing: when, seconds until the victim worked again (None: it did not), requests failed meanwhile."""

    victim: str
    at: float
    back: float | None
    failed: int
    silence: float


def strike(portal: Portal, district: District, load: Load, victim: str) -> Blow:
    """Kill -9 a victim while a sweep and the load run, and wait until it works again.

    Raises:
        StackError: the whole portal ended.
    """
    connection.close()
    district.add_due(DUE_EACH)
    if victim in {"database", ALL}:
        threading.Thread(target=_ask_for_long, daemon=True).start()
    time.sleep(LOAD_BEFORE)
    sweep()
    time.sleep(INTO_THE_SWEEP)
    names = VICTIMS if victim == ALL else (victim,)
    before = portal.programs()
    doomed = portal.family() if victim == ALL else [before[victim]]
    at = time.monotonic()
    for process in doomed:
        with suppress(psutil.NoSuchProcess):  # it ended with its parent, a moment ago
            process.kill()
    back = _until_back(portal, names, {process.pid for process in doomed}, at)
    if not portal.lives():
        raise StackError(f"the portal gave up after this was killed: {victim}")
    time.sleep(LOAD_AFTER)
    failed = sum(1 for moment in load.failed_at if moment >= at)
    return Blow(victim, at, back, failed, _silence(load, at))


def _ask_for_long() -> None:
    """Keep one process of the database at work: it notices late that the server was killed."""
    many = "generate_series(1, 100000)"
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {many} AS a, {many} AS b, {many} AS c")  # noqa: S608 - our own words
    connection.close()


def sweep() -> bool:
    """Ask the worker to look for what has fallen due, and say whether the broker took it."""
    try:
        current_app.send_task("notices.tasks.sweep_reminders")
    except (OperationalError, RedisError):
        return False
    return True


def _until_back(portal: Portal, names: tuple[str, ...], dead: set[int], at: float) -> float | None:
    while time.monotonic() < at + BACK_WITHIN and portal.lives():
        programs = portal.programs()
        born = all(name in programs and programs[name].pid not in dead for name in names)
        if born and all(_works(portal, name) for name in names):
            return time.monotonic() - at
        time.sleep(0.05)
    return None


def _works(portal: Portal, name: str) -> bool:
    """Say whether what this program is for is done again."""
    if name == "beat":
        return True
    asks: Callable[[], bool] = _pong if name in {"worker", "broker"} else portal.is_ready
    return asks()


def _pong() -> bool:
    """Say whether a worker answers by way of the broker."""
    try:
        return bool(current_app.control.ping(timeout=1, limit=1))
    except (OperationalError, RedisError, OSError):
        return False


def _silence(load: Load, at: float) -> float:
    """Return the longest time without a success from just before the blow until now."""
    moments = sorted(answer.at for answer in load.answers if answer.is_success)
    around = [
        max((moment for moment in moments if moment <= at), default=at),
        *(moment for moment in moments if moment > at),
        time.monotonic(),
    ]
    return max(later - earlier for earlier, later in itertools.pairwise(around))
