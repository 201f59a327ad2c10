"""Large type to the numbers of the 2021 rules (18 points, targets of 60 px, lines apart), and pages that read aloud.

Looked at is every page that somebody without an account may open. They are those that `tests/attack/routes.txt`
opens to a passer-by, which is held to the resolver: a new one fails here until it is listed.
"""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.attack.test_routes import TABLE
from tests.browser.sights import season
from tests.browser.test_access import grave_faults, told
from tests.cast import fresh
from tests.voices import doors as voice_doors
from tests.wishes.test_monthly import set_one
from voices import actions as voices
from voices.actions import sessions
from voices.models import Leader

WINDOWS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 860}}
# What is not a page; the questions are a piece of their session's.
NO_PAGES = {
    "/api/v1/docs/", "/api/v1/schema/", "/health/live", "/health/ready", "/manifest.webmanifest", "/metrics",
    "/robots.txt", "/voices/sessions/<pk>/questions/", "/sw.js",
}  # fmt: skip
# Every page of everybody's and of residents, with the addresses at which it shows what it can show.
PAGES = {
    "/": ["/", "/?q=没有这样的词"],
    "/accounts/elsewhere/cancelled/": ["/accounts/elsewhere/cancelled/"],
    "/accounts/inactive/": ["/accounts/inactive/"],
    "/accounts/login/": ["/accounts/login/"],
    "/accounts/password/reset/": ["/accounts/password/reset/"],
    "/accounts/password/reset/done/": ["/accounts/password/reset/done/"],
    "/accounts/password/reset/key/<uidb36>-<key>/": ["/accounts/password/reset/key/1-made-up/"],
    "/accounts/password/reset/key/done/": ["/accounts/password/reset/key/done/"],
    "/feedback/": ["/feedback/"],
    "/pairing/": ["/pairing/", "/pairing/?q=没有这样的社区"],
    "/pairing/agencies/<code>/": ["/pairing/agencies/JY/"],
    "/pairing/communities/<code>/": ["/pairing/communities/QT/", "/pairing/communities/HL/"],
    "/r/": ["/r/"],
    "/r/<token>/": [
        *[f"/r/{{{state}_link}}/" for state in ("draft", "open", "claimed", "fulfilled", "closed")],
        *[f"/r/{{{state}_link}}/" for state in ("withdrawn", "expired")],
        "/r/{fulfilled_link}/?ask=yes",
        "/r/{fulfilled_link}/?ask=no",
    ],
    "/r/voice/<token>/": ["/r/voice/{voice_link}/"],
    "/voices/": ["/voices/", "/voices/?q=没有这样的词"],
    "/voices/<code>/": ["/voices/{voice}/"],
    "/voices/follow/": ["/voices/follow/"],
    "/voices/say/": ["/voices/say/"],
    "/voices/sessions/": ["/voices/sessions/"],
    "/voices/sessions/<pk>/": ["/voices/sessions/{session}/"],
    "/wishes/<code>/": ["/wishes/{open}/", "/wishes/{claimed}/", "/wishes/{closed}/"],
    "/wishes/log/offline/": ["/wishes/log/offline/"],
    "/wishes/monthly/": ["/wishes/monthly/"],
    "/wishes/monthly/<pk>/": ["/wishes/monthly/{topic}/"],
}  # fmt: skip
# Without an account a phone keeps nothing; the form itself is looked at as its worker sees it.
OF_WORKERS = "/wishes/log/offline/"

# Text stands in large type: what is read in the page at 24 px, signs of state and what stands around it at 20 px.
MEASURE = """() => {
  const shown = element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0
    && !element.closest(".sr, .skip, option");
  const short = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 140);
  const speaks = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!shown(element) || !speaks(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const inside = element.closest("main") && !element.closest(".badge, .count");
    if (size < (inside ? 24 : 20)) faults.push(`${size} px: ${short(element)}`);
    const line = parseFloat(style.lineHeight);
    if (inside && line < 1.299 * size) faults.push(`lines at ${line}: ${short(element)}`);
  }
  const pressed = "a, button, summary, select, textarea, input:not([type=hidden])";
  for (const element of document.querySelectorAll(pressed)) {
    if (!shown(element) || element.closest("p:not(.ring p), dd, .skip")) continue; // links in running text
    const target = element.closest("label, .card.opens, .search") || element;
    const {width, height} = target.getBoundingClientRect();
    if (Math.min(width, height) < 59.99) faults.push(`${width} × ${height}: ${short(element)}`);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) faults.push(`${wide} px wider than the window`);
  return faults;
}"""


