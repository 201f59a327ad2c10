"""What machines and operators ask: does it live, is it ready, its metrics, and the page 一切正常吗."""

import datetime as dt
import re
from collections import namedtuple

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from kombu import Connection

from accounts import heartbeats
from jiangdong import clock, env
from jiangdong.privacy import unseal
from jiangdong.running import figures, lines
from notices.models import DueLine, Notice
from notices.tasks import deliver_pending, sweep_reminders
from pairing.models import Resident
from pairing.tasks import erase_expired
from tests.cast import NOW, RESIDENT

HOUR = dt.timedelta(hours=1)
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "t" * 40


@pytest.fixture
def broken_database(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("no such server")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        yield


@pytest.fixture
def broken_broker(monkeypatch):
    monkeypatch.setattr(figures, "queue_length", lambda: None)


def test_it_lives_without_asking_anybody(broken_database, broken_broker):
    response = Client().get("/health/live", headers={"host": "10.0.0.5"})
    assert (response.status_code, response.json()) == (200, {"live": "ok"})


def test_it_is_ready_when_database_schema_disk_and_broker_are(db):
    response = Client().get("/health/ready", headers={"host": "10.0.0.5"})
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "disk": "ok", "broker": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_probes_are_not_sent_to_https(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/health/ready").status_code == 200


def test_it_is_not_ready_without_the_database(broken_database):
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["database"]) == (503, "down")
    assert "no such server" not in response.content.decode()


def test_it_is_not_ready_with_an_older_schema(db, monkeypatch):
    monkeypatch.setattr(figures, "migrations_missing", lambda: True)
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["database"]) == (503, "to be migrated")


def test_it_is_not_ready_with_the_disk_full(db, settings):
    settings.DISK_LEAST_MB = 10**9
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["disk"]) == (503, "full")


def test_without_the_broker_it_says_so_and_serves_on(db, broken_broker):
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["broker"]) == (200, "down")


def test_a_broker_that_is_not_there_has_no_queue(settings, monkeypatch):
    dead = {"socket_connect_timeout": 1, "max_retries": 1, "interval_start": 0, "interval_step": 0}
    monkeypatch.setattr(
        current_app,
        "connection_for_read",
        lambda: Connection("redis://127.0.0.1:1/0", transport_options=dead),
    )
    assert figures.queue_length() is None


def test_the_queue_is_counted_on_the_real_broker(settings, monkeypatch):
    where = settings.CACHES["default"]["LOCATION"]
    monkeypatch.setattr(current_app, "connection_for_read", lambda: Connection(where))
    assert figures.queue_length() == 0
    queue = cache._cache.get_client()
    queue.lpush(current_app.conf.task_default_queue, "a", "b")
    assert figures.queue_length() == 2


def test_posting_to_a_probe_is_no_probe(db):
    assert Client().post("/health/live").status_code == 404


