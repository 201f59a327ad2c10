"""The journal of erasures: which residents were erased, and when. Restoring a backup reads it and erases them again.

A file that is only added to, apart from the database and from its backups: a backup of last week knows nothing of
who was erased since. It holds ids and times, and nothing of anybody.
"""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Erasure:
    """One resident's erasure."""

    resident_id: int
    at: dt.datetime


def note(erasures: Iterable[Erasure]) -> None:
    """Add erasures to the journal; they are on the disk afterwards. Writers at the same time do not mix lines.

    Raises:
        OSError: the journal cannot be written.
    """
    lines = "".join(_line(erasure) for erasure in erasures).encode()
    if not lines:
        return
    path = settings.ERASURE_JOURNAL
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, lines if _ends_with_a_line(path) else b"\n" + lines)
        os.fsync(handle)
    finally:
        os.close(handle)


def noted() -> tuple[list[Erasure], int]:
    """Return what stands in the journal, oldest first, and how many lines a crash cut short."""
    path = settings.ERASURE_JOURNAL
    found, unreadable = [], 0
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            facts = json.loads(line)
            found.append(Erasure(facts["resident"], dt.datetime.fromisoformat(facts["at"])))
        except ValueError:
            unreadable += 1
    return found, unreadable


def _line(erasure: Erasure) -> str:
    at = erasure.at.astimezone(dt.UTC).isoformat()
    return json.dumps({"resident": erasure.resident_id, "at": at}) + "\n"


def _ends_with_a_line(path: Path) -> bool:
    """Tell whether the last line is whole: what follows one that a crash cut short begins a line of its own."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read() in {b"", b"\n"}
