"""Logs: a line for each request and each failure, with nothing in it that concerns a resident."""

import datetime as dt
import json
import logging
import logging.config
import re
from pathlib import Path

import pytest
import structlog
from celery import shared_task
from django.test import override_settings
from django.urls import path
from django.utils.functional import SimpleLazyObject
from django_structlog.celery.receivers import CeleryReceiver

from jiangdong import logs
from jiangdong.privacy import unseal
from jiangdong.request_log import RequestLog
from jiangdong.urls import urlpatterns as portal
from tests.cast import RESIDENT


def _fails(request):
    raise ValueError(f"nobody may read {RESIDENT.name} {RESIDENT.phone}")


urlpatterns = [path("fails/", _fails), *portal]


@shared_task
def failing_task() -> None:
    raise ValueError(f"nobody may read {RESIDENT.name} {RESIDENT.phone}")


@pytest.fixture
def written(tmp_path: Path):
    """Log as production does, and return a function that reads the lines back."""
    root, names = (
        logging.getLogger(),
        ("django.request", "celery.worker.strategy", "celery.app.trace"),
    )
    before = root.handlers[:], root.level
    silent = {
        name: (logging.getLogger(name).level, logging.getLogger(name).propagate) for name in names
    }
    folder = tmp_path / "logs"
    logging.config.dictConfig(logs.config(production=True, folder=folder, days=190))

    def read() -> list[dict]:
        files = sorted(folder.glob("*.log"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    yield read
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = before
    for name, (level, propagate) in silent.items():
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).propagate = propagate


def text_of(lines: list[dict]) -> str:
    return json.dumps(lines, ensure_ascii=False)


def request_line(lines: list[dict]) -> dict:
    (line,) = [line for line in lines if line["event"].startswith("request_")]
    return line


def test_a_request_is_one_line_that_says_which_page_for_whom_and_how_it_ended(
    cast, as_, wish_in, written
):
    wish = wish_in("claimed")
    as_(cast.cadre).get(f"/wishes/{wish.code}/?from=张示例", REMOTE_ADDR="10.1.2.3")
    line = request_line(written())
    assert line["request"] == f"GET /wishes/{wish.code}/"
    assert line["view"] == "wishes:detail"
    assert (line["code"], line["user_id"], line["ip"]) == (200, cast.cadre.pk, "10.1.2.3")
    assert re.fullmatch(r"[0-9a-f-]{36}", line["request_id"])
    assert line["ms"] >= 0
    assert line["level"] == "info"


def test_looking_at_a_residents_details_leaves_none_of_them_in_the_log(
    cast, as_, wish_in, written, capfd
):
    wish = wish_in("claimed")
    client = as_(cast.cadre)
    client.post(f"/wishes/{wish.code}/resident/", {"why": f"联系{RESIDENT.name}"})
    client.get("/wishes/", {"q": RESIDENT.phone})
    client.get(f"/{RESIDENT.phone}/{RESIDENT.name}/")
    token = unseal(wish.link.sealed_token)["token"]
    client.get(f"/r/{token}/")
    client.post(f"/r/{token}/", {"words": RESIDENT.note})
    client.get(f"/r/{token}")
    said = text_of(written())
    assert "GET /r/…/" in said
    said += "".join(capfd.readouterr())
    for secret in (*vars(RESIDENT).values(), token):
        assert secret not in said


def test_where_a_resident_came_from_is_not_written(wish_in, as_, written):
    token = unseal(wish_in("fulfilled").link.sealed_token)["token"]
    as_(None).get(f"/r/{token}/", REMOTE_ADDR="10.1.2.3")
    line = request_line(written())
    assert line["view"] == "resident:page"
    assert "10.1.2.3" not in text_of([line])


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_is_told_by_type_and_place_and_not_by_its_words(db, as_, written):
    client = as_(None, raise_request_exception=False)
    assert client.get("/fails/").status_code == 500
    line = request_line(written())
    assert (line["event"], line["code"], line["level"]) == ("request_failed", 500, "error")
    assert line["exception"] == "builtins.ValueError"
    assert any("_fails" in place for place in line["places"])
    assert RESIDENT.name not in text_of(written())
    assert RESIDENT.phone not in text_of(written())


def test_a_failing_library_that_repeats_the_words_is_cut_short(written):
    error = ValueError(f"no such resident {RESIDENT.name}")
    logging.getLogger("library").error("it failed: %s, %r", error, error, exc_info=error)
    (line,) = written()
    assert line["event"] == "it failed: builtins.ValueError, builtins.ValueError"
    assert RESIDENT.name not in text_of([line])


def test_a_failing_task_leaves_no_words_behind(written):
    try:
        failing_task()
    except ValueError as error:
        CeleryReceiver().receiver_task_failure(task_id="t", exception=error, sender=failing_task)
    (line,) = written()
    assert (line["event"], line["task_id"]) == ("task_failed", "t")
    assert RESIDENT.name not in text_of([line])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ring 138 0000 0077 today", "ring … today"),
        ("33020519500101001X is", "… is"),
        ("to ling@example.com failed", "to … failed"),
        ("GET /r/AbC-123_x/", "GET /r/…/"),
        (
            "/accounts/password/reset/key/1a-cq3x9b-0123456789abcdef0123/",
            "/accounts/password/reset/key/…/",
        ),
        ("wish QT-0001 took 12 ms", "wish QT-0001 took 12 ms"),
    ],
)
def test_what_is_personal_is_masked_wherever_it_stands(said, kept):
    assert logs.mask(said) == kept


def test_a_line_of_any_logger_is_masked_and_carries_the_requests_id(written):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("any").warning("ring %s", RESIDENT.phone)
        structlog.get_logger("other").warning("ring", number=RESIDENT.phone)
    first, second = written()
    assert (first["event"], first["request_id"], first["logger"]) == ("ring …", "r-1", "any")
    assert (second["number"], second["request_id"]) == ("…", "r-1")


def test_files_are_a_day_each_and_go_after_their_time(tmp_path):
    today = dt.date.today()  # noqa: DTZ011
    for days in (1, 190, 191, 400):
        (tmp_path / f"{today - dt.timedelta(days=days)}.log").write_text("old\n")
    (tmp_path / "notes.log").write_text("mine\n")
    handler = logs.DailyFile(tmp_path, 190)
    handler.emit(logging.makeLogRecord({"msg": "now"}))
    handler.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["notes.log", *(f"{today - dt.timedelta(days=days)}.log" for days in (0, 1, 190))]
    )
    assert (tmp_path / f"{today}.log").stat().st_mode & 0o777 == 0o600


def test_a_line_asks_for_no_account_that_the_page_did_not_ask_for(rf):
    request = rf.get("/")
    request.user = SimpleLazyObject(lambda: pytest.fail("asked"))
    RequestLog.bind_user_id(request)
    assert "user_id" not in structlog.contextvars.get_contextvars()