def everything_to_see(cast, wish_in) -> dict[str, str]:
    """Bring wishes and voices about, and a session with a question, and return what addresses are filled with."""
    voice_doors.topic()
    voice = voice_doors.bring(cast, "settled")
    supervisor, now = fresh(cast.supervisor), timezone.now()
    session = sessions.announce(
        by=supervisor,
        title="停车难",
        about="",
        starts_at=now + dt.timedelta(days=1),
        ends_at=now + dt.timedelta(days=1, hours=1),
        leaders=[Leader(name="杨示例", user=cast.leader)],
    )
    question = sessions.put(session=session, text="医院门口能不能多划几个车位")
    sessions.look_through(question=question, by=supervisor, show=True)
    return {
        **season(cast, wish_in),
        "voice": voice.code,
        "voice_link": voices.link_token(voice),
        "session": str(session.pk),
        "topic": str(set_one(cast).pk),
    }


def opened_to_everybody() -> set[str]:
    """Return the routes that a passer-by opens, as the table of routes says."""
    lines = [line.split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("/")]
    opens = re.compile(r"200 everybody|200[^;]* passer_by")
    routes = {
        what.partition(" ")[0]
        for what, answers in lines
        if " POST" not in what
        and opens.search(answers)
        and not re.match(r"(?!200).*passer_by;", answers)
    }
    return routes - NO_PAGES


def test_every_page_that_is_opened_to_everybody_is_looked_at():
    assert opened_to_everybody() == set(PAGES)


@pytest.mark.parametrize("screen", WINDOWS)
def test_large_type_keeps_to_the_numbers_on_every_public_and_residents_page(
    window, cast, wish_in, screen
):
    codes, faults = everything_to_see(cast, wish_in), {}
    anybody = window(elder=True, viewport=WINDOWS[screen])
    worker = window(cast.worker, elder=True, viewport=WINDOWS[screen])
    worker.goto("/wishes/log/")
    worker.evaluate("async () => { await doorstep.ready }")
    for route, addresses in PAGES.items():
        page = worker if route == OF_WORKERS else anybody
        for address in addresses:
            page.goto(address.format(**codes))
            page.evaluate(
                "document.querySelectorAll('main details').forEach(fold => (fold.open = true))"
            )
            if found := page.evaluate(MEASURE) + grave_faults(page):
                faults[address] = found
    assert not faults, told(faults)


SPEECH = """
  const spoken = window.spoken = [];
  class Utterance { constructor(words) { this.words = words; } }
  const speech = {
    getVoices: () => [],
    speak: utterance => spoken.push(utterance),
    cancel: () => spoken.push("cancelled"),
  };
  Object.defineProperty(window, "speechSynthesis", {value: speech});
  Object.defineProperty(window, "SpeechSynthesisUtterance", {value: Utterance});
"""


def spoken(page: Page) -> list:
    return page.evaluate("window.spoken.map(each => each.words || each)")


@pytest.mark.parametrize(
    "path", ["/", "/pairing/", "/wishes/{closed}/", "/r/{claimed_link}/", "/r/"]
)
def test_a_page_reads_itself_out_until_it_is_told_to_stop(window, cast, wish_in, path):
    codes = season(cast, wish_in)
    page = window(elder=True)
    page.add_init_script(SPEECH)
    page.goto(path.format(**codes))
    button = page.locator("[data-read]")
    expect(button).to_have_text("读给我听")
    button.tap()
    said = spoken(page)
    assert page.locator("h1").inner_text() in "".join(said)
    assert page.evaluate("spoken.filter(each => each.words).every(({lang}) => lang === 'zh-CN')")
    expect(button).to_have_text("停下")
    button.tap()
    assert spoken(page)[-1] == "cancelled"
    expect(button).to_have_text("读给我听")
    button.tap()
    page.evaluate("spoken.at(-1).onend()")
    expect(button).to_have_text("读给我听")


def test_where_a_browser_cannot_speak_no_button_says_it_can(window):
    page = window(elder=True)
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
    page.goto("/")
    expect(page.locator("[data-read]")).to_be_hidden()
