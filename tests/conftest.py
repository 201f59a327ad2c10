"""What holds for every test: real PostgreSQL, no outside world, and silent faults made loud."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from whitenoise.middleware import WhiteNoiseMiddleware
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.cast"]

# Playwright keeps an event loop running in the thread of the test, where Django refuses queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = {
    "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
    "args": [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        # Chromium's own sandbox refuses root.
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ],
}


# What these load they load once a file, and so all their tests go to one worker.
LOADED_ONCE = ("tests/demo/test_seed.py", "tests/reports/test_wall.py")


class UnknownVariable(str):
    """Stands in for a template variable that does not exist: in our templates, the test fails."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"  # how Django asks whether the variable's name is wanted

    def __mod__(self, variable: object) -> str:
        origin = _template_being_rendered()
        if origin and Path(origin).is_relative_to(settings.BASE_DIR / "templates"):
            pytest.fail(f"{origin}: unknown template variable {variable}", pytrace=False)
        return ""


def _template_being_rendered() -> str | None:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name.startswith("render"):
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None:
                return origin.name
        frame = frame.f_back
    return None


def pytest_configure(config: pytest.Config) -> None:
    """Turn the settings into those of a test run, before anything has used them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # or WhiteNoise warns
    settings.CELERY_BROKER_URL = "memory://"  # handed over, and never run inline
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("unknown")
    # One of Valkey's sixteen databases for each process, or one would clear the other's throttles.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    for store in settings.CACHES.values():
        store["LOCATION"] = f"{settings.REDIS_URL.rpartition('/')[0]}/{1 + int(worker) % 15}"


class Scheduling(LoadScopeScheduling):
    """Hand out test by test, but whole the files that load much. (Marks of groups are lost with pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in LOADED_ONCE else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> LoadScopeScheduling:
    """Say which worker gets which tests."""
    return Scheduling(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the collector of garbage what stays to the end: to look through it all again is a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once() -> Iterator[None]:
    """List the static files once: each new client would again, as each web process does when it starts."""
    listed = WhiteNoiseMiddleware().files
    with mock.patch.object(
        WhiteNoiseMiddleware, "add_files_from_finders", lambda self: self.files.update(listed)
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Let the test database be emptied: transactional tests truncate, which the trail refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE %s",
            ["pgtrigger_no_truncate%"],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(autouse=True)
def _clean_slate(settings, tmp_path: Path):
    """Give every test an empty cache, and places of its own for photos, exports, anchors and the erasures."""
    settings.MEDIA_ROOT = tmp_path / "photos"
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    settings.ERASURE_JOURNAL = tmp_path / "journal" / "erasures.log"
    settings.ANCHORS_FOLDER = tmp_path / "anchors"
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Launch the system's Chromium, and let it call nobody."""
    return {**browser_type_launch_args, **CHROMIUM}
