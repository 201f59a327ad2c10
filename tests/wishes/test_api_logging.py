"""Writing a wish down through the API."""

import datetime as dt

import pytest

from accounts import trail
from accounts.models import IdempotencyKey
from pairing.models import Consent, Resident
from tests.api import V1, api, is_problem
from wishes.models import Wish

pytestmark = pytest.mark.django_db

LIST = f"{V1}wishes/"
BODY = {
    "community": "QT",
    "title": "想要一盏台灯",
    "detail": "晚上看书\n字太小",
    "kind": "goods",
    "due_on": "2026-03-31",
    "estimate": "120.50",
    "resident": {
        "name": "张示例",
        "phone": "13800000077",
        "address": "七塔一村9幢301室",
        "note": "敲门要响\n白天在家",
    },
    "consent": {"contact": True, "publish": True, "sensitive": False},
}


def without(*names: str, **changed) -> dict:
    return {name: value for name, value in (BODY | changed).items() if name not in names}


def test_a_wish_is_written_down_as_a_draft(cast):
    response = api(cast.worker).post(LIST, BODY)
    assert response.status_code == 201, response.json()
    answer = response.json()
    assert answer == answer | {
        "code": "QT-0001",
        "title": "想要一盏台灯",
        "detail": "晚上看书\n字太小",
        "kind": "goods",
        "state": "draft",
        "visibility": "",
        "community": "QT",
        "due_on": "2026-03-31",
        "estimate": "120.50",
        "moves": ["submit", "publish", "withdraw", "refer", "end"],
    }
    wish = Wish.objects.get(code="QT-0001")
    assert wish.logged_by == cast.worker
    assert [event.move for event in trail.events_of(wish)] == ["log"]


def test_the_residents_details_are_sealed_and_never_told_again(cast):
    response = api(cast.worker).post(LIST, BODY)
    for canary in BODY["resident"].values():
        assert canary.split("\n")[0] not in response.content.decode()
        assert canary not in Resident.objects.get().sealed
    assert set(Consent.objects.values_list("kind", flat=True)) == {"contact", "publish"}


def test_the_community_is_ones_own_if_left_out(cast):
    answer = api(cast.worker2).post(LIST, {"title": "修门铃", "kind": "repair"}).json()
    assert (answer["code"], answer["detail"], answer["due_on"]) == ("HC-0001", "", None)
    assert Consent.objects.count() == 0


def test_a_block_warden_writes_drafts_alone(cast):
    client = api(cast.warden)
    answer = client.post(LIST, BODY).json()
    assert (answer["state"], answer["moves"]) == ("draft", ["submit", "withdraw"])
    url = f"{LIST}{answer['code']}/publish/"
    assert is_problem(client.post(url, {"visibility": "public"}), 403, "not_yours")


@pytest.mark.parametrize(
    "who", ["cadre", "liaison", "member", "street", "supervisor", "leader", "admin", "stranger"]
)
def test_others_write_none_down_whatever_they_send(cast, who):
    client = api(getattr(cast, who))
    for body in (BODY, without("community"), {}):
        assert is_problem(client.post(LIST, body), 403, "not_yours")
    assert Wish.objects.count() == 0


def test_nobody_writes_for_another_community(cast):
    assert is_problem(api(cast.worker2).post(LIST, BODY), 403, "not_yours")
    assert Wish.objects.count() == Resident.objects.count() == 0


def test_without_a_token_nothing_is_written(cast):
    assert is_problem(api().post(LIST, BODY), 401, "not_signed_in")


def test_details_are_not_kept_without_the_residents_nod(cast):
    for consent in ({}, {"publish": True}):
        response = api(cast.worker).post(LIST, BODY | {"consent": consent})
        assert is_problem(response, 400, "no_consent")
        assert set(response.json()["fields"]) == {"consent"}
    assert Wish.objects.count() == Resident.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": None}, "title"),
        ({"title": ["想要台灯"]}, "title"),
        ({"title": "灯" * 41}, "title"),
        ({"title": "两\n行"}, "title"),
        ({"title": "响\x07铃"}, "title"),
        ({"title": "空\x00字"}, "title"),
        ({"detail": "灯" * 501}, "detail"),
        ({"detail": "退\x08格"}, "detail"),
        ({"detail": None}, "detail"),
        ({"kind": "miracle"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": {"a": 1}}, "kind"),
        ({"community": "ZZ"}, "community"),
        ({"community": 1}, "community"),
        ({"community": {"code": "QT"}}, "community"),
        ({"community": "\x00"}, "community"),
        ({"due_on": "2026-03-09"}, "due_on"),
        ({"due_on": "0001-01-01"}, "due_on"),
        ({"due_on": "31.3.2026"}, "due_on"),
        ({"due_on": 20260331}, "due_on"),
        ({"due_on": "99999-01-01"}, "due_on"),
        ({"estimate": "-1"}, "estimate"),
        ({"estimate": "1e9"}, "estimate"),
        ({"estimate": "NaN"}, "estimate"),
        ({"estimate": "1.234"}, "estimate"),
        ({"estimate": 10**400}, "estimate"),
        ({"money_source": "lottery"}, "money_source"),
        ({"for_child": "perhaps"}, "for_child"),
        ({"resident": "张示例"}, "resident"),
        ({"resident": {"name": "张" * 41}}, "resident.name"),
        ({"resident": {"phone": "1\n2"}}, "resident.phone"),
        ({"resident": {"note": "\x1b[2J"}}, "resident.note"),
        ({"consent": ["contact"]}, "consent"),
        ({"consent": {"contact": "perhaps"}}, "consent.contact"),
    ],
)
def test_what_cannot_be_is_400_with_its_field(cast, changed, field):
    response = api(cast.worker).post(LIST, BODY | changed)
    assert is_problem(response, 400, "invalid")
    assert set(response.json()["fields"]) == {field}
    assert Wish.objects.count() == 0


