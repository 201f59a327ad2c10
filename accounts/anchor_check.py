"""Holding the anchors against each other, against their files, and against the trail of today."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from django.conf import settings

from accounts import anchors
from accounts.models import Anchor

Row = tuple[int, str, int, int, str]


@dataclass(frozen=True)
class Disagreement:
    """A place where anchors and trail say different things: a row, or a night."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def verify() -> Iterator[Disagreement]:
    """Yield where anchors and trail no longer agree, the most exact first: a row, then a night."""
    known = list(Anchor.objects.order_by("day"))
    yield from _file_faults({made.day: made for made in known})
    yield from _chain_faults(known)
    yield from _head_faults(known)


def without_file() -> list[dt.date]:
    """Return the days whose file is gone: the database alone speaks for them, and the mail of that night."""
    days = Anchor.objects.order_by("day").values_list("day", flat=True)
    return [day for day in days if not anchors.file_of(day).exists()]


def _chain_faults(known: list[Anchor]) -> Iterator[Disagreement]:
    for made in known:
        if made.digest != anchors.digest_of(made):
            yield Disagreement(_name(made), "changed")
    if known and known[0].previous:
        yield Disagreement(_name(known[0]), "the anchor before it is missing")
    for before, made in pairwise(known):
        if made.previous != before.digest:
            yield Disagreement(_name(made), "does not follow the one before")


def _head_faults(known: list[Anchor]) -> Iterator[Disagreement]:
    """Compare the newest anchor with the events of today; where it fails, look for the first that does."""
    if not known or _holds(known[-1]):
        return
    low, high = 0, len(known) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _holds(known[middle]) else (low, middle)
    after = known[low - 1].last_event if low else 0
    where = f"an event between {after + 1} and {known[low].last_event}"
    yield Disagreement(_name(known[low]), f"the heads of that night are no longer there: {where}")


def _holds(made: Anchor) -> bool:
    return anchors.heads_up_to(made.last_event) == (made.things, made.heads)


def _file_faults(known: dict[dt.date, Anchor]) -> Iterator[Disagreement]:
    for path in sorted(settings.ANCHORS_FOLDER.glob("*.txt")):
        try:
            fault = _fault_in(path, known)
        except (ValueError, KeyError, TypeError):
            fault = Disagreement(f"anchor {path.stem}", "its file is damaged")
        if fault:
            yield fault


def _fault_in(path: Path, known: dict[dt.date, Anchor]) -> Disagreement | None:
    """Return the first place where a file and the database differ.

    Raises:
        ValueError, KeyError, TypeError: the file is not one that `anchors` wrote.
    """
    with path.open() as file:
        told = json.loads(next(file, ""))
        made = known.get(dt.date.fromisoformat(path.stem))
        with closing(anchors.events_between(told["after"], told["last_event"])) as rows:
            if fault := _first_difference(map(_row, file), rows, path.stem):
                return fault
    if made is None:
        return Disagreement(f"anchor {path.stem}", "removed: only its file is left")
    if {"after": told["after"], **anchors.facts_of(made), "digest": made.digest} != told:
        return Disagreement(_name(made), "is not what its file says")
    return None


def _row(line: str) -> Row:
    pk, kind, thing, n, digest = line.split()
    return int(pk), kind, int(thing), int(n), digest


def _first_difference(told: Iterator[Row], rows: Iterator[Row], day: str) -> Disagreement | None:
    """Walk what was told and what is there side by side; both are in the order of ids."""
    while True:
        then, now = next(told, None), next(rows, None)
        if then is None and now is None:
            return None
        if now is None or (then is not None and then[0] < now[0]):
            return Disagreement(_event(then), f"removed after it was anchored on {day}")
        if then is None or now[0] < then[0]:
            return Disagreement(_event(now), f"slipped in below the anchor of {day}")
        if then != now:
            return Disagreement(_event(then), f"changed after it was anchored on {day}")


def _event(row: Row) -> str:
    return f"{row[1]}:{row[2]} #{row[3]}"


def _name(made: Anchor) -> str:
    return f"anchor {made.day}"
