"""Canaries in what is kept and handed out: backups, anchors, the journal of erasures, sheets, the admin, errors."""

import logging
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.admin import site
from django.core.management import call_command
from django.urls import reverse

from accounts import anchors
from jiangdong import clock
from jiangdong.backup import programs
from jiangdong.backup.manifest import DUMP, NAME
from pairing import actions as pairing
from tests.api import V1, api
from tests.cast import RESIDENT
from tests.wishes.doors import text_of
from tests.wishes.test_canary import FACTS, read
from wishes import actions
from wishes.models import Wish

TITLE = "想要一把伞"


def found_in(text: str | bytes) -> list[str]:
    """Return which of the resident's details stand in a text."""
    text = text if isinstance(text, bytes) else text.encode()
    return [fact for fact in FACTS if fact.encode() in text]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_no_file_of_a_backup_holds_a_detail_that_can_be_read(cast, wish_in, tmp_path):
    for state in ("draft", "open", "claimed", "closed"):
        wish_in(state, title=TITLE)
    folder = tmp_path / "backup"
    call_command("backup", to=folder)
    assert {DUMP, NAME} <= {path.name for path in files_in(folder)}
    for path in files_in(folder):
        assert found_in(path.read_bytes()) == [], path.name
    words = ["--file", "-", folder / DUMP]
    with programs.running("pg_restore", *words, stdout=subprocess.PIPE) as unpacked:
        text = unpacked.stdout.read()
        assert unpacked.wait() == 0
    assert TITLE.encode() in text  # the search does find what is there
    assert found_in(text) == []


def test_neither_anchors_nor_the_journal_of_erasures_hold_a_detail(
    wish_in, settings, django_capture_on_commit_callbacks
):
    wish = wish_in("closed")
    anchors.anchor(day=clock.today())
    with django_capture_on_commit_callbacks(execute=True):
        pairing.erase(resident=wish.resident)
    kept = [settings.ERASURE_JOURNAL, *files_in(settings.ANCHORS_FOLDER)]
    assert len(kept) > 1
    for path in kept:
        assert path.stat().st_size
        assert found_in(path.read_bytes()) == [], path.name


def lists_of_the_admin() -> list[str]:
    """Return the addresses of every list of the admin, as it is, searched, and asked for as a sheet."""
    asked = [{}, {"all": ""}, *({"q": fact} for fact in FACTS), {"_export": "xlsx"}]
    names = [model._meta.label_lower.replace(".", "_") for model in site._registry]
    return [
        f"{reverse(f'admin:{name}_changelist')}?{urlencode(words)}"
        for name in names
        for words in asked
    ]


@pytest.mark.parametrize("who", ["supervisor", "supervision_group", "admin"])
def test_no_list_of_the_admin_shows_a_detail_or_finds_a_wish_by_one(who, cast, as_, wish_in):
    wish = wish_in("claimed", title=TITLE)
    client = as_(getattr(cast, who))
    opened = 0
    for address in lists_of_the_admin():
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 403), address
        opened += answer.status_code == 200
        text = text_of(answer)
        if "q=" in address:
            assert wish.code not in text, address
        else:
            assert found_in(text) == [], address
    assert opened > 10


@pytest.mark.parametrize("who", ["worker", "warden", "liaison", "street"])
def test_no_sheet_of_a_desk_holds_a_detail(who, cast, as_, wish_in):
    for state in ("draft", "checking", "claimed", "closed"):
        wish_in(state)
    for tab in ("drafts", "all", "open", "closed"):
        answer = as_(getattr(cast, who)).get(f"/wishes/desk/export/?tab={tab}")
        assert found_in(read(answer)) == []
        assert found_in(answer.content) == []


def test_no_page_of_refusal_repeats_a_detail_of_what_was_sent(cast, as_, wish_in):
    wish, taken = wish_in("draft"), wish_in("claimed")
    details = {"title": TITLE, "kind": "goods", "contact": "on", **vars(RESIDENT)}
    sent = [
        (cast.cadre, "/wishes/log/", 403),
        (cast.cadre, f"/wishes/{wish.code}/edit/", 404),
        (cast.cadre, f"/wishes/{wish.code}/resident/", 404),
        (cast.worker, "/wishes/QT-9999/edit/", 404),
        (cast.worker, "/nowhere/", 404),
        (cast.cadre2, f"/wishes/{taken.code}/claim/", 409),
        (cast.worker, "/admin/", 403),
    ]
    for who, address, status in sent:
        answer = as_(who).post(address, details)
        assert (answer.status_code, found_in(read(answer))) == (status, []), address
    unsafe = as_(cast.worker, enforce_csrf_checks=True).post("/wishes/log/", details)
    assert (unsafe.status_code, found_in(read(unsafe))) == (403, [])


def test_no_page_and_no_log_of_a_failure_repeats_a_detail_of_what_was_sent(
    cast, as_, wish_in, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)

    def fail(**_words) -> None:
        raise RuntimeError("the disk is full")

    wish = wish_in("claimed")
    monkeypatch.setattr(actions, "log", fail)
    monkeypatch.setattr(pairing, "look", fail)
    details = {"title": TITLE, "kind": "goods", "contact": "on", **vars(RESIDENT)}
    worker = as_(cast.worker, raise_request_exception=False)
    spoken = api(cast.worker)
    spoken.raise_request_exception = False
    body = {"title": TITLE, "detail": TITLE, "kind": "goods", "resident": vars(RESIDENT)}
    answers = [
        worker.post("/wishes/log/", details),
        spoken.post(f"{V1}wishes/", {**body, "consent": {"contact": True}}),
        worker.post(f"/wishes/{wish.code}/resident/", {"why": RESIDENT.note}),
    ]
    for answer in answers:
        assert answer.status_code == 500
        assert found_in(read(answer)) == []
    assert any(record.exc_info for record in caplog.records)
    for record in caplog.records:
        said = logging.Formatter().format(record)
        assert found_in(f"{said} {vars(record).get('data', '')}") == []
    assert Wish.objects.count() == 1