def test_half_a_character_is_no_text(cast):
    body = '{"title": "半\\ud800字", "kind": "goods"}'.encode()
    response = api(cast.worker).generic("POST", LIST, body, content_type="application/json")
    assert set(response.json()["fields"]) == {"title"}


@pytest.mark.parametrize("missing", ["title", "kind"])
def test_what_must_be_there_is_asked_for(cast, missing):
    response = api(cast.worker).post(LIST, without(missing))
    assert set(response.json()["fields"]) == {missing}


def test_today_is_not_past_and_four_byte_hanzi_are_text(cast):
    answer = api(cast.worker).post(LIST, BODY | {"title": "𠮷" * 40, "due_on": "2026-03-10"}).json()
    assert (answer["title"], answer["due_on"]) == ("𠮷" * 40, "2026-03-10")


def test_line_breaks_of_windows_are_line_breaks(cast):
    answer = api(cast.worker).post(LIST, BODY | {"detail": "上\r\n下"}).json()
    assert answer["detail"] == "上\n下"


def test_a_key_makes_a_repeated_request_find_the_same_wish(cast):
    client = api(cast.worker)
    first = client.post(LIST, BODY, headers={"Idempotency-Key": "doorstep-1"})
    again = client.post(LIST, BODY | {"title": "别的"}, headers={"Idempotency-Key": "doorstep-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = client.post(LIST, BODY, headers={"Idempotency-Key": "doorstep-2"})
    assert (other.status_code, other.json()["code"]) == (201, "QT-0002")
    assert Wish.objects.count() == 2


def test_a_key_belongs_to_its_account(cast):
    codes = set()
    for user in (cast.worker, cast.colleague):
        response = api(user).post(LIST, BODY, headers={"Idempotency-Key": "same"})
        assert response.status_code == 201
        codes.add(response.json()["code"])
    assert codes == {"QT-0001", "QT-0002"}


def test_a_repeated_request_reads_the_wish_as_it_is_now(cast):
    client = api(cast.worker)
    code = client.post(LIST, BODY, headers={"Idempotency-Key": "k"}).json()["code"]
    client.post(f"{LIST}{code}/publish/", {"visibility": "public"})
    again = client.post(LIST, BODY, headers={"Idempotency-Key": "k"}).json()
    assert (again["code"], again["state"]) == (code, "open")


@pytest.mark.parametrize("key", ["", " " * 101, "k" * 101, "键", "a\tb"])
def test_a_key_is_up_to_a_hundred_printable_characters(cast, key):
    response = api(cast.worker).post(LIST, BODY, headers={"Idempotency-Key": key})
    assert is_problem(response, 400, "invalid")
    assert set(response.json()["fields"]) == {"Idempotency-Key"}
    assert Wish.objects.count() == IdempotencyKey.objects.count() == 0


def test_a_refused_request_leaves_its_key_free(cast):
    client, key = api(cast.worker), {"Idempotency-Key": "k" * 100}
    assert client.post(LIST, BODY | {"consent": {}}, headers=key).status_code == 400
    assert client.post(LIST, BODY, headers=key).status_code == 201


def test_a_wish_published_through_the_api_is_due_when_the_resident_said(cast):
    client = api(cast.worker)
    code = client.post(LIST, BODY).json()["code"]
    answer = client.post(f"{LIST}{code}/publish/", {"visibility": "public"}).json()
    assert (answer["state"], answer["due_on"]) == ("open", "2026-03-31")
    assert Wish.objects.get(code=code).response_due_on == dt.date(2026, 3, 19)
