"""A real browser for each person, watched while it is used: nothing is blocked, breaks or leaves the host.

The portal is served by threads that live in real time, so the tests do too; no test counts on which day it is.
"""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from accounts.models import User
from tests.cast import signed_in

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 10_000  # milliseconds; a machine that tests on both cores is slow

expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def _clock() -> None:
    """Let the clock run, in place of the one that stands still."""


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    """Return where windows find the portal."""
    return live_server.url


class Watch:
    """Collects what no page may do: log an error, break or loosen its policy, miss a file, ask another host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Keep an eye on a window and return it."""
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"broken: {error.error}"))
        return context

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:")):
            self.faults.append(f"left the host: {request.url}")

    def _on_response(self, response: Response) -> None:
        page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not page):
            self.faults.append(f"{response.status}: {response.url}")
        policy = response.headers.get("content-security-policy", "")
        if response.request.resource_type == "document" and not (
            "default-src 'self'" in policy and "unsafe" not in policy
        ):
            self.faults.append(f"policy {policy!r}: {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        # Refusals are answers with a status of 4xx, which Chromium notes as failed loads.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"{message.page.url if message.page else ''}: {message.text}")


@pytest.fixture
def watch(base_url) -> Iterator[Watch]:
    """Watch every window of a test; a test that breaks something on purpose clears `faults`."""
    watch = Watch(base_url)
    yield watch
    assert watch.faults == []


@pytest.fixture
def window(new_context, watch) -> Callable[..., Page]:
    """Open a window of its own for a person: `window(cast.worker)`, `window(None, java_script_enabled=False)`."""

    def open_window(user: User | None = None, *, elder: bool = False, **options) -> Page:
        options = {**PHONE, "locale": "zh-CN", **options}
        context = watch.over(new_context(**options))
        context.set_default_timeout(PATIENCE)
        cookies = {"elder": "1"} if elder else {}
        if user:
            name = django_settings.SESSION_COOKIE_NAME
            cookies[name] = signed_in(user).cookies[name].value
        context.add_cookies(
            [{"name": name, "value": value, "url": watch.host} for name, value in cookies.items()]
        )
        return context.new_page()

    return open_window
