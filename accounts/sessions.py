"""Sessions in the browser: whose, where, since when; they end after a time, when nothing happens, or on demand.

The store is Django's own with a table that knows whose a session is. Nothing is written while pages are
read, but for the moment a session was last seen, once a minute.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_ID
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices
from accounts.models import Session, User
from jiangdong.privacy import digest

BEGAN, DEVICE, IDLE = "_began", "_device", "_idle"
A_MINUTE = dt.timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's store over `accounts.Session`. `row` is what was loaded, for whoever asks when it was last seen."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        self.row = super()._get_session_from_db()
        return self.row

    def create_model_instance(self, data: dict) -> Session:
        now = timezone.now()
        user_id = data.get(USER_ID)
        if user_id is not None:
            data.setdefault(BEGAN, now.isoformat())
        began = dt.datetime.fromisoformat(data[BEGAN]) if BEGAN in data else now
        return Session(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            user_id=user_id,
            device=data.get(DEVICE, ""),
            began_at=began,
            last_seen_at=now,
            expire_date=_ends(began, now, data.get(IDLE)),
        )


def _ends(began: dt.datetime, seen: dt.datetime, idle: int | None) -> dt.datetime:
    """Return when a session ends: so long after it began, or so many minutes after it was last seen."""
    idle = settings.SESSION_IDLE_MINUTES if idle is None else idle
    return min(
        began + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
        seen + dt.timedelta(minutes=idle),
    )


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
    ends = _ends(row.began_at, now, session.get(IDLE))
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


def _open(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=timezone.now())


def _handle(session: Session) -> str:
    return digest(f"session {session.pk}")[:16]
