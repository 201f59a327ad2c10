"""Writing and proving the event trail.

The caller of `record` holds the thing's row lock, so a chain costs no throughput, and saves the
thing's `TRAIL_FIELDS` in the same transaction. The hash covers a salted digest of the note, not
the note, so that the words may be erased on request and the chain still proves.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import Event, EventNote, Trailed, User
from jiangdong import clock

TRAIL_FIELDS = ("trail_n", "trail_head")


def kind_of(thing: Trailed | type[Trailed]) -> str:
    """Return the name under which a thing's events are kept, such as `wishes.wish`."""
    return thing._meta.label_lower


def record(
    *,
    thing: Trailed,
    move: str,
    from_state: str,
    to_state: str,
    by: User | None = None,
    by_label: str = "",
    note: str = "",
) -> Event:
    """Write one event and move the thing's head on; the caller saves `TRAIL_FIELDS`."""
    event, words = prepare(
        thing=thing,
        move=move,
        from_state=from_state,
        to_state=to_state,
        by_id=by.pk if by else None,
        by_label=by_label,
        note=note,
        at=clock.now(),
    )
    event.save(force_insert=True)
    if words:
        words.event = event
        words.save(force_insert=True)
    return event


def prepare(
    *,
    thing: Trailed,
    move: str,
    from_state: str,
    to_state: str,
    by_id: int | None,
    by_label: str,
    note: str,
    at: dt.datetime,
) -> tuple[Event, EventNote | None]:
    """Make the next event and its note unsaved, and move the thing's head on: for writing many at once."""
    words = EventNote(text=note, salt=secrets.token_hex(16)) if note else None
    event = Event(
        thing_kind=kind_of(thing),
        thing_id=thing.pk,
        n=thing.trail_n + 1,
        at=at,
        move=move,
        from_state=from_state,
        to_state=to_state,
        by_id=by_id,
        by_label=by_label,
        note_digest=_note_digest(words) if words else "",
        previous=thing.trail_head,
    )
    event.hash = hash_of(event)
    thing.trail_n, thing.trail_head = event.n, event.hash
    return event, words


def _note_digest(note: EventNote) -> str:
    return hashlib.sha256(f"{note.salt}{note.text}".encode()).hexdigest()


def hash_of(event: Event) -> str:
    """Return the SHA-256 over every column of an event and the hash of the one before."""
    facts = [
        event.thing_kind,
        event.thing_id,
        event.n,
        event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.move,
        event.from_state,
        event.to_state,
        event.by_id,
        event.by_label,
        event.note_digest,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def events_of(thing: Trailed) -> QuerySet[Event]:
    """Return a thing's events, oldest first, with their notes where these were not erased."""
    return (
        Event.objects.filter(thing_kind=kind_of(thing), thing_id=thing.pk)
        .select_related("note")
        .order_by("n")
    )


def erase_notes(thing: Trailed) -> int:
    """Erase the words of a thing's events and return how many there were; the events stay."""
    notes = EventNote.objects.filter(event__thing_kind=kind_of(thing), event__thing_id=thing.pk)
    return notes.delete()[0]


@dataclass(frozen=True)
class Fault:
    """A place where the trail does not prove: which thing, at which event, and how."""

    thing_kind: str
    thing_id: int
    n: int
    what: str

    def __str__(self) -> str:
        return f"{self.thing_kind}:{self.thing_id} #{self.n}: {self.what}"


def verify() -> Iterator[Fault]:
    """Yield the first fault of every chain that does not prove, kind by kind; memory stays constant."""
    for model in apps.get_models():
        if issubclass(model, Trailed):
            yield from _verify_kind(model)


def _verify_kind(model: type[Trailed]) -> Iterator[Fault]:
    """Walk the things and the events of one kind side by side, both in the order of the thing's id."""
    kind = kind_of(model)
    chains = _chains(kind)
    thing_id, chain = next(chains, (None, []))
    for pk, n, head in (
        model._base_manager.order_by("pk").values_list("pk", "trail_n", "trail_head").iterator()
    ):
        while thing_id is not None and thing_id < pk:
            yield Fault(kind, thing_id, 1, "events of a thing that is gone")
            thing_id, chain = next(chains, (None, []))
        own = chain if thing_id == pk else []
        if what := fault_in(own, n, head):
            yield Fault(kind, pk, *what)
        if thing_id == pk:
            thing_id, chain = next(chains, (None, []))
    while thing_id is not None:
        yield Fault(kind, thing_id, 1, "events of a thing that is gone")
        thing_id, chain = next(chains, (None, []))


def _chains(kind: str) -> Iterator[tuple[int, list[Event]]]:
    events = Event.objects.filter(thing_kind=kind).select_related("note").order_by("thing_id", "n")
    chain: list[Event] = []
    for event in events.iterator(chunk_size=5000):
        if chain and chain[0].thing_id != event.thing_id:
            yield chain[0].thing_id, chain
            chain = []
        chain.append(event)
    if chain:
        yield chain[0].thing_id, chain


def fault_in(chain: list[Event], n: int, head: str) -> tuple[int, str] | None:
    """Return where and how a chain fails against the length and head its thing keeps, or None."""
    previous = ""
    for expected, event in enumerate(chain, start=1):
        if event.n < expected:
            return event.n, "forked: there are two with this number"
        if event.n != expected:
            return expected, "missing"
        if event.previous != previous:
            return event.n, "does not follow the one before"
        if event.hash != hash_of(event):
            return event.n, "changed"
        note = getattr(event, "note", None)
        if note and _note_digest(note) != event.note_digest:
            return event.n, "its note was changed"
        previous = event.hash
    if len(chain) != n or previous != head:
        return min(len(chain), n) + 1, "the chain's end was cut off or added to"
    return None
