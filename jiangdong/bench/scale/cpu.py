"""Processor time of a process and of the database's backends that serve this database, in seconds."""

from collections.abc import Callable

import psutil
from django.db import connection

_used: dict[int, float] = {}  # by process id: what a backend has used counts on after its end


def backends() -> float:
    """Return what the backends of this database have used so far; 0 where the server is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        pids = [pid for (pid,) in cursor.fetchall()]
    for pid in pids:
        _used[pid] = max(_used_by(pid), _used.get(pid, 0.0))
    return sum(_used.values())


def _used_by(pid: int) -> float:
    try:
        process = psutil.Process(pid)
        if not process.name().startswith("postgres"):
            return 0.0
        used = process.cpu_times()
    except psutil.Error:
        return 0.0
    return used.user + used.system


def spent(act: Callable[[], object], own: Callable[[], float]) -> float:
    """Return what an act costs: `own` reads the processor time of whoever does it, the backends' is added."""
    before = own() + backends()
    act()
    return own() + backends() - before


def mine() -> float:
    """Return the processor time of this process."""
    used = psutil.Process().cpu_times()
    return used.user + used.system
