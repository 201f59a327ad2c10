"""What a phone is given to work without a network: a page of nobody's, a worker to serve it, and a key of one's own."""

import base64
import datetime as dt
import json
import re

from django.contrib.staticfiles import finders

from accounts.models import Session
from tests.wishes.doors import text_of

WHO = "/wishes/log/who/"
SHELL = "/wishes/log/offline/"


def test_who_nobody_is_gets_no_key(client, db):
    answer = client.get(WHO)
    assert answer.status_code == 401
    assert "key" not in answer.json()


def test_a_worker_gets_a_key_a_token_and_the_community(cast, as_):
    answer = as_(cast.worker).get(WHO)
    told = answer.json()
    assert told == told | {"owner": str(cast.worker.pk), "community": "QT", "place": "七塔社区"}
    assert len(base64.b64decode(told["key"])) == 32
    assert told["csrf"]
    assert "no-store" in answer["Cache-Control"]


def test_the_key_is_the_same_at_every_sign_in_and_nobody_elses(cast, as_, settings):
    first = as_(cast.worker).get(WHO).json()["key"]
    assert as_(cast.worker).get(WHO).json()["key"] == first
    assert as_(cast.colleague).get(WHO).json()["key"] != first
    settings.SECRET_KEY = "another" * 10
    assert as_(cast.worker).get(WHO).json()["key"] != first


def test_the_key_is_for_as_long_as_the_session_can_last(cast, as_, settings):
    told = as_(cast.worker).get(WHO).json()
    began = Session.objects.get(user=cast.worker).began_at
    hours = (dt.datetime.fromisoformat(told["until"]) - began).total_seconds() / 3600
    assert abs(hours - 12) < 0.1


def test_who_works_for_no_community_is_told_of_none(cast, as_):
    assert as_(cast.cadre).get(WHO).json()["community"] == ""


def test_the_shell_is_the_same_for_everybody_and_carries_nothing_of_anybody(cast, as_, client):
    pages = {as_(person).get(SHELL).content for person in (None, cast.worker, cast.cadre)}
    assert len(pages) == 1
    html = pages.pop().decode()
    for trace in ("csrfmiddlewaretoken", "X-CSRFToken", "林示例", "七塔", "data-owner"):
        assert trace not in html
    assert not client.get(SHELL).cookies


def test_the_service_worker_is_served_from_the_root_and_names_all_that_the_shell_needs(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer["Cache-Control"]
    pieces = json.loads(re.search(r"const PIECES = (\[.*\]);", text_of(answer))[1])
    html = text_of(client.get(SHELL))
    assert set(re.findall(r'"(/static/[^"]+)"', html)) == set(pieces)
    assert all(finders.find(piece.removeprefix("/static/")) for piece in pieces)


def test_another_release_of_any_piece_is_another_worker(client, monkeypatch):
    from jiangdong import pages

    pages._worker.cache_clear()
    before = text_of(client.get("/sw.js"))
    monkeypatch.setattr(pages, "_content", lambda address: "changed")
    pages._worker.cache_clear()
    assert text_of(client.get("/sw.js")) != before
    pages._worker.cache_clear()


def test_the_portal_can_be_put_on_a_phones_first_screen(cast, as_, client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    facts = answer.json()
    assert (facts["name"], facts["start_url"], facts["display"]) == (
        "江东365",
        "/wishes/log/",
        "standalone",
    )
    assert {icon["sizes"] for icon in facts["icons"]} == {"192x192", "512x512"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in facts["icons"])
    assert 'rel="manifest"' in text_of(as_(cast.worker).get("/wishes/log/"))


def test_signing_out_asks_the_browser_to_forget_and_opening_the_page_does_not(cast, as_):
    client = as_(cast.worker)
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'
