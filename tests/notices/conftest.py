"""People who get notices, a moment at which offices work, and a reminder to try things on."""

import socket
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest

from accounts.models import DistrictRole, User
from jiangdong import clock
from notices import reminders
from tests.notices.moments import MONDAY, moment
from tests.notices.receiver import listening
from tests.notices.robots import point_at
from tests.notices.things import ThingsDue


@pytest.fixture
def working_hours():
    """Hold the clock at ten on a Monday morning."""
    with clock.at(moment(f"{MONDAY} 10:00")):
        yield


@pytest.fixture
def person(db) -> Callable[..., User]:
    """Make a person with an address; `email=""` makes one without."""

    def make(name: str = "ling", **facts) -> User:
        return User.objects.create_user(
            **{"username": name, "name": f"凌{name}", "email": f"{name}@example.com", **facts}
        )

    return make


@pytest.fixture
def supervisor(person) -> User:
    user = person("supervisor")
    DistrictRole.objects.create(user=user, role="supervisor")
    return user


@pytest.fixture
def things_due() -> Iterator[ThingsDue]:
    """Register one reminder, and no other, for this test."""
    reminder = ThingsDue()
    with patch.dict(reminders.REGISTRY, clear=True):
        reminders.register(reminder)
        yield reminder


@pytest.fixture
def receiver(monkeypatch):
    """Serve on this machine, and point every kind of robot there."""
    with listening() as found:
        point_at(monkeypatch, found.base)
        yield found


@pytest.fixture
def dead(monkeypatch):
    """Point at a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        point_at(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}")
        yield
