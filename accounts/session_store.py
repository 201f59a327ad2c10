"""Where sessions are kept: Django's own store, with a table that knows whose a session is.

It names the table's model and does not import it: the model names this store in turn.
"""

import datetime as dt
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER_ID
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

BEGAN, DEVICE, IDLE = "_began", "_device", "_idle"


class SessionStore(DatabaseStore):
    """Django's store over `accounts.Session`. `row` is what was loaded, for whoever asks when it was last seen."""

    row: Any = None

    @classmethod
    def get_model_class(cls) -> type:
        return apps.get_model("accounts", "Session")

    def _get_session_from_db(self) -> Any:
        self.row = super()._get_session_from_db()
        return self.row

    def create_model_instance(self, data: dict) -> Any:
        now = timezone.now()
        user_id = data.get(USER_ID)
        if user_id is not None:
            data.setdefault(BEGAN, now.isoformat())
        began = dt.datetime.fromisoformat(data[BEGAN]) if BEGAN in data else now
        return self.model(
            session_key=self._get_or_create_session_key(),
            session_data=self.encode(data),
            user_id=user_id,
            device=data.get(DEVICE, ""),
            began_at=began,
            last_seen_at=now,
            expire_date=ends_at(began, now, data.get(IDLE)),
        )


def ends_at(began: dt.datetime, seen: dt.datetime, idle: int | None) -> dt.datetime:
    """Return when a session ends: so long after it began, or so many minutes after it was last seen."""
    idle = settings.SESSION_IDLE_MINUTES if idle is None else idle
    return min(
        began + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
        seen + dt.timedelta(minutes=idle),
    )
