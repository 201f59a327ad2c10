"""Pieces of pages: after a swap the page is what a fresh load shows, and whatever fails is said where one looks."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from jiangdong.terms import DateRange
from pairing.models import Cadre
from tests.browser.hands import choose, photo, press, write
from wishes import actions

# The page as it is read: without what was said just now, and without what no two renderings share.
READ = """() => {
  const main = document.querySelector("#main").cloneNode(true);
  main.querySelectorAll("[role=status], [name=csrfmiddlewaretoken]").forEach(piece => piece.remove());
  main.querySelectorAll("*").forEach(piece => {
    ["tabindex", "aria-busy"].forEach(name => piece.removeAttribute(name));
    if (!piece.classList.length) piece.removeAttribute("class");
  });
  return main.innerHTML.replace(/\\s+/g, " ").replace(/> </g, "><").trim();
}"""


def fulfil(page: Page) -> None:
    press(page, "办好了")
    write(page, "办了什么", "周五上午送到了")
    page.get_by_label("照片").set_input_files(photo())
    press(page, "记下来，请居民点头")


def confirm(page: Page) -> None:
    press(page, "居民说办好了")
    choose(page, "一般")
    choose(page, "上门")
    write(page, "居民的原话", "晚了两天")
    press(page, "记下居民的话")


SELDOM = "办不了、转办、撤回"


def with_reason(fold: str, button: str, within: str = ""):
    """Return what opens a fold, gives a reason and presses; what is seldom needed lies within another fold."""

    def act(page: Page) -> None:
        for each in filter(None, (within, fold)):
            press(page, each)
        write(page, "说明原因", "家里人先回来了")
        page.locator("details[open] form .button", has_text=button).tap()

    return act


def assign(page: Page) -> None:
    press(page, "换人办")
    whom = page.locator("option", has_text="赵示例").get_attribute("value")
    page.get_by_label("交给谁办").select_option(whom)
    press(page, "交给这位同事")


# who, from which state, what they do, what is said then
MOVES = [
    ("colleague", "checking", with_reason("退回修改", "退回修改"), "已退回修改。"),
    ("cadre", "open", lambda page: press(page, "认领"), "已认领。先打个电话，约个时间。"),
    ("liaison", "open", lambda page: press(page, "替支部认领"), "已认领。先打个电话，约个时间。"),
    ("liaison", "claimed", assign, "已交办。"),
    ("cadre", "claimed", with_reason("退回，说明原因", "退回"), "已退回，大家可以再认领。"),
    ("cadre", "claimed", fulfil, "记下了。接下来请居民点头。"),
    ("worker", "fulfilled", confirm, "记下了，居民点头了。"),
    (
        "worker",
        "fulfilled",
        with_reason("居民说没办好", "请对方接着办"),
        "记下了，已请对方接着办。",
    ),
    ("worker", "fulfilled", lambda page: press(page, "没人接"), "记下了，改天再打。"),
    ("worker", "open", with_reason("撤回", "撤回这件心愿", SELDOM), "已撤回。"),
]


def test_after_every_move_the_page_is_what_a_fresh_load_shows(window, cast, wish_in):
    pages = {
        name: window(getattr(cast, name)) for name in ("worker", "colleague", "cadre", "liaison")
    }
    for who, state, act, said in MOVES:
        page, wish = pages[who], wish_in(state)
        page.goto(f"/wishes/{wish.code}/")
        before = page.evaluate("performance.timeOrigin")
        act(page)
        expect(page.get_by_role("status")).to_have_text(said)
        assert page.evaluate("performance.timeOrigin") == before, f"{said}: loaded whole"
        expect(page.locator(f"#wish-{wish.code}")).to_be_focused()
        swapped = page.evaluate(READ)
        page.reload()
        assert swapped == page.evaluate(READ), said


def test_a_card_on_the_board_becomes_the_card_of_ones_own_list(window, cast, wish_in):
    page, wish = window(cast.cadre), wish_in("open")
    page.goto("/wishes/?sort=new")
    press(page, "认领")
    card = page.locator(f"#wish-{wish.code}")
    expect(card.get_by_role("status")).to_be_visible()
    expect(card).to_be_focused()
    assert page.url.endswith("/wishes/?sort=new")
    said = card.locator("p:not([role])").all_inner_texts()
    page.goto("/wishes/mine/")
    assert said == page.locator(f"#wish-{wish.code} p:not([role])").all_inner_texts()


def test_each_call_is_answered_in_its_own_card(window, cast, wish_in):
    wishes = [wish_in("fulfilled", title=f"想请人修第{n}把椅子") for n in (1, 2, 3)]
    page = window(cast.worker)
    page.goto("/wishes/calls/")
    first, second, third = (page.locator(f"#wish-{wish.code}") for wish in wishes)

    second.get_by_text("办好了", exact=True).tap()
    second.locator("label", has_text="不满意").tap()
    second.locator("label", has_text="电话").tap()
    expect(second.locator("input:checked")).to_have_count(2)
    expect(page.locator("input:checked")).to_have_count(2)
    press(page, "记下居民的话")
    expect(second.get_by_role("status")).to_have_text("记下了，居民点头了。")

    third.get_by_role("button", name="没人接").tap()
    expect(third.get_by_role("status")).to_have_text("记下了，改天再打。")
    expect(first.get_by_text("对方说：")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    page.reload()
    expect(page.locator("article.wish")).to_have_count(1)


def test_complaints_come_back_in_place_with_what_was_written(window, cast, wish_in):
    page, wish = window(cast.cadre), wish_in("claimed")
    page.goto(f"/wishes/{wish.code}/")
    press(page, "办好了")
    write(page, "办了什么", "修好了")
    page.get_by_label("照片").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no"}
    )
    press(page, "记下来，请居民点头")
    expect(page.locator("main .errors")).to_be_visible()
    expect(page.get_by_role("textbox", name="办了什么")).to_have_value("修好了")
    expect(page.get_by_label("照片")).to_be_focused()
    page.get_by_label("照片").set_input_files([])
    press(page, "记下来，请居民点头")
    expect(page.get_by_role("status")).to_be_visible()


def test_a_refusal_is_said_in_place_of_the_card_and_of_the_wish(window, cast, wish_in):
    lost, ended = wish_in("open", title="想借一把梯子"), wish_in("open", title="想换一只灯泡")
    late, gone = window(cast.cadre), window(cast.cadre_b)
    late.goto("/wishes/")
    gone.goto(f"/wishes/{ended.code}/")
    actions.claim(wish=lost, by=cast.liaison)

    card = late.locator(f"#wish-{lost.code}")
    card.get_by_role("button", name="认领", exact=True).tap()
    expect(card.get_by_role("alert")).to_have_text("刚刚由区教育局认领了，看看别的心愿吧。")
    expect(card.get_by_role("button", name="认领", exact=True)).to_have_count(0)
    expect(card).to_be_focused()
    expect(
        late.locator(f"#wish-{ended.code}").get_by_role("button", name="认领", exact=True)
    ).to_be_visible()

    term = Cadre.objects.get(user=cast.cadre_b).term
    Cadre.objects.filter(user=cast.cadre_b).update(
        term=DateRange(term.lower, term.lower.replace(day=2), "[)")
    )
    press(gone, "认领")
    expect(gone.locator(f"#wish-{ended.code}").get_by_role("alert")).to_contain_text(
        "只有单位里的人可以认领"
    )
    expect(gone.locator("main")).not_to_contain_text("替支部认领")


def test_without_a_network_one_reads_that_nothing_was_sent_and_can_try_again(
    window, cast, wish_in, watch
):
    for n in range(5):
        wish_in("open", title=f"想请人修第{n}盏灯")
    page = window(cast.cadre)
    page.goto("/wishes/?sort=new")
    button = page.get_by_role("button", name="认领", exact=True).last
    button.scroll_into_view_if_needed()
    page.context.set_offline(True)
    button.tap()
    expect(page.locator("#not-sent")).to_be_in_viewport()
    assert all("htmx:" in fault for fault in watch.faults)
    watch.faults.clear()
    page.context.set_offline(False)
    button.tap()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("#not-sent")).to_be_hidden()


def test_when_the_portal_fails_one_reads_that_nothing_was_done(window, cast, wish_in, watch):
    page, wish = window(cast.cadre), wish_in("open")
    page.goto("/wishes/")
    page.route("**/claim/", lambda route: route.fulfill(status=500, body="<h1>500</h1>"))
    press(page, "认领")
    expect(page.locator("#not-done")).to_be_in_viewport()
    expect(page.locator(f"#wish-{wish.code} h2")).to_be_visible()
    watch.faults.clear()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_was_signed_out_meanwhile_signs_in_and_comes_back(window, cast, wish_in, scripts):
    page, wish = window(cast.cadre, java_script_enabled=scripts), wish_in("open")
    page.goto(f"/wishes/{wish.code}/")
    page.context.clear_cookies(name="sessionid")
    press(page, "认领")
    expect(page.locator("h1")).to_have_text("登录")
    page.get_by_label("用户名").fill("cadre")
    page.get_by_label("密码").fill("jiangdong-365")
    press(page, "登录")
    expect(page.locator("h1")).to_have_text(wish.title)
    expect(page.get_by_role("button", name="认领", exact=True)).to_be_visible()


def test_a_button_pressed_twice_sends_once(window, cast, wish_in):
    sent = []
    page, wish = window(cast.worker), wish_in("draft")
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    page.goto(f"/wishes/{wish.code}/preview/")
    page.get_by_role("button", name="公开", exact=True).dblclick()
    expect(page.get_by_role("status")).to_have_text("已公开，先问结对单位。")
    assert len(sent) == 1

    sent.clear()
    page = window(cast.cadre)
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    page.goto("/wishes/")
    page.get_by_role("button", name="认领", exact=True).dblclick()
    expect(page.get_by_role("status")).to_have_text("已认领。先打个电话，约个时间。")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    assert User.objects.get(username="cadre").wishes_in_hand.count() == 1
