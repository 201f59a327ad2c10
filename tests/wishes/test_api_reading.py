"""Lists and single wishes through the API: who reads what, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pairing.actions import Details
from tests.api import V1, api, is_problem, wish_url
from tests.cast import RESIDENT

pytestmark = pytest.mark.django_db

ROW = {
    "code", "title", "detail", "kind", "state", "visibility", "community", "community_name",
    "street", "street_name", "agency", "agency_name", "estimate", "logged_at", "published_at",
    "open_to_all_on", "due_on", "campaign", "archived",
}  # fmt: skip
INSIDE = {
    "offered_to", "handler_name", "origin", "for_child", "sensitive", "money_source",
    "response_due_on", "claimed_at", "fulfilled_at", "fulfil_note", "reopened", "closed_at",
    "rating", "words", "how", "for_group", "waits_for", "waits_until", "referred_to", "receipt",
    "told",
}  # fmt: skip
DETAIL = {"together", "suits_when", "takes", "goal", "shares_taken", "moves"}
LIST = f"{V1}wishes/"


def codes(client, **query) -> list[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200, response.json()
    return [row["code"] for row in response.json()["results"]]


def test_a_list_holds_what_everybody_may_know_and_nothing_else(cast, wish_in):
    wish = wish_in("closed", estimate="300.00", kind="goods")
    body = api(cast.worker).get(LIST).json()
    assert set(body) == {"next", "previous", "results"}
    (row,) = body["results"]
    assert set(row) == ROW
    assert row == row | {
        "code": wish.code,
        "title": "想有人陪着去医院配一次药",
        "kind": "goods",
        "state": "closed",
        "visibility": "public",
        "community": "QT",
        "community_name": "七塔社区",
        "street": "BZ",
        "agency": "JY",
        "agency_name": "区教育局",
        "estimate": "300.00",
        "due_on": "2026-03-19",
        "campaign": None,
        "archived": False,
    }


def test_a_detail_tells_insiders_more_and_each_their_moves(cast, wish_in):
    wish = wish_in("fulfilled")
    inside = api(cast.worker).get(wish_url(wish)).json()
    assert set(inside) == ROW | DETAIL | INSIDE
    assert inside["moves"] == ["confirm", "reopen", "end"]
    assert (inside["handler_name"], inside["fulfil_note"]) == ("王示例", "周五上午陪着去配好了药")
    outside = api(cast.worker2).get(wish_url(wish)).json()
    assert set(outside) == ROW | DETAIL
    assert outside["moves"] == []


# who -> which of the wishes below they may open
SEEN = {
    "worker": {"draft", "checking", "public", "paired", "private", "withdrawn", "other"},
    "warden": {"public", "other", "noted"},
    "worker2": {"public", "other", "other_draft"},
    "cadre": {"public", "paired", "other"},
    "member": {"public", "other"},
    "street": {"checking", "public", "paired", "private", "withdrawn", "other"},
    "street2": {"public", "other"},
    "supervisor": {"public", "paired", "private", "withdrawn", "other"},
    "supervision_group": {"public", "paired", "private", "withdrawn", "other"},
    "admin": {"public", "other"},
    "stranger": {"public", "other"},
}


@pytest.fixture
def wishes(cast, wish_in):
    """Make one wish of each visibility, of two communities."""
    hc = {"community": cast.places.hc, "logged_by": cast.worker2}
    return {
        "draft": wish_in("draft"),
        "checking": wish_in("checking"),
        "public": wish_in("open"),
        "paired": wish_in("open", visibility="paired"),
        "private": wish_in("open", visibility="private"),
        "withdrawn": wish_in("withdrawn"),
        "other": wish_in("open", **hc),
        "other_draft": wish_in("draft", **hc),
        "noted": wish_in("draft", logged_by=cast.warden),
    }


@pytest.mark.parametrize("who", SEEN)
def test_list_and_detail_agree_on_who_may_open_what(cast, wishes, who):
    client = api(getattr(cast, who))
    seen = SEEN[who] | ({"noted"} if who == "worker" else set())
    assert set(codes(client)) == {wishes[name].code for name in seen}
    for name, wish in wishes.items():
        response = client.get(wish_url(wish))
        assert response.status_code == (200 if name in seen else 404), name


def test_no_answer_holds_a_residents_details(cast, wishes, wish_in):
    wish_in("closed")
    canaries = [*vars(RESIDENT).values()]
    for user in (cast.worker, cast.cadre, cast.street, cast.supervisor, cast.stranger):
        client = api(user)
        texts = [client.get(LIST).content.decode()]
        for wish in wishes.values():
            texts += [client.get(wish_url(wish)).content.decode()]
            texts += [client.get(wish_url(wish, "events")).content.decode()]
        for canary in canaries:
            assert not any(canary in text for text in texts)


@pytest.mark.parametrize("query", [{}, {"ordering": "due_on"}])
def test_a_list_costs_the_same_queries_for_one_row_and_thirty(cast, wish_in, query):
    client = api(cast.cadre)
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            wish_in("open", resident=Details(), consents=frozenset({"publish"}))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(codes(client, **query)) == (1 if rows == 1 else 30)
        counts.append(len(queries))
    # token with its user, standing, list; an order with NULLs reads those apart
    assert counts == ([4, 4] if query else [3, 3])


@pytest.mark.parametrize(("who", "queries"), [("cadre", 3), ("worker2", 3), ("worker", 4)])
def test_a_detail_costs_three_queries_and_one_for_whom_calls_concern(
    cast, wish_in, django_assert_num_queries, who, queries
):
    client, wish = api(getattr(cast, who)), wish_in("fulfilled")
    with django_assert_num_queries(queries):
        client.get(wish_url(wish))


def test_search_finds_two_characters(cast, wish_in):
    wish_in("open", title="想要一盏台灯")
    bulb = wish_in("open", title="楼道灯泡坏了请换")
    client = api(cast.cadre)
    assert codes(client, q="灯泡") == [bulb.code]
    assert codes(client, q="电梯") == []


def test_filters_narrow(cast, wishes, wish_in, later):
    repair = wish_in("claimed", kind="repair")
    client = api(cast.cadre)
    assert codes(client, kind="repair") == [repair.code]
    assert codes(client, state=["claimed", "closed"]) == [repair.code]
    assert codes(client, agency="JY") == [repair.code]
    assert codes(client, mine="true") == [repair.code]
    assert repair.code not in codes(client, mine="false")
    assert codes(client, community="HC") == [wishes["other"].code]
    assert codes(client, street="DS") == []
    assert codes(client, visibility="paired") == [wishes["paired"].code]
    assert codes(client, published_after="2026-03-10T10:00:01+08:00") == []
    assert len(codes(client, published_before="2026-03-10T02:00:01Z")) == 4
    assert codes(client, due_before="2026-03-18") == []
    assert len(codes(client, due_before="2026-03-19")) == 4
    assert codes(client, overdue="true") == codes(client, archived="true") == []
    with later(days=10):
        assert len(codes(client, overdue="true")) == 4
        assert codes(client, overdue="false") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "miracle"),
        ("state", "lost"),
        ("visibility", "secret"),
        ("community", "ZZ"),
        ("street", "\x00"),
        ("agency", "区教育局"),
        ("campaign", "none"),
        ("archived", "perhaps"),
        ("mine", "me"),
        ("overdue", "2"),
        ("due_before", "tomorrow"),
        ("due_before", "2026-02-30"),
        ("published_after", "yesterday"),
        ("published_after", "0001-01-01T00:00:00+15:00"),
        ("published_before", "2026-01-01T00:00:00+99:99"),
        ("q", "灯" * 41),
        ("q", "灯\x00"),
        ("ordering", "resident"),
        ("ordering", "title"),
        ("page_size", "0"),
        ("page_size", "101"),
        ("page_size", "-1"),
        ("page_size", "0000000010000"),
        ("page_size", "²"),
        ("page_size", "many"),
        ("cursor", "x"),
        ("cursor", "W10"),
        ("cursor", "灯"),
        ("cursor", "\x00"),
    ],
)
def test_an_unknown_choice_is_400_with_its_field(cast, name, value):
    response = api(cast.cadre).get(LIST, {name: value})
    assert response.status_code == 400
    assert is_problem(response, 400, response.json()["code"])
    assert set(response.json()["fields"]) == {name}


@pytest.mark.parametrize("offset", ["+15:59", "-15:59", "+16:00", "-18:00", "+23:59", "-23:59"])
def test_any_offset_of_a_moment_is_understood(cast, wish_in, offset):
    wish = wish_in("open")
    client = api(cast.cadre)
    assert codes(client, published_after=f"2026-03-01T00:00:00{offset}") == [wish.code]


@pytest.mark.parametrize(
    "ordering",
    [
        "entered",
        "-entered",
        "published_at",
        "-published_at",
        "due_on",
        "-due_on",
        "code",
        "-code",
    ],
)
def test_pages_forward_then_back_give_the_same(cast, wish_in, ordering):
    for day in (None, 12, 12, 12, 11, None, 20):
        due_on = day and f"2026-03-{day}"
        wish_in("draft", due_on=due_on)
    client = api(cast.worker)
    whole = codes(client, ordering=ordering)
    assert len(whole) == 7
    pages, url = [], f"{LIST}?ordering={ordering}&page_size=3&state=draft"
    while url:
        body = client.get(url).json()
        pages.append([row["code"] for row in body["results"]])
        url, last = body["next"], body
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [code for page in pages for code in page] == whole
    back = []
    while url := last["previous"]:
        assert "state=draft" in url
        last = client.get(url).json()
        back.insert(0, [row["code"] for row in last["results"]])
    assert back == pages[:-1]


def test_a_list_and_a_detail_are_read_by_get_alone(cast, wish_in):
    client, wish = api(cast.worker), wish_in("open")
    for method in ("put", "patch", "delete"):
        assert is_problem(getattr(client, method)(LIST), 405, "wrong_method")
        assert is_problem(getattr(client, method)(wish_url(wish)), 405, "wrong_method")
    assert is_problem(client.post(wish_url(wish)), 405, "wrong_method")


def test_without_a_token_nothing_is_read(cast, wish_in):
    wish = wish_in("open")
    for url in (LIST, wish_url(wish), wish_url(wish, "events")):
        response = api().get(url)
        assert is_problem(response, 401, "not_signed_in")
        assert response["WWW-Authenticate"] == "Token"


def test_a_session_reads_too(cast, wish_in, as_):
    wish = wish_in("open")
    assert as_(cast.cadre).get(wish_url(wish)).json()["code"] == wish.code
