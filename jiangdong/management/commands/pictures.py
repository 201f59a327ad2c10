"""`manage.py pictures`: photograph the portal's pages as people see them, for README and for looking through."""

import threading
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import (
    ThreadedWSGIServer,
    WSGIRequestHandler,
    get_internal_wsgi_application,
)
from django.test import Client

from accounts.models import User
from wishes.models import Wish

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSER_BY = "passer-by"
PHONE, DESK = 390, 1280
HEIGHTS = {PHONE: 844, DESK: 860}
LOOKS = ("light", "dark", "elder")
IN_README = {"board": ("cadre", "/wishes/", PHONE), "dashboard": ("supervisor", "/admin/", DESK)}
PAGES = (
    (PASSER_BY, "/"),
    (PASSER_BY, "/pairing/"),
    (PASSER_BY, "/accounts/login/"),
    (PASSER_BY, "/feedback/"),
    (PASSER_BY, "/no-such-page/"),
    ("cadre", "/wishes/"),
    ("cadre", "/wishes/mine/"),
    ("cadre", "/wishes/{claimed}/"),
    ("cadre", "/me/"),
    ("cadre", "/inbox/"),
    ("worker", "/wishes/desk/"),
    ("worker", "/wishes/calls/"),
    ("worker", "/wishes/log/"),
    ("worker", "/wishes/{draft}/preview/"),
    ("worker", "/wishes/{fulfilled}/"),
    ("worker", "/wishes/{fulfilled}/slip/"),
    ("warden", "/wishes/desk/"),
    ("liaison", "/wishes/desk/"),
    ("street", "/wishes/desk/"),
    ("member", "/wishes/"),
    ("supervisor", "/admin/"),
    ("supervisor", "/admin/wishes/wish/"),
    ("admin", "/admin/"),
)


class QuietHandler(WSGIRequestHandler):
    """Serves without a line a request."""

    def log_message(self, *args) -> None:
        pass


class Command(BaseCommand):
    help = "Photograph the pages of the demo district with headless Chromium."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--readme", action="store_true", help="only the two of README")
        parser.add_argument("--into", default="pictures", help="the folder for all pages")

    def handle(self, *, readme: bool, into: str, **options) -> None:
        if not User.objects.filter(username="worker").exists():
            raise CommandError("there is no demo district to photograph: run seed_demo first")
        codes = _some_codes()
        people = {user for user, _path in PAGES} | {
            user for user, _path, _width in IN_README.values()
        }
        # Before the browser starts: its event loop in this thread keeps Django from asking the database.
        cookies = {user: _signed_in(user) for user in people - {PASSER_BY}}
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        server.set_app(get_internal_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with Photographer(f"http://127.0.0.1:{server.server_port}", cookies) as photographer:
                for name, (user, path, width) in IN_README.items():
                    photographer.take(
                        user,
                        path,
                        width,
                        "light",
                        Path("docs/pictures") / f"{name}.png",
                        whole=False,
                    )
                if not readme:
                    self._take_all(photographer, Path(into), codes)
        finally:
            server.shutdown()

    def _take_all(self, photographer: "Photographer", into: Path, codes: dict[str, str]) -> None:
        for user, path in PAGES:
            for width in (PHONE, DESK):
                for look in LOOKS:
                    name = f"{user}{path.format(**codes)}".replace("/", "_").strip("_")
                    photographer.take(
                        user, path.format(**codes), width, look, into / f"{name}_{width}_{look}.png"
                    )
            self.stdout.write(f"{user} {path}")


def _some_codes() -> dict[str, str]:
    """Return a wish of the worker's community in each state that a page is about."""
    wishes = Wish.objects.live().filter(community__code="QT").order_by("-logged_at")
    return {
        state: getattr(wishes.filter(state=state).first(), "code", "none")
        for state in ("draft", "claimed", "fulfilled")
    }


class Photographer:
    """Chromium with a window a person, width and look."""

    def __init__(self, address: str, cookies: dict[str, dict[str, str]]) -> None:
        self.address = address
        self.cookies = cookies
        self.pages: dict[tuple, object] = {}

    def __enter__(self) -> "Photographer":
        # A package of the tests' extra: nobody else needs this command.
        from playwright.sync_api import sync_playwright

        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
            ],
        )
        return self

    def __exit__(self, *exc) -> None:
        self.browser.close()
        self.playwright.stop()

    def take(
        self, user: str, path: str, width: int, look: str, file: Path, *, whole: bool = True
    ) -> None:
        """Photograph one page, whole or as far as the window shows it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        page = self._page(user, width, look)
        page.goto(self.address + path)
        page.screenshot(path=file, full_page=whole)

    def _page(self, user: str, width: int, look: str):
        if (user, width, look) not in self.pages:
            context = self.browser.new_context(
                viewport={"width": width, "height": HEIGHTS[width]},
                color_scheme="dark" if look == "dark" else "light",
            )
            if look == "elder":
                context.add_cookies([{"name": "elder", "value": "1", "url": self.address}])
            if user != PASSER_BY:
                context.add_cookies([{**self.cookies[user], "url": self.address}])
            self.pages[user, width, look] = context.new_page()
        return self.pages[user, width, look]


def _signed_in(username: str) -> dict[str, str]:
    """Return the session cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend=MODEL_BACKEND)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }
