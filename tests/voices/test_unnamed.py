"""Whoever gives no name: nothing in database, log or mail leads to them, signed in or not."""

import datetime as dt
import json
import logging
import re
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from prometheus_client import REGISTRY

from accounts.models import Event, Session
from notices import actions as notices
from notices import tasks as notice_tasks
from notices.models import Notice
from tests.cast import NOW
from tests.voices.doors import TITLE, act, bring
from tests.wishes.doors import dump, text_of
from voices import throttle
from voices.models import Slip, Voice
from voices.tasks import empty_box

ADDRESS, AGENT = "203.0.113.77", "CanaryBrowser/7.7"
WORDS = {"asker": "anonymous", "title": TITLE, "text": "孩子晚上回家害怕", "may_publish": "on"}


def post(client, path: str, body: dict):
    return client.post(path, body, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)


def code_on(response) -> str:
    return re.search(r'class="secret">([A-Z0-9-]+)<', text_of(response))[1]


def drop(client, **more) -> str:
    answer = post(client, "/voices/say/", WORDS | more)
    assert answer.status_code == 200
    return code_on(answer)


def morning(days: int = 1):
    """Return the clock of a later morning, when the box has just been emptied."""
    from jiangdong import clock

    return clock.at(
        dt.datetime.combine(NOW.date() + dt.timedelta(days=days), dt.time(7, 50), NOW.tzinfo)
    )


@pytest.mark.parametrize("who", ["", "worker", "cadre", "supervisor"])
def test_nothing_leads_to_whoever_gave_no_name(who, cast, as_, later, caplog, client):
    client = as_(getattr(cast, who)) if who else client
    key = client.cookies["sessionid"].value if who else "no-session"
    seen = list(Session.objects.values())
    caplog.set_level(logging.DEBUG)
    before = dump()
    caplog.clear()
    code = drop(client, community=cast.places.qt.pk)
    assert Event.objects.count() == Notice.objects.count() == 0
    assert list(Session.objects.values()) == seen
    added = "\n".join(sorted(set(dump().splitlines()) - set(before.splitlines())))
    slip = json.loads(added)
    assert set(slip) == {"id", "kind", "day", "digest", "facts"}
    assert slip["day"] == "2026-03-10"
    assert caplog.text == ""

    with morning():
        empty_box()
        notices.deliver_pending()
        notice_tasks.sweep_reminders()
    with later(days=1):
        notice_tasks.sweep_reminders()
        notices.deliver_pending()
    voice = Voice.objects.get()
    assert (voice.asker, voice.logged_by, voice.resident, str(voice.noted_on)) == (
        "anonymous", None, None, "2026-03-10",
    )  # fmt: skip
    event = Event.objects.get(thing_kind="voices.voice")
    assert (event.by_id, event.by_label) == (None, "提的人")
    assert event.at.astimezone(NOW.tzinfo).strftime("%m-%d %H:%M") == "03-11 07:50"
    assert not Slip.objects.exists()
    post(client, "/voices/follow/", {"code": code})
    post(client, "/voices/follow/answer/", {"code": code, "what": "write", "text": "西门也坏了"})
    with morning(2):
        empty_box()
        notices.deliver_pending()

    rows = dump()
    sent = "\n".join(f"{m.subject}{m.body}{m.extra_headers}" for m in mail.outbox)
    assert TITLE in rows
    for trace in (ADDRESS, AGENT, code, code.replace("-", "")):
        assert trace not in rows + sent + caplog.text
    assert key not in sent + caplog.text
    assert "10:00" not in json.dumps(list(Event.objects.values()), default=str)
    assert "/voices/say/" not in caplog.text
    assert "/voices/follow" not in caplog.text


def test_the_session_goes_on_and_is_not_touched(cast, as_, later):
    worker = as_(cast.worker)
    assert "登录" in text_of(worker.get("/voices/say/"))  # at this door nobody is known
    drop(worker)
    assert worker.get("/wishes/desk/").status_code == 200


def test_the_counts_of_views_do_not_say_when_somebody_was_there(cast, client):
    def counted() -> dict:
        samples = [one for metric in REGISTRY.collect() for one in metric.samples]
        return {
            (one.name, *sorted(one.labels.items())): one.value
            for one in samples
            if "voices:" in str(one.labels) or "by_method" in one.name
        }

    client.get("/voices/")
    before = counted()
    drop(client)
    client.post("/voices/follow/", {"code": "短"})
    assert before
    assert counted() == before


def test_a_fault_of_ours_says_nothing_of_whoever_met_it(cast, as_, monkeypatch, caplog):
    def fails(**facts):
        raise RuntimeError("out of order")

    monkeypatch.setattr("voices.actions.drop_in", fails)
    client = as_(cast.worker, raise_request_exception=False)
    caplog.set_level(logging.DEBUG)
    assert post(client, "/voices/say/", WORDS).status_code == 500
    told = caplog.text
    assert ADDRESS not in told
    assert "'user_id'" not in told
    assert TITLE not in told


def test_the_box_is_opened_on_a_later_day_in_chance_order(cast, client, later):
    for n in range(8):
        drop(client, title=f"第{n}件")
        cache.clear()
    empty_box()
    assert not Voice.objects.exists()
    order = [slip.facts["title"] for slip in Slip.objects.order_by("pk")]
    with morning():
        empty_box()
        empty_box()
    assert list(Voice.objects.order_by("pk").values_list("title", flat=True)) == order


