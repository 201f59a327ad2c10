"""Everybody can read and use every page: by eye, by ear, by keyboard, on a small phone and in large type."""

from collections import defaultdict

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.hands import go_to
from tests.browser.sights import PASSER_BY, SIGHTS, season

SMALL = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 860}
LOOKS = {"dark": {"color_scheme": "dark"}, "elder": {"elder": True}}

# `target-size` takes what lies under the bar at the foot of a phone for covered: it is asked at a desk.
RUN_AXE = """async enabled => (await axe.run({
    resultTypes: ["violations"], iframes: false, rules: {"target-size": {enabled}},
  })).violations
  .filter(({impact}) => ["serious", "critical"].includes(impact))
  .map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(({html}) => html.slice(0, 200)).join(" | ")}`)"""

# What axe does not look for. Each returns the faults of the page as it stands.
LOOK = """least => {
  const short = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
  const seen = element => element.checkVisibility() && element.getClientRects().length > 0;
  const all = selector => [...document.querySelectorAll(selector)];
  const faults = [];

  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = all("body *").filter(element => element.getBoundingClientRect().right > width + 0.5);
    faults.push(`wider than the window: ${wide.slice(-2).map(short).join(" | ")}`);
  }

  const ids = all("[id]").map(element => element.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) faults.push(`ids given twice: ${twice}`);
  all("label[for]").filter(label => !label.control).forEach(label => faults.push(`names nothing: ${short(label)}`));

  // Boxes and chips are pressed by their labels.
  const pressed = "button, .button, summary, select, textarea, input:not([type=hidden]), .chips a";
  const target = element => element.closest("label") || element;
  all(pressed).filter(seen).map(target).forEach(element => {
    const {height} = element.getBoundingClientRect();
    if (height < least - 0.01) faults.push(`${height} px high: ${short(element)}`);
  });

  if (document.documentElement.lang !== "zh-Hans") faults.push(`language ${document.documentElement.lang}`);
  all("[style], style, script:not([src], [type='application/json'])")
    .forEach(element => faults.push(`inline: ${short(element)}`));
  all("*").filter(element => element.getAttributeNames().some(name => /^(on|hx-on)/.test(name)))
    .forEach(element => faults.push(`handler: ${short(element)}`));
  if (all("h1").filter(seen).length !== 1) faults.push(`${all("h1").length} h1`);
  return faults;
}"""

# In large type what is read is large, and lines stand apart. Labels of state, captions and notes may be smaller.
NOTES = (
    ".soft, .lead, .why, .card-meta, .card-foot, .wall-figures, .danger-line, .help, .steps, .dots, .small, .slip, "
    ".drawer-body, small, .sr, time"
)
LARGE = f"""() => [...document.querySelectorAll("main :is(p, li, dd, label, legend, .button)")]
  .filter(element => element.checkVisibility() && element.innerText.trim() && !element.closest("{NOTES}"))
  .map(element => [element, getComputedStyle(element)])
  .map(([element, style]) => [element, parseFloat(style.fontSize), parseFloat(style.lineHeight)])
  .filter(([element, size, line]) => size < 24 || line < 1.29 * size)
  .map(([element, size, line]) => `${{size}}/${{line}}: ${{element.outerHTML.slice(0, 120)}}`)"""


def grave_faults(page: Page, *, targets: bool = False) -> list[str]:
    """Return what axe finds serious or critical on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN_AXE, targets)


def test_axe_finds_what_is_wrong(window):
    page = window()
    page.set_content("<p style='color: #bbb'>看不清的字</p><input><img src='data:,'>")
    found = [fault.partition(":")[0] for fault in grave_faults(page)]
    assert {"color-contrast", "label", "image-alt", "html-has-lang"} <= set(found)


def told(faults: dict[str, list[str]]) -> str:
    """Return the faults of each sight as lines to read."""
    return "\n".join(f"{sight}\n    " + "\n    ".join(found) for sight, found in faults.items())


AUDIENCES = {
    "everybody": (PASSER_BY,),
    "the community": ("worker", "colleague", "warden", "worker2"),
    "agencies and the district": (
        *("cadre", "cadre_b", "liaison", "member"),
        *("street", "supervisor", "stranger"),
    ),
}


def test_every_sight_has_its_audience():
    assert {sight.who for sight in SIGHTS} == {who for each in AUDIENCES.values() for who in each}


@pytest.mark.parametrize("audience", AUDIENCES.values(), ids=AUDIENCES)
def test_every_page_is_fit_for_everybody_on_a_small_phone_and_at_a_desk(
    window, cast, wish_in, audience
):
    codes, faults, titles = season(cast, wish_in), {}, defaultdict(set)
    for who in audience:
        page = window(getattr(cast, who) if who else None)
        for sight in SIGHTS:
            if sight.who != who:
                continue
            page.set_viewport_size(SMALL)
            sight.show(page, codes)
            found = page.evaluate(LOOK, 44) + grave_faults(page)
            page.set_viewport_size(DESK)
            found += page.evaluate(LOOK, 44) + grave_faults(page, targets=True)
            if found:
                faults[str(sight)] = found
            titles[page.title()].add(page.locator("h1").inner_text())
    assert not faults, told(faults)
    assert all(title.endswith(" · 江东365") and len(title) > 8 for title in titles)
    assert {title: heads for title, heads in titles.items() if len(heads) > 1} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_telling_pages_are_fit_in_the_dark_and_in_large_type(window, cast, wish_in, look):
    codes, windows, faults = season(cast, wish_in), {}, {}
    for sight in SIGHTS:
        if not sight.telling:
            continue
        if sight.who not in windows:
            person = getattr(cast, sight.who) if sight.who else None
            windows[sight.who] = window(person, viewport=SMALL, **LOOKS[look])
        page = windows[sight.who]
        sight.show(page, codes)
        found = page.evaluate(LOOK, 60 if look == "elder" else 44) + grave_faults(page)
        if look == "elder" or sight.path.startswith("/r/"):
            found += page.evaluate(LARGE)
        if found:
            faults[str(sight)] = found
    assert not faults, told(faults)


def test_large_type_stays_until_it_is_switched_off(window):
    page = window()
    page.goto("/pairing/")
    page.get_by_role("button", name="长辈版").tap()
    expect(page.locator("html.elder")).to_be_attached()
    assert page.url.endswith("/pairing/")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="标准版").tap()
    expect(page.locator("html:not(.elder)")).to_be_attached()


WAYS = (
    (PASSER_BY, "/", ".cards .card a"),
    ("worker", "/wishes/desk/", "main .button.act"),
    ("worker", "/wishes/log/", ".act-bar .act"),
    ("worker", "/wishes/{fulfilled}/", "summary.act"),
    ("cadre", "/wishes/", ".card .act"),
    (PASSER_BY, "/r/{fulfilled_link}/", "main .act"),
)


def test_with_the_keyboard_one_skips_the_head_and_comes_to_the_act(window, cast, wish_in):
    codes = season(cast, wish_in)
    for who, path, act in WAYS:
        page = window(getattr(cast, who) if who else None, viewport=DESK)
        page.goto(path.format(**codes))
        if page.evaluate("document.activeElement === document.body"):
            page.keyboard.press("Tab")
            expect(page.locator(".skip")).to_be_focused()
            expect(page.locator(".skip")).to_be_in_viewport()
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), path
        assert go_to(page, act) == []
        expect(page.locator(act).first).to_be_in_viewport()
