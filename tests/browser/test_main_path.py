"""The life of a wish in a real browser, on a phone: from the doorstep to the resident's own thanks."""

import re
from types import SimpleNamespace

import pytest
import segno
from playwright.sync_api import Page, expect

from tests.browser.hands import choose, go_to, photo, press, write

TITLE = "想借一把轮椅，推老伴下楼晒晒太阳"


def write_down(page: Page) -> None:
    """Log a wish with all that helps, as a worker at the door."""
    page.goto("/wishes/desk/")
    press(page, "记一个心愿")
    write(page, "心愿一句话", TITLE)
    choose(page, "物品")
    choose(page, "下周")
    choose(page, "同意记下来")
    choose(page, "同意公开心愿")
    page.get_by_text("为谁").tap()
    write(page, "称呼", "陈阿婆")
    write(page, "电话", "138 0000 0099")
    press(page, "公开前看一眼")


def publish(page: Page) -> str:
    """Look at the preview, publish, and return the wish's code."""
    expect(page.locator("h1")).to_have_text("公开前看一眼")
    expect(page.locator("article")).to_contain_text(TITLE)
    expect(page.locator("body")).not_to_contain_text("陈阿婆")
    press(page, "公开")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_role("status")).to_have_text("已公开，先问结对单位。")
    return re.search(r"/wishes/(\w+-\d+)/$", page.url)[1]


def find(page: Page) -> None:
    """Find the wish on the board by two characters."""
    page.goto("/wishes/")
    page.get_by_label("搜心愿").fill("轮椅")
    page.get_by_role("button", name="搜索").tap()
    expect(page.locator("article.wish")).to_have_count(1)
    expect(page.locator("article.wish")).to_contain_text(TITLE)


def fulfil(page: Page) -> None:
    """Say that it is done, with a photo of the thing."""
    page.goto("/wishes/mine/")
    page.get_by_role("link", name=TITLE).tap()
    press(page, "办好了")
    write(page, "办了什么", "周五上午把轮椅送到了家，教会了怎么刹车")
    page.get_by_label("照片").set_input_files(photo())
    press(page, "记下来，请居民点头")
    expect(page.get_by_role("status")).to_have_text("记下了。接下来请居民点头。")
    expect(page.locator("img.evidence")).to_be_visible()
    assert (
        page.locator("img.evidence").evaluate(
            "image => image.decode().then(() => image.naturalWidth)"
        )
        == 640
    )


def take_slip(page: Page, code: str) -> str:
    """Open the slip from the wish, and return the address that it and its QR code carry."""
    page.goto(f"/wishes/{code}/")
    expect(page.locator("img.evidence")).to_be_visible()
    press(page, "给居民的链接和二维码")
    address = page.locator(".address").inner_text()
    drawn = page.locator(".qr path").last.get_attribute("d")
    assert drawn in segno.make(address, error="m").svg_inline(scale=6, border=2, omitsize=True)
    return address


def nod(page: Page, address: str) -> None:
    """Say as the resident that it is done, and how it was."""
    page.goto(address)
    expect(page.locator("main")).to_contain_text("教会了怎么刹车")
    press(page, "办好了")
    choose(page, "满意")
    write(page, "想说的话", "太阳晒到了，谢谢")
    press(page, "就这样，交上去")
    expect(page.locator("main")).to_contain_text("您说：满意。谢谢您告诉我们。")
    page.reload()
    expect(page.locator("main")).to_contain_text("您说：满意。")


def stands_in(page: Page, address: str) -> None:
    """See the wish in a list."""
    page.goto(address)
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phones(request, window, cast) -> SimpleNamespace:
    """A phone for everybody on the path; `scripts` says whether theirs run scripts."""

    def phone(user=None) -> Page:
        return window(user, java_script_enabled=request.param)

    names = ("worker", "cadre", "cadre_b", "liaison", "street")
    people = {name: phone(getattr(cast, name)) for name in names}
    return SimpleNamespace(scripts=request.param, resident=phone(), **people)


def test_a_wish_from_the_doorstep_to_the_residents_thanks(phones, wish_in):
    wish_in("open", title="想有人陪着去挂个号", detail="不用推，走得动")
    worker, cadre = phones.worker, phones.cadre

    write_down(worker)
    code = publish(worker)

    find(cadre)
    find(phones.cadre_b)
    before = cadre.url
    press(cadre, "认领")
    expect(cadre.get_by_role("status")).to_have_text("已认领。先打个电话，约个时间。")
    expect(cadre.locator(f"#wish-{code} .badge")).to_have_text("已认领")
    assert cadre.url == (before if phones.scripts else f"{worker.url}")

    press(phones.cadre_b, "认领")
    expect(phones.cadre_b.get_by_role("alert").locator("visible=true")).to_have_text(
        "刚刚由区教育局认领了，看看别的心愿吧。"
    )
    stands_in(phones.liaison, "/wishes/desk/")
    stands_in(phones.street, "/wishes/desk/")

    fulfil(cadre)
    address = take_slip(worker, code)
    nod(phones.resident, address)

    stands_in(worker, "/wishes/desk/?tab=done")
    worker.get_by_role("link", name=TITLE).tap()
    expect(worker.locator(".badge")).to_have_text("居民点头了")
    expect(worker.locator("main")).to_contain_text("太阳晒到了，谢谢")
    stands_in(cadre, "/wishes/mine/?tab=done")
    stands_in(phones.liaison, "/wishes/desk/?tab=done")

    # Claimed, said to be done, and nodded: three messages that nobody has read.
    expect(worker.locator(".places .count")).to_contain_text("3")
    worker.get_by_role("link", name="消息").tap()
    press(worker, "全部标为已读")
    expect(worker.locator(".places .count")).to_have_count(0)


def test_a_wish_is_written_down_and_published_with_the_keyboard_alone(window, cast):
    page = window(cast.worker, viewport={"width": 1280, "height": 860}, is_mobile=False)
    keys = page.keyboard
    page.goto("/wishes/log/")
    expect(page.get_by_label("心愿一句话")).to_be_focused()
    keys.type(TITLE)
    go_to(page, "[name=kind]")
    keys.press("ArrowDown")
    go_to(page, "[name=publish]")
    keys.press("Space")
    go_to(page, ".act-bar .act")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("公开前看一眼")
    expect(page.locator("article")).to_contain_text("维修")
    go_to(page, "main .button.act")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("已公开，先问结对单位。")
