"""At the doorstep without a network: the form opens, what is written waits sealed in the phone, and arrives once."""

import gzip
import json
import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import IdempotencyKey, Session
from pairing.models import CommunityWorker
from tests.browser.hands import choose, press, write
from tests.cast import signed_in
from wishes.models import Wish

SECRET = "138 0000 0055"
# Everything the browser keeps for this place, as text.
KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise(done => (indexedDB.open(name).onsuccess = ({target}) => done(target.result)));
    for (const store of database.objectStoreNames) {
      const rows = await new Promise(done => {
        database.transaction(store).objectStore(store).getAll().onsuccess = ({target}) => done(target.result);
      });
      for (const row of rows) {
        found.push(store + JSON.stringify(row, (_, value) => value instanceof CryptoKey ? `key ${value.extractable}`
          : value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : value));
      }
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(`cache ${request.url} ${await (await cache.match(request)).text()}`);
    }
  }
  return found.join("\\n");
}"""


# The browser's own try in the background, which no test can hold back when it matters who sends.
NO_SYNC = "if (self.SyncManager) SyncManager.prototype.register = async () => null"


def at_home(window, user) -> Page:
    """Open the log form with a network, and wait until the phone has all it needs without one."""
    page = window(user)
    page.context.add_init_script(NO_SYNC)
    page.goto("/wishes/log/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; await doorstep.ready; }")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def cut(context: BrowserContext) -> None:
    context.set_offline(True)


def mend(context: BrowserContext) -> None:
    context.set_offline(False)


def write_down(page: Page, title: str, *, phone: str = "") -> None:
    """Fill the form that opened without a network, and press the button."""
    write(page, "心愿一句话", title)
    choose(page, "陪伴")
    choose(page, "同意记下来")
    if phone:
        page.get_by_text("为谁", exact=True).tap()
        write(page, "电话", phone)
    press(page, "记下")


def waits(page: Page):
    return page.locator("#waiting li")


def titles() -> list[str]:
    return sorted(Wish.objects.values_list("title", flat=True))


@pytest.fixture
def phone(window, cast) -> Page:
    return at_home(window, cast.worker)


@pytest.fixture
def outside(phone, watch) -> Page:
    """A cold tab at the doorstep, with no network at all."""
    context = phone.context
    phone.close()
    cut(context)
    page = context.new_page()
    page.goto("/wishes/log/")
    watch.faults.clear()  # the worker's own redirect carries no policy
    return page


def test_two_wishes_written_without_a_network_arrive_once_after_the_page_was_closed(outside, watch):
    context = outside.context
    expect(outside.locator("h1")).to_have_text("记一个心愿")
    expect(outside.locator(".lead")).to_contain_text("七塔社区")
    write_down(outside, "想有人陪着去挂号", phone=SECRET)
    expect(waits(outside)).to_have_count(1)
    write_down(outside, "想有人来读读报")
    expect(waits(outside)).to_have_count(2)
    expect(waits(outside).first).to_contain_text("想有人陪着去挂号")
    expect(waits(outside).first).to_contain_text("陪伴")
    expect(outside.locator("#why-network")).to_be_visible()
    outside.close()

    again = context.new_page()
    again.goto("/wishes/desk/")
    expect(waits(again)).to_have_count(2)
    assert titles() == []
    mend(context)
    again.evaluate("dispatchEvent(new Event('online'))")
    expect(waits(again)).to_have_count(0)
    expect(again.locator("#arrived")).to_contain_text("QT-0001")
    again.goto("/wishes/log/")
    expect(again.locator("#waiting")).to_be_hidden()
    assert titles() == ["想有人来读读报", "想有人陪着去挂号"]
    watch.faults.clear()


def test_what_waits_can_be_read_by_nobody_and_its_key_cannot_be_taken_out(outside):
    write_down(outside, "想有人陪着去挂号", phone=SECRET)
    expect(waits(outside)).to_have_count(1)
    kept = outside.evaluate(KEPT)
    assert "key false" in kept
    for secret in (SECRET, "挂号", "林示例", 'csrfmiddlewaretoken" value'):
        assert secret not in kept, secret


def test_the_shell_holds_nobodys_data_and_no_page_that_does_is_kept(phone, wish_in):
    wish = wish_in("claimed", title="想借一把轮椅")
    for path in (f"/wishes/{wish.code}/", "/wishes/desk/", "/wishes/calls/", "/wishes/log/"):
        phone.goto(path)
    kept = phone.evaluate(KEPT)
    assert wish.title not in kept
    assert "林示例" not in kept
    addresses = re.findall(r"cache http://[^/]+(\S+)", kept)
    assert [path for path in addresses if not path.startswith("/static/")] == [
        "/wishes/log/offline/"
    ]


def test_details_without_consent_are_not_kept_and_that_is_said(outside):
    write(outside, "心愿一句话", "想有人陪着去挂号")
    choose(outside, "陪伴")
    outside.get_by_text("为谁", exact=True).tap()
    write(outside, "电话", SECRET)
    press(outside, "记下")
    expect(outside.locator(".consents .errors")).to_have_text(
        "没有本人同意，不能记下姓名、电话或住处。"
    )
    expect(outside.locator("[name=contact]")).to_be_focused()
    expect(waits(outside)).to_have_count(0)


def test_an_answer_that_was_lost_leaves_one_wish(phone, watch):
    lost = []

    def lose(route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.context.route("**/api/v1/wishes/", lose)
    write(phone, "心愿一句话", "想有人陪着去挂号")
    choose(phone, "陪伴")
    press(phone, "先存草稿")
    expect(waits(phone)).to_have_count(1)
    assert lost == [201]
    expect(phone.locator("#said-kept")).to_be_visible()
    phone.close()
    phone.context.unroute("**/api/v1/wishes/")

    page = phone.context.new_page()
    page.goto("/wishes/log/")
    expect(page.locator("#arrived")).to_contain_text("QT-0001")
    expect(page.locator("#waiting")).to_be_hidden()
    assert titles() == ["想有人陪着去挂号"]
    watch.faults.clear()


def test_a_change_to_what_may_have_arrived_already_is_not_lost_in_silence(phone, watch):
    phone.context.route("**/api/v1/wishes/", lambda route: (route.fetch(), route.abort()))
    write(phone, "心愿一句话", "想有人陪着去挂号")
    choose(phone, "陪伴")
    press(phone, "先存草稿")
    waits(phone).get_by_text("改一改").tap()
    write(phone, "心愿一句话", "想有人陪着去拿药")
    phone.context.unroute("**/api/v1/wishes/")
    press(phone, "先存草稿")
    expect(waits(phone)).to_contain_text("QT-0001")
    expect(waits(phone)).to_contain_text("可能是改之前的那一版")
    assert titles() == ["想有人陪着去挂号"]
    waits(phone).get_by_text("不要了").tap()
    waits(phone).get_by_text("删掉这一件").tap()
    expect(phone.locator("#waiting")).to_be_hidden()
    watch.faults.clear()


def test_two_tabs_that_send_at_once_send_each_wish_once(outside, watch):
    for n in range(3):
        write_down(outside, f"想修第{n}盏灯")
        expect(waits(outside)).to_have_count(n + 1)
    context = outside.context
    sent = []
    context.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    other = context.new_page()
    other.goto("/wishes/log/")
    mend(context)
    for page in (outside, other):
        page.evaluate("void doorstep.waiting.send()")
    expect(waits(outside)).to_have_count(0)
    expect(waits(other)).to_have_count(0)
    assert titles() == [f"想修第{n}盏灯" for n in range(3)]
    assert len([url for url in sent if url.endswith("/api/v1/wishes/")]) == 3
    watch.faults.clear()


def test_even_without_locks_the_key_keeps_a_wish_from_being_doubled(phone):
    phone.evaluate("Object.defineProperty(navigator, 'locks', {value: undefined})")
    other = phone.context.new_page()
    other.goto("/wishes/log/")
    other.evaluate("async () => { await doorstep.ready }")
    other.evaluate("Object.defineProperty(navigator, 'locks', {value: undefined})")
    phone.evaluate(
        """async () => {
          const values = {title: "想修一盏灯", kind: "repair", detail: "", due_on: ""};
          const entry = {id: crypto.randomUUID(), at: "2026", community: "QT", values};
          await doorstep.box.keep(entry, await doorstep.box.keeper());
        }"""
    )
    for page in (phone, other):
        page.evaluate("void (window.sending = doorstep.waiting.send())")
    for page in (phone, other):
        page.evaluate("() => window.sending")
    assert titles() == ["想修一盏灯"]
    assert IdempotencyKey.objects.count() == 1


def test_the_service_worker_sends_too_while_no_page_is_open(outside, watch):
    context = outside.context
    write_down(outside, "想有人陪着去挂号")
    expect(waits(outside)).to_have_count(1)
    outside.goto("about:blank")
    mend(context)
    for worker in context.service_workers:
        worker.evaluate("() => self.doorstep.sender.send({wait: true})")
    assert titles() == ["想有人陪着去挂号"]
    watch.faults.clear()


def assert_nothing_is_kept(page: Page) -> None:
    kept = page.evaluate(KEPT)
    for trace in ("doorstep", "sealed", "key ", "cache ", "挂号"):
        assert trace not in kept, kept[:500]


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码", exact=True).fill("jiangdong-365")
    press(page, "登录")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_signing_out_leaves_nothing_in_the_phone(outside, watch):
    context = outside.context
    write_down(outside, "想有人陪着去挂号", phone=SECRET)
    expect(waits(outside)).to_have_count(1)
    context.route("**/api/v1/wishes/", lambda route: route.abort())
    mend(context)
    outside.goto("/me/")
    expect(outside.locator("#kept")).to_contain_text("1")
    outside.locator(".menu summary").tap()
    outside.locator(".menu-list [data-sign-out] button").tap()
    expect(outside.locator("#sign-out-kept")).to_contain_text("1")
    press(outside, "退出")
    expect(outside.locator(".top-tools .menu")).to_have_count(0)
    assert_nothing_is_kept(outside)
    assert titles() == []
    cut(context)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        outside.goto("/wishes/log/")
    watch.faults.clear()


def test_the_portals_own_answer_empties_the_phone_where_no_script_does(phone):
    phone.evaluate(
        """async () => {
          const values = {title: "想修一盏灯"};
          await doorstep.box.keep({id: "a", at: "2026", values}, await doorstep.box.keeper());
          document.querySelector("[data-sign-out]").submit();
        }"""
    )
    expect(phone.locator(".top-tools .menu")).to_have_count(0)
    assert_nothing_is_kept(phone)


def test_an_ended_session_is_explained_and_what_was_written_waits_for_its_writer(
    outside, cast, watch
):
    context = outside.context
    write_down(outside, "想有人陪着去挂号", phone=SECRET)
    expect(waits(outside)).to_have_count(1)
    Session.objects.all().delete()
    mend(context)
    outside.evaluate("dispatchEvent(new Event('online'))")
    expect(outside.locator("#why-login")).to_contain_text("请先登录，记下的还在手机里。")
    expect(waits(outside)).to_have_count(0)
    assert "key false" not in outside.evaluate(KEPT)

    sign_in(outside, "worker2")
    outside.goto("/wishes/log/")
    expect(outside.locator("#waiting-others")).to_contain_text("1")
    expect(waits(outside)).to_have_count(0)
    expect(outside.locator("body")).not_to_contain_text("挂号")
    assert titles() == []

    context.clear_cookies()
    sign_in(outside, "worker")
    outside.goto("/wishes/log/")
    for _ in range(100):  # by the page, or by the service worker, which tells no page
        if titles():
            break
        outside.wait_for_timeout(100)
    assert titles() == ["想有人陪着去挂号"]
    assert Wish.objects.get().logged_by == cast.worker
    watch.faults.clear()


def test_somebody_else_on_the_same_phone_finds_no_key_even_without_a_network(outside, cast, watch):
    context = outside.context
    write_down(outside, "想有人陪着去挂号")
    mend(context)
    name = django_settings.SESSION_COOKIE_NAME
    context.route("**/api/v1/wishes/", lambda route: route.abort())
    session = signed_in(cast.cadre).cookies[name].value
    context.add_cookies([{"name": name, "value": session, "url": watch.host}])
    outside.goto("/pairing/")
    outside.evaluate("async () => { await doorstep.locking; await doorstep.ready }")
    assert f'keeper{{"owner":"{cast.worker.pk}"' not in outside.evaluate(KEPT)
    cut(context)
    outside.goto("/wishes/log/offline/")
    expect(waits(outside)).to_have_count(0)
    expect(outside.locator("body")).not_to_contain_text("挂号")
    watch.faults.clear()


def test_a_session_that_ran_out_shuts_the_phone_without_asking_anybody(outside):
    outside.evaluate(
        """async () => {
          const me = await doorstep.box.keeper();
          const asked = indexedDB.open("doorstep");
          const database = await new Promise(done => (asked.onsuccess = () => done(asked.result)));
          const change = database.transaction("keeper", "readwrite");
          const until = new Date(Date.now() - 1000).toISOString();
          change.objectStore("keeper").put({...me, until}, "me");
          await new Promise(done => (change.oncomplete = done));
        }"""
    )
    outside.reload()
    expect(outside.locator("#locked")).to_contain_text("登录已经结束")
    expect(outside.locator("#waiting")).to_be_hidden()
    expect(outside.locator("form[data-doorstep]")).to_be_hidden()
    assert "key false" not in outside.evaluate(KEPT)


def test_what_the_portal_complains_of_is_said_in_the_form(outside, watch):
    write(outside, "心愿一句话", "想有人陪着去挂号")
    choose(outside, "陪伴")
    choose(outside, "选日子")
    outside.get_by_label("哪一天").fill("2020-01-01")
    press(outside, "记下")
    expect(waits(outside)).to_have_count(1)
    mend(outside.context)
    outside.evaluate("dispatchEvent(new Event('online'))")
    expect(waits(outside)).to_contain_text("要改一改")
    waits(outside).get_by_text("改一改", exact=True).tap()
    expect(outside.locator(".a-day .errors")).to_be_visible()
    expect(outside.get_by_label("哪一天")).to_be_focused()
    choose(outside, "下周")
    press(outside, "记下")
    expect(outside.locator("#arrived")).to_contain_text("QT-0001")
    assert titles() == ["想有人陪着去挂号"]
    watch.faults.clear()


def test_who_no_longer_works_there_is_told_so_and_keeps_the_words(outside, cast, watch):
    write_down(outside, "想有人陪着去挂号")
    expect(waits(outside)).to_have_count(1)
    CommunityWorker.objects.filter(user=cast.worker).update(community=cast.places.hc)
    mend(outside.context)
    outside.evaluate("dispatchEvent(new Event('online'))")
    expect(waits(outside)).to_contain_text("门户没有收下：只能为自己的社区记心愿。")
    assert titles() == []
    outside.reload()
    expect(waits(outside)).to_contain_text("想有人陪着去挂号")
    watch.faults.clear()


def test_what_no_key_opens_is_told_and_goes_by_a_tap_alone(phone, cast):
    phone.evaluate(
        """async owner => {
          const asked = indexedDB.open("doorstep");
          const database = await new Promise(done => (asked.onsuccess = () => done(asked.result)));
          const row = {id: "a", owner, iv: new Uint8Array(12), sealed: new Uint8Array(40).buffer};
          const change = database.transaction("entries", "readwrite");
          change.objectStore("entries").put(row);
          await new Promise(done => (change.oncomplete = done));
        }""",
        str(cast.worker.pk),
    )
    phone.reload()
    expect(phone.locator("#waiting-broken")).to_contain_text("1")
    phone.get_by_role("button", name="知道了，删掉").tap()
    expect(phone.locator("#waiting")).to_be_hidden()


def test_the_portal_that_hangs_is_left_and_the_words_are_kept(phone, watch):
    phone.context.route("**/wishes/log/who/", lambda route: None)
    phone.clock.install()
    write(phone, "心愿一句话", "想有人陪着去挂号")
    choose(phone, "陪伴")
    press(phone, "公开前看一眼")
    phone.wait_for_timeout(500)
    phone.clock.fast_forward(13_000)
    expect(waits(phone)).to_have_count(1)
    expect(phone.locator("#why-network")).to_be_visible()
    watch.faults.clear()


def test_one_logs_a_wish_on_one_screen(phone):
    foot = phone.locator(".folds").bounding_box()
    bar = phone.locator(".act-bar").bounding_box()
    assert foot["y"] + foot["height"] <= bar["y"] + 1
    assert bar["y"] + bar["height"] <= 844
    assert phone.evaluate("scrollY") == 0


def test_the_form_with_all_it_needs_weighs_less_than_a_hundred_kilobytes(window, cast):
    weights = {}
    page = window(cast.worker)
    page.on(
        "response",
        lambda answer: weights.update({answer.url: len(gzip.compress(answer.body(), 6))}),
    )
    page.goto("/wishes/log/", wait_until="networkidle")
    shell = json.loads(re.search(r"PIECES = (\[.*\]);", page.request.get("/sw.js").text())[1])
    for path in ["/sw.js", "/wishes/log/offline/", *shell]:
        weights[path] = len(gzip.compress(page.request.get(path).body(), 6))
    assert sum(weight for path, weight in weights.items() if path.startswith("http")) < 100_000
    assert sum(weight for path, weight in weights.items() if path.startswith("/")) < 100_000