def test_the_code_shows_the_way_of_a_slip_and_of_a_voice(cast, client):
    code = drop(client, community=cast.places.qt.pk)
    assert "还在信箱里" in text_of(client.post("/voices/follow/", {"code": code}))
    with morning():
        empty_box()
        assert "正在看" in text_of(client.post("/voices/follow/", {"code": code}))
    assert client.post("/voices/follow/", {"code": "ABCD-EFGH-JKLM"}).status_code == 400
    assert client.post("/voices/follow/", {"code": "短"}).status_code == 400


def test_rating_and_what_is_not_settled_go_through_the_box_too(cast, client, as_):
    code = drop(client, community=cast.places.qt.pk)
    with morning():
        empty_box()
        voice = Voice.objects.get()
        assert act(as_(cast.street), voice, "ask", agency=cast.places.jy.pk).status_code == 302
        assert act(as_(cast.liaison), voice, "answer", answer="去看").status_code == 302
        assert act(as_(cast.liaison), voice, "settle", settlement="换了").status_code == 302
        assert (
            act(as_(cast.street), voice, "rate", rating="satisfied", how="door").status_code == 409
        )
        body = {"code": code, "what": "reopen", "reason": "又灭了"}
        answer = client.post("/voices/follow/answer/", body)
        assert "投进信箱了" in text_of(answer)
        voice.refresh_from_db()
        assert voice.state == "settled"
        body = {"code": code, "what": "rate", "rating": "fair", "words": "亮了"}
        client.post("/voices/follow/answer/", body)
        assert Slip.objects.count() == 1  # the later answer counts
    with morning(2):
        empty_box()
    voice.refresh_from_db()
    assert (voice.state, voice.rating, voice.how, voice.closed_by) == (
        "closed",
        "fair",
        "oneself",
        None,
    )


def test_what_became_impossible_is_kept_as_words(cast, client, as_):
    code = drop(client, community=cast.places.qt.pk)
    with morning():
        empty_box()
        voice = Voice.objects.get()
        act(as_(cast.street), voice, "ask", agency=cast.places.jy.pk)
        act(as_(cast.liaison), voice, "answer", answer="去看")
        act(as_(cast.liaison), voice, "settle", settlement="换了")
        client.post(
            "/voices/follow/answer/",
            {"code": code, "what": "rate", "rating": "fair", "words": "还行"},
        )
        act(as_(cast.worker), voice, "reopen", reason="巷口的人说又灭了")
    with morning(2):
        empty_box()
    voice.refresh_from_db()
    assert (voice.state, voice.words_since.get().text) == ("asked", "还行")


def test_no_name_and_details_do_not_go_together(cast, client):
    for more in ({"phone": "13800000077"}, {"name": "张示例"}, {"contact": "on"}):
        assert client.post("/voices/say/", WORDS | more).status_code == 400
    assert client.post("/voices/say/", WORDS | {"text": "我的电话 13800000077"}).status_code == 400
    assert not Slip.objects.exists()


def test_too_many_from_one_address_are_asked_to_wait_and_no_address_is_kept(
    cast, client, monkeypatch
):
    monkeypatch.setitem(throttle.PER_ADDRESS, "say", 2)
    for _n in range(2):
        assert post(client, "/voices/say/", WORDS).status_code == 200
    assert post(client, "/voices/say/", WORDS).status_code == 429
    assert client.post("/voices/say/", WORDS).status_code == 200  # from another address
    store = cache._cache.get_client()
    kept = [key.decode() for key in store.keys("*voices*")]
    assert kept
    assert not [key for key in kept if ADDRESS in key]
    assert all(0 < store.ttl(key) <= throttle.HOUR for key in kept)


def test_the_whole_portal_takes_so_many_an_hour(cast, client, monkeypatch):
    monkeypatch.setitem(throttle.IN_ALL, "say", 2)
    for n in range(2):
        assert client.post("/voices/say/", WORDS, REMOTE_ADDR=f"203.0.113.{n}").status_code == 200
    assert client.post("/voices/say/", WORDS, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_codes_are_not_tried_at_will(cast, client, monkeypatch):
    monkeypatch.setitem(throttle.PER_ADDRESS, "follow", 2)
    for _n in range(2):
        client.post("/voices/follow/", {"code": "短"})
    assert client.post("/voices/follow/", {"code": "短"}).status_code == 429


def test_the_proxy_writes_no_line_of_these_doors():
    from jiangdong.unnamed import UNNAMED

    conf = (Path(settings.BASE_DIR) / "deploy/nginx/nginx.conf").read_text()
    kept = re.findall(r'"~(\^[^"]+)"\s+0;', conf)
    doors = (
        "/voices/say/",
        "/voices/follow/",
        "/voices/follow/answer/",
        "/voices/sessions/3/ask/",
        "/r/voice/x/",
    )
    for door in doors:
        assert UNNAMED.match(door)
        assert any(re.match(pattern, door) for pattern in kept), door
    for other in ("/voices/", "/voices/sessions/3/", "/wishes/", "/r/x/"):
        assert not UNNAMED.match(other)
        assert not any(re.match(pattern, other) for pattern in kept), other
    assert "access_log /dev/stdout facts if=$kept;" in conf


def test_keys_are_destroyed_long_after_the_end(cast, later):
    from voices import actions

    voice = bring(cast, "closed")
    assert actions.destroy_keys(on=NOW.date() + dt.timedelta(days=180)) == 0
    assert actions.destroy_keys(on=NOW.date() + dt.timedelta(days=181)) == 1
    voice.refresh_from_db()
    assert not hasattr(Voice.objects.get(), "key")
    structlog.contextvars.clear_contextvars()
