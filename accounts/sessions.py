"""Sessions in the browser: whose, where, since when; they end after a time, when nothing happens, or on demand.

Nothing is written while pages are read, but for the moment a session was last seen, once a minute.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices
from accounts.models import Session, User
from accounts.session_store import DEVICE, IDLE, SessionStore, ends_at
from jiangdong.privacy import digest

A_MINUTE = dt.timedelta(minutes=1)


def describe(request: HttpRequest, *, idle: int) -> None:
    """Note in a fresh session where it is, and after how many idle minutes it ends."""
    request.session[DEVICE] = request.headers.get("User-Agent", "")[:300]
    request.session[IDLE] = idle


def touch(session: SessionBase) -> None:
    """Note that a session was seen just now, unless that was written within the last minute."""
    row = getattr(session, "row", None)
    now = timezone.now()
    if row is None or row.user_id is None or now - row.last_seen_at < A_MINUTE:
        return
    ends = ends_at(row.began_at, now, session.get(IDLE))
    Session.objects.filter(pk=row.pk).update(last_seen_at=now, expire_date=ends)


@dataclass(frozen=True)
class Place:
    """Somewhere a person is signed in. `handle` names the session without giving it away."""

    handle: str
    device: str
    began_at: dt.datetime
    last_seen_at: dt.datetime
    is_this: bool


def places_of(user: User, this: str | None) -> list[Place]:
    """Return where a person is signed in, the session with this key first, then the one last seen."""
    places = [
        Place(
            handle=_handle(session),
            device=devices.named(session.device),
            began_at=session.began_at,
            last_seen_at=session.last_seen_at,
            is_this=session.pk == this,
        )
        for session in _open(user).order_by("-last_seen_at")
    ]
    return sorted(places, key=lambda place: not place.is_this)


def end(*, of: User, handle: str) -> int:
    """End one session of a person and return how many there were with this handle: one, or none any more."""
    keys = [session.pk for session in _open(of) if _handle(session) == handle]
    return Session.objects.filter(pk__in=keys).delete()[0]


def end_all(*, of: User, but: str | None = None) -> int:
    """End all sessions of a person, or all but the one with this key, and return how many there were."""
    sessions = Session.objects.filter(user=of)
    return (sessions.exclude(pk=but) if but else sessions).delete()[0]


def clear_expired() -> None:
    """Drop the sessions whose time is over."""
    SessionStore.clear_expired()


def _open(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=timezone.now())


def _handle(session: Session) -> str:
    return digest(f"session {session.pk}")[:16]