@pytest.fixture
def counted(db, settings):
    settings.METRICS_TOKEN = TOKEN

    def read() -> str:
        response = Client().get(
            "/metrics", headers={"authorization": f"Bearer {TOKEN}"}, **STRANGER
        )
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_metrics_are_for_networks_and_bearers_that_are_named(db, settings):
    settings.METRICS_ALLOWED = env.networks("NO_SUCH", "10.0.0.0/8")
    assert Client().get("/metrics", REMOTE_ADDR="10.9.9.9").status_code == 200
    assert Client().get("/metrics", **STRANGER).status_code == 404
    for wrong in ("", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x"):
        assert (
            Client().get("/metrics", headers={"authorization": wrong}, **STRANGER).status_code
            == 404
        )
    settings.METRICS_TOKEN = TOKEN
    for wrong in ("", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer 令牌"):
        assert (
            Client().get("/metrics", headers={"authorization": wrong}, **STRANGER).status_code
            == 404
        )


def test_networks_are_read_strictly(monkeypatch):
    monkeypatch.setenv("METRICS_ALLOWED", "10.0.0.0/8,everybody")
    with pytest.raises(ImproperlyConfigured, match="METRICS_ALLOWED"):
        env.networks("METRICS_ALLOWED")


def test_metrics_count_requests_by_view_and_status_and_queries(cast, as_, wish_in, counted):
    wish = wish_in("claimed")
    as_(cast.cadre).get(f"/wishes/{wish.code}/")
    said = counted()
    assert 'by_status_view_method_total{method="GET",status="200",view="wishes:detail"}' in said
    assert 'django_db_execute_total{alias="default",vendor="postgresql"}' in said


def test_metrics_tell_queue_waiting_mail_and_what_was_done_when(cast, wish_in, counted, later):
    wish_in("claimed")
    Notice.objects.update(mail_state="pending", sent_at=None, created_at=NOW)
    heartbeats.note(heartbeats.ANCHOR)
    with later(hours=1):
        said = counted()
    assert re.search(r"^jiangdong_queue_length \d+\.0$", said, re.MULTILINE)
    assert "jiangdong_oldest_undelivered_notice_seconds 3600.0" in said
    assert "jiangdong_reminders_late 0.0" in said
    assert 'jiangdong_last_done_timestamp_seconds{name="anchor"}' in said


def test_metrics_hold_no_details_and_no_tokens(cast, as_, wish_in, counted):
    wish = wish_in("fulfilled")
    token = unseal(wish.link.sealed_token)["token"]
    client = as_(cast.worker)
    client.get(f"/r/{token}/")
    client.get(f"/{RESIDENT.phone}/")
    client.post(f"/wishes/{wish.code}/resident/")
    client.generic("ZHANGSHILI", "/")
    said = counted()
    for secret in (*vars(RESIDENT).values(), token, wish.code, "ZHANGSHILI"):
        assert secret not in said


def test_metrics_say_when_the_database_is_down(counted, broken_database):
    said = counted()
    assert "jiangdong_database_up 0.0" in said


def test_what_the_portal_does_by_itself_is_noted(db):
    sweep_reminders()
    deliver_pending()
    erase_expired()
    assert set(heartbeats.last()) == {"sweep", "deliver", "erase"}
    assert {beat.at for beat in heartbeats.last().values()} == {NOW}


def light(label: str, moment: dt.datetime = NOW) -> str:
    with clock.at(moment):
        (found,) = [line for line in lines.judge(figures.ask()) if line.label == label]
    assert bool(found.todo) == (found.light != "green")
    return found.light


@pytest.mark.parametrize(
    ("label", "name", "age", "expected"),
    [
        ("备份", "backup", 25 * HOUR, "green"),
        ("备份", "backup", 30 * HOUR, "amber"),
        ("备份", "backup", 80 * HOUR, "red"),
        ("存证", "anchor", 30 * HOUR, "amber"),
        ("后台任务", "deliver", HOUR / 12 * 0.9, "green"),
        ("后台任务", "deliver", HOUR / 3, "red"),
        ("到期删除", "erase", 27 * HOUR, "amber"),
    ],
)
def test_what_was_not_done_for_long_turns_amber_and_red(db, label, name, age, expected):
    assert light(label) == "red"
    with clock.at(NOW - age):
        heartbeats.note(name)
    assert light(label) == expected


@pytest.mark.parametrize(
    ("swept", "looked", "expected"),
    [
        ((9, 5), (10, 0), "green"),
        ((9, 5), (10, 10), "green"),
        ((9, 5), (10, 30), "amber"),
        ((9, 5), (14, 30), "red"),
        ((19, 5), (23, 0), "green"),
    ],
)
def test_a_sweep_is_missed_by_the_timetable_and_not_at_night(db, swept, looked, expected):
    with clock.at(NOW.replace(hour=swept[0], minute=swept[1])):
        heartbeats.note(heartbeats.SWEEP)
    assert light("查找到期事项", NOW.replace(hour=looked[0], minute=looked[1])) == expected


def test_mail_that_waits_turns_amber_and_red_but_not_in_the_quiet_hours(wish_in):
    wish_in("claimed")
    Notice.objects.update(mail_state="pending", sent_at=None, created_at=NOW)
    assert light("等得最久的邮件", NOW + HOUR / 6) == "green"
    assert light("等得最久的邮件", NOW + HOUR) == "amber"
    assert light("等得最久的邮件", NOW + 3 * HOUR) == "red"
    assert light("等得最久的邮件", NOW + 11 * HOUR) == "green"


def test_mail_that_was_given_up_is_told(wish_in):
    wish_in("claimed")
    assert light("没能发出的邮件") == "green"
    Notice.objects.update(mail_state="failed", sent_at=None)
    assert light("没能发出的邮件") == "amber"
    assert light("没能发出的邮件", NOW + 8 * 24 * HOUR) == "green"


def test_a_reminder_that_nobody_was_told_is_late_from_nine_on_the_next_working_day(cast):
    DueLine.objects.create(
        reminder="r",
        thing_kind="wishes.wish",
        thing_id=1,
        day=NOW.date(),
        recipient=cast.cadre,
        what="x",
        why="y",
        act="z",
        url="/",
    )
    tomorrow = NOW + 24 * HOUR
    assert light("该提醒而没有提醒的") == "green"
    assert light("该提醒而没有提醒的", tomorrow.replace(hour=8, minute=30)) == "green"
    assert light("该提醒而没有提醒的", tomorrow.replace(hour=9, minute=1)) == "red"


def test_who_should_have_been_erased_is_told(wish_in):
    wish_in("open")
    Resident.objects.update(erase_after=NOW.date())
    assert light("过期还没有删的居民信息", NOW + 24 * HOUR) == "green"
    assert light("过期还没有删的居民信息", NOW + 48 * HOUR) == "red"


def test_old_keys_and_lost_keys_are_told(wish_in, settings):
    wish_in("open")
    label, newest = "居民信息的密钥", settings.RESIDENT_KEYS[1]
    assert light(label) == "green"
    settings.RESIDENT_KEYS = {2: "n" * 43 + "=", 1: newest}
    assert light(label) == "amber"
    settings.RESIDENT_KEYS = {2: "n" * 43 + "="}
    assert light(label) == "red"


def test_holidays_that_nobody_knows_yet_are_told_a_month_ahead(db, monkeypatch):
    monkeypatch.setattr(figures, "calendar_known", lambda day: day.year <= 2026)
    assert light("节假日安排") == "green"
    assert light("节假日安排", NOW.replace(month=12)) == "amber"
    assert light("节假日安排", NOW.replace(year=2027)) == "red"


def test_a_broker_that_does_not_answer_is_red(db, broken_broker):
    assert light("排队的任务") == "red"


def test_a_disk_that_fills_up_is_told(db, monkeypatch):
    usage = namedtuple("usage", "total used free")
    for free, expected in ((50, "green"), (10, "amber"), (4, "red")):
        monkeypatch.setattr(
            figures.shutil, "disk_usage", lambda path, free=free: usage(100, 0, free)
        )
        assert light("磁盘") == expected


@pytest.mark.parametrize("who", ["admin", "supervisor"])
def test_administrators_and_supervisors_see_whether_everything_is_all_right(cast, as_, who):
    client = as_(getattr(cast, who))
    assert "/admin/running/" in client.get("/admin/").content.decode()
    html = client.get("/admin/running/").content.decode()
    assert "一切正常吗" in html
    assert "还没有做过" in html
    assert "data-light" in html


@pytest.mark.parametrize("who", ["supervision_group", "worker", "cadre", "street", "stranger"])
def test_nobody_else_sees_it(cast, as_, who):
    client = as_(getattr(cast, who))
    assert client.get("/admin/running/").status_code == 403
    assert "/admin/running/" not in client.get("/").content.decode()


def test_a_passer_by_is_asked_to_sign_in(db):
    assert Client().get("/admin/running/").url.startswith("/accounts/login/")


def test_all_green_is_said_in_one_sentence(cast, as_, settings, monkeypatch):
    settings.ANCHOR_MAIL = ["archive@example.org"]
    for name in ("anchor", "backup", "deliver", "erase", "sweep"):
        heartbeats.note(name)
    monkeypatch.setattr(lines, "_disk", lambda now: lines.Line("磁盘", "green", "够"))
    monkeypatch.setattr(figures, "queue_length", lambda: 0)  # other tests' tasks wait there
    assert "一切正常。" in as_(cast.admin).get("/admin/running/").content.decode()


def test_the_page_asks_the_same_of_the_database_however_much_there_is(cast, as_, wish_in):
    client = as_(cast.admin)
    client.get("/admin/running/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/running/")
    for _n in range(3):
        wish_in("claimed")
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/running/")
    assert len(few) == len(many)
