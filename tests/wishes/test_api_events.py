"""A wish's course through the API: for those who have to do with it."""

import pytest

from accounts import trail
from tests.api import api, is_problem, wish_url

pytestmark = pytest.mark.django_db


def test_insiders_read_the_course_in_its_order(cast, wish_in):
    wish = wish_in("closed")
    body = api(cast.street).get(wish_url(wish, "events")).json()
    assert set(body) == {"next", "previous", "results"}
    rows = body["results"]
    assert [(row["n"], row["move"], row["from"], row["to"], row["by"]) for row in rows] == [
        (1, "log", "", "draft", "七塔社区"),
        (2, "publish", "draft", "open", "七塔社区"),
        (3, "claim", "open", "claimed", "区教育局"),
        (4, "fulfil", "claimed", "fulfilled", "区教育局"),
        (5, "confirm", "fulfilled", "closed", "七塔社区"),
    ]
    assert set(rows[0]) == {"n", "at", "move", "from", "to", "by", "note", "hash"}
    assert [row["note"] for row in rows] == [None, None, None, "周五上午陪着去配好了药", "谢谢你们"]
    assert [row["hash"] for row in rows] == [event.hash for event in trail.events_of(wish)]
    assert rows[0]["at"] == "2026-03-10T10:00:00+08:00"


@pytest.mark.parametrize(
    "who", ["worker", "colleague", "cadre", "cadre_b", "liaison", "street", "supervisor"]
)
def test_whoever_has_to_do_with_it_reads_it(cast, wish_in, who):
    wish = wish_in("claimed")
    assert api(getattr(cast, who)).get(wish_url(wish, "events")).status_code == 200


@pytest.mark.parametrize("who", ["worker2", "cadre2", "member", "street2", "leader", "stranger"])
def test_others_who_may_open_the_wish_are_403(cast, wish_in, who):
    wish = wish_in("claimed")
    response = api(getattr(cast, who)).get(wish_url(wish, "events"))
    assert is_problem(response, 403, "not_yours")


def test_who_may_not_open_it_is_404(cast, wish_in):
    wish = wish_in("draft")
    assert is_problem(api(cast.cadre).get(wish_url(wish, "events")), 404, "not_found")


def test_it_pages_like_every_list(cast, wish_in):
    wish = wish_in("closed")
    client = api(cast.worker)
    first = client.get(wish_url(wish, "events"), {"page_size": 2}).json()
    second = client.get(first["next"]).json()
    assert [row["n"] for row in first["results"] + second["results"]] == [1, 2, 3, 4]
    latest = client.get(wish_url(wish, "events"), {"ordering": "-n", "page_size": 1}).json()
    assert [row["n"] for row in latest["results"]] == [5]
    assert is_problem(
        client.get(wish_url(wish, "events"), {"ordering": "by_id"}), 400, "bad_ordering"
    )


def test_erased_words_are_gone_and_the_course_stays(cast, wish_in):
    wish = wish_in("closed")
    trail.erase_notes(wish)
    rows = api(cast.worker).get(wish_url(wish, "events")).json()["results"]
    assert [row["note"] for row in rows] == [None] * 5


def test_nothing_is_written_through_it(cast, wish_in):
    wish = wish_in("open")
    for method in ("post", "put", "patch", "delete"):
        response = getattr(api(cast.worker), method)(wish_url(wish, "events"))
        assert is_problem(response, 405, "wrong_method")
