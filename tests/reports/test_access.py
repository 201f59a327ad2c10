"""The admin in a browser: nothing is blocked or breaks, nothing overflows, and screen readers find their way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.cast import signed_in

PAGES = {
    "supervisor": (
        "/admin/",
        "/admin/?order=waiting",
        "/admin/wishes/wish/?list=claimed",
        "/admin/wishes/wish/{wish}/change/",
        "/admin/wishes/wish/{wish}/assign/",
        "/admin/wishes/wish/{wish}/resident/",
        "/admin/reports/explained/",
        "/admin/pairing/pairing/",
        "/admin/pairing/pairing/add/",
        "/admin/notices/remindersetting/",
        "/admin/accounts/portalfeedback/",
    ),
    "admin": (
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        "/admin/accounts/user/{person}/change/",
        "/admin/accounts/districtrole/add/",
        "/admin/pairing/cadre/add/",
        "/admin/pairing/agency/",
    ),
}


@pytest.fixture(autouse=True)
def _clock() -> None:
    """Let the clock run: the portal is served by threads that live in real time."""


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    """Return where windows find the portal."""
    return live_server.url


@pytest.fixture
def window(live_server, new_context):
    """Open a window for a person, of this width, and collect what goes wrong in it."""

    def open_window(user, width: int = 1280, scheme: str = "light", scripts: bool = True):
        context = new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="zh-CN",
        )
        name = settings.SESSION_COOKIE_NAME
        value = signed_in(user).cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on(
            "console", lambda said: page.faults.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                page.faults.append(asked.url)
                if not asked.url.startswith((live_server.url, "data:"))
                else None
            ),
        )
        return page

    return open_window


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("who", PAGES)
def test_pages_of_the_admin_are_within_reach_of_everybody(
    cast, wish_in, live_server, window, who, width, scheme
):
    wish = wish_in("claimed")
    for _ in range(10):
        wish_in("closed")
    page = window(getattr(cast, who), width, scheme)
    for path in PAGES[who]:
        path = path.format(wish=wish.pk, person=cast.cadre.pk)
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"][:120])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
    assert page.faults == []


def test_a_supervisor_hands_a_wish_over_with_the_keyboard_alone(cast, wish_in, live_server, window):
    wish = wish_in("open")
    page = window(cast.supervisor)
    page.goto(f"{live_server.url}/admin/wishes/wish/{wish.pk}/assign/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("孙示例")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="孙示例").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("已交给区委办公室的孙示例办。").wait_for()
    wish.refresh_from_db()
    assert wish.handler == cast.cadre2
    assert page.faults == []


def test_the_wall_is_read_without_scripts(cast, wish_in, live_server, window):
    wish_in("open")
    page = window(cast.supervisor, scripts=False)
    page.goto(f"{live_server.url}/admin/")
    assert page.get_by_role("heading", name="今天要看的").last.is_visible()
    assert page.get_by_role("link", name="心愿").first.is_visible()


def test_icons_are_not_read_out_beside_their_words(cast, wish_in, live_server, window):
    page = window(cast.supervisor)
    page.goto(f"{live_server.url}/admin/")
    assert page.get_by_role("link", name="心愿", exact=True).is_visible()
