"""Each move through its door of the API: what it changes, and how it refuses."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import trail
from notices.models import Notice
from pairing.models import Cadre
from tests.api import api, is_problem, wish_url
from wishes import actions
from wishes.models import CallBack, Evidence, Wish
from wishes.workflow import Move

pytestmark = pytest.mark.django_db

# move -> (state before, who, body, state after, who is told)
HAPPY = {
    "submit": ("draft", "worker", {}, "checking", {"colleague"}),
    "return": ("checking", "colleague", {"reason": "请写清楚要什么"}, "draft", {"worker"}),
    "publish": ("draft", "worker", {"visibility": "public"}, "open", {"liaison"}),
    "claim": ("open", "cadre", {}, "claimed", {"worker"}),
    "assign": ("branch", "liaison", {"handler": "cadre_b"}, "claimed", {"cadre_b"}),
    "release": ("claimed", "cadre", {"reason": "要出差两周"}, "open", {"worker", "liaison"}),
    "fulfil": ("claimed", "cadre", {"note": "陪着配好了药"}, "fulfilled", {"worker"}),
    "confirm": (
        "fulfilled",
        "worker",
        {"rating": "satisfied", "words": "谢谢", "how": "phone"},
        "closed",
        {"cadre", "worker"},
    ),
    "reopen": ("fulfilled", "worker", {"reason": "药拿错了"}, "claimed", {"cadre", "liaison"}),
    "withdraw": ("claimed", "worker", {"reason": "搬走了"}, "withdrawn", {"cadre"}),
    "join": ("together", "cadre_b", {}, "claimed", {"cadre"}),
    "leave": ("joined", "cadre_b", {"reason": "调去别处了"}, "claimed", {"cadre"}),
    "wait": (
        "claimed",
        "cadre",
        {"waits_for": "goods", "until": "2026-03-20", "reason": "订了货还没到"},
        "waiting",
        {"worker"},
    ),
    "resume": ("waiting", "cadre", {}, "claimed", set()),
    "extend": ("asked to extend", "liaison", {}, "claimed", {"cadre", "worker"}),
    "lapse": ("silent", "worker", {}, "open", {"worker", "cadre", "liaison"}),
    "refer": (
        "open",
        "worker",
        {"to": "property", "receipt": "0315", "told": "转给物业了"},
        "referred",
        set(),
    ),
    "decline": (
        "asked to decline",
        "street",
        {"told": "办不到，对不住"},
        "declined",
        {"worker", "cadre"},
    ),
    "unreached": ("rung in vain", "worker", {}, "unreached", {"cadre"}),
    "end": ("claimed", "worker", {"ended_by": "moved"}, "ended", {"cadre"}),
}
MOVES = tuple(HAPPY)
# Who may never make this move to this wish, though they may open it.
WRONG_ROLE = {
    "submit": "supervisor",
    "return": "liaison",
    "publish": "cadre",
    "claim": "worker",
    "assign": "cadre",
    "release": "cadre_b",
    "fulfil": "worker",
    "confirm": "cadre",
    "reopen": "cadre",
    "withdraw": "cadre",
    "join": "worker",
    "leave": "cadre",
    "wait": "worker",
    "resume": "worker",
    "extend": "cadre",
    "lapse": "cadre",
    "refer": "cadre",
    "decline": "cadre",
    "unreached": "cadre",
    "end": "cadre",
}


@pytest.fixture
def prepared(cast, wish_in):
    """Return (wish, client, body) for the happy course of a move."""

    def make(move: str):
        state, who, body, _after, _told = HAPPY[move]
        if "handler" in body:
            body = {"handler": Cadre.objects.get(user=getattr(cast, body["handler"])).pk}
        wish = wish_in(state)
        Notice.objects.all().delete()
        return wish, api(getattr(cast, who)), body

    return make


def test_every_move_of_the_workflow_has_a_door():
    assert set(MOVES) == set(Move.values)


@pytest.mark.parametrize("move", MOVES)
def test_a_move_answers_with_the_wish_as_it_is_now(prepared, move):
    wish, client, body = prepared(move)
    response = client.post(wish_url(wish, move), body)
    assert response.status_code == 200, response.json()
    answer = response.json()
    assert (answer["code"], answer["state"]) == (wish.code, HAPPY[move][3])
    assert Wish.objects.get(pk=wish.pk).state == HAPPY[move][3]


@pytest.mark.parametrize("move", MOVES)
def test_a_move_leaves_one_event_and_tells_whom_it_concerns(cast, prepared, move):
    wish, client, body = prepared(move)
    before = trail.events_of(wish).count()
    client.post(wish_url(wish, move), body)
    event = trail.events_of(wish).last()
    assert (event.n, event.move, event.to_state) == (before + 1, move, HAPPY[move][3])
    told = set(Notice.objects.values_list("recipient__username", flat=True))
    assert told == HAPPY[move][4]
    assert list(trail.verify()) == []


@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_made_by_post_alone(prepared, move):
    wish, client, _body = prepared(move)
    for method in ("get", "put", "patch", "delete"):
        response = getattr(client, method)(wish_url(wish, move))
        assert is_problem(response, 405, "wrong_method")
        assert response["Allow"] == "POST, OPTIONS"
    assert Wish.objects.get(pk=wish.pk).state == wish.state


@pytest.mark.parametrize("move", MOVES)
def test_a_move_without_a_token_is_401_and_says_what_is_wanted(prepared, move):
    wish, _client, body = prepared(move)
    response = api().post(wish_url(wish, move), body)
    assert is_problem(response, 401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Token"
    assert Wish.objects.get(pk=wish.pk).state == wish.state


@pytest.mark.parametrize("move", MOVES)
def test_who_may_not_open_a_wish_is_told_that_there_is_none(cast, wish_in, move):
    state, _who, body, _after, _told = HAPPY[move]
    wish = wish_in(state, visibility="paired")
    response = api(cast.worker2).post(wish_url(wish, move), body)
    assert is_problem(response, 404, "not_found")
    assert Wish.objects.get(pk=wish.pk).state == wish.state


@pytest.mark.parametrize("move", MOVES)
def test_the_wrong_role_is_403_whatever_the_body(cast, prepared, move):
    wish, _client, body = prepared(move)
    if move in (
        "submit",
        "publish",
        "return",
    ):  # what is on the desk is opened by the community alone
        wish = actions.publish(wish=wish, by=cast.colleague, visibility="public")
        Notice.objects.all().delete()
    client = api(getattr(cast, WRONG_ROLE[move]))
    for sent in (body, {}):
        assert is_problem(client.post(wish_url(wish, move), sent), 403, "not_yours")
    assert Wish.objects.get(pk=wish.pk).state == wish.state
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("move", MOVES)
def test_a_move_made_twice_is_409_with_the_state_now(prepared, move):
    wish, client, body = prepared(move)
    assert client.post(wish_url(wish, move), body).status_code == 200
    again = client.post(wish_url(wish, move), body)
    if move == "assign":  # a handler may be named anew, but not the same one
        assert is_problem(again, 400, "invalid")
        assert set(again.json()["fields"]) == {"handler"}
    elif move in ("release", "leave"):  # it is no longer theirs
        assert is_problem(again, 403, "not_yours")
    elif move == "join":
        assert is_problem(again, 409, "joined_already")
    elif move == "extend":
        assert is_problem(again, 409, "nothing_asked")
    elif move == "claim":
        assert is_problem(again, 409, "already_claimed")
        assert again.json()["state"] == "claimed"
        assert again.json()["agency"] == "区教育局"
    else:
        assert is_problem(again, 409, "wrong_state")
        assert again.json()["state"] == HAPPY[move][3]


@pytest.mark.parametrize("move", ["return", "release", "reopen", "withdraw", "leave"])
def test_a_reason_must_be_given(prepared, move):
    wish, client, _body = prepared(move)
    for body in ({}, {"reason": ""}, {"reason": "  "}, {"reason": None}):
        response = client.post(wish_url(wish, move), body)
        assert is_problem(response, 400, "invalid")
        assert set(response.json()["fields"]) == {"reason"}


def test_unknown_fields_are_ignored(prepared):
    wish, client, body = prepared("claim")
    response = client.post(wish_url(wish, "claim"), {**body, "state": "closed", "agency": "WB"})
    assert (response.json()["state"], response.json()["agency"]) == ("claimed", "JY")


def test_a_move_needs_no_body_where_nothing_must_be_said(prepared):
    wish, client, _body = prepared("claim")
    assert client.post(wish_url(wish, "claim")).status_code == 200


def test_another_agency_waits_for_the_days_of_first_offer(cast, wish_in, later):
    wish = wish_in("open")
    response = api(cast.cadre2).post(wish_url(wish, "claim"))
    assert is_problem(response, 409, "offered_first")
    assert (response.json()["state"], response.json()["opens_on"]) == ("open", "2026-03-14")
    with later(days=4):
        assert api(cast.cadre2).post(wish_url(wish, "claim")).json()["agency"] == "WB"


def test_a_liaison_claims_for_the_branch_and_a_cadre_does_not(cast, wish_in):
    wish = wish_in("open")
    refused = api(cast.cadre).post(wish_url(wish, "claim"), {"for_branch": True})
    assert is_problem(refused, 403, "not_liaison")
    taken = api(cast.liaison).post(wish_url(wish, "claim"), {"for_branch": True}).json()
    assert (taken["origin"], taken["handler_name"]) == ("branch", None)


def test_a_wish_about_health_needs_a_second_person(cast, wish_in):
    nods = frozenset({"contact", "publish", "sensitive"})
    wish = wish_in("draft", kind="health", consents=nods)
    client, body = api(cast.worker), {"visibility": "public"}
    assert is_problem(client.post(wish_url(wish, "publish"), body), 409, "needs_check")
    assert client.post(wish_url(wish, "submit")).json()["state"] == "checking"
    assert is_problem(client.post(wish_url(wish, "publish"), body), 409, "needs_second_person")
    assert api(cast.colleague).post(wish_url(wish, "publish"), body).json()["state"] == "open"


def test_a_text_that_gives_the_resident_away_is_not_published(cast, wish_in):
    wish = wish_in("draft", detail="请打 138 0000 0077 找张示例")
    response = api(cast.worker).post(wish_url(wish, "publish"), {"visibility": "public"})
    assert is_problem(response, 400, "personal_text")
    assert set(response.json()["fields"]) == {"detail"}


def test_the_residents_nod_by_scan_cannot_be_taken_down_by_another(prepared):
    wish, client, body = prepared("confirm")
    response = client.post(wish_url(wish, "confirm"), {**body, "how": "scan"})
    assert is_problem(response, 400, "invalid")
    assert set(response.json()["fields"]) == {"how"}
    assert CallBack.objects.count() == 0


@pytest.mark.parametrize(
    ("move", "body", "field"),
    [
        ("publish", {"visibility": "everybody"}, "visibility"),
        ("claim", {"for_branch": "perhaps"}, "for_branch"),
        ("assign", {"handler": 10**30}, "handler"),
        ("assign", {"handler": True}, "handler"),
        ("assign", {"handler": [1]}, "handler"),
        ("assign", {"handler": "nobody\x00"}, "handler"),
        ("confirm", {"rating": "great", "how": "phone"}, "rating"),
        ("confirm", {"rating": "fair", "how": "dream"}, "how"),
        ("confirm", {"rating": "fair", "how": "phone", "words": "谢" * 301}, "words"),
        ("fulfil", {"note": "办" * 501}, "note"),
        ("fulfil", {"note": {"a": 1}}, "note"),
        ("fulfil", {"note": "办好了", "photo": "photo.jpg"}, "photo"),
        ("withdraw", {"reason": "搬走\x1b[2J了"}, "reason"),
    ],
)
def test_a_body_that_cannot_be_is_400_with_its_field(prepared, move, body, field):
    wish, client, _body = prepared(move)
    response = client.post(wish_url(wish, move), body)
    assert is_problem(response, 400, "invalid")
    assert set(response.json()["fields"]) == {field}
    assert Wish.objects.get(pk=wish.pk).state == wish.state


def test_a_handler_may_be_named_by_user_name_too(cast, wish_in):
    wish = wish_in("branch")
    answer = api(cast.liaison).post(wish_url(wish, "assign"), {"handler": "cadre_b"}).json()
    assert answer["handler_name"] == "赵示例"


def test_a_liaison_cannot_hand_a_claim_to_another_agency(cast, wish_in):
    wish = wish_in("branch")
    response = api(cast.liaison).post(wish_url(wish, "assign"), {"handler": "cadre2"})
    assert is_problem(response, 400, "invalid")


def jpeg(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "JPEG")
    return out.getvalue()


def fulfil(prepared, photo: bytes, name: str = "a.jpg"):
    wish, client, body = prepared("fulfil")
    sent = {**body, "photo": SimpleUploadedFile(name, photo, "image/jpeg")}
    return wish, client.post(wish_url(wish, "fulfil"), sent, format="multipart")


def test_a_photo_comes_along_in_a_multipart_body(prepared):
    wish, response = fulfil(prepared, jpeg())
    assert response.json()["state"] == "fulfilled"
    assert Evidence.objects.get(wish=wish).photo.name.endswith(".jpg")
    assert "photo" not in response.content.decode()


def test_a_photo_that_is_none_is_400_and_nothing_happened(prepared):
    wish, response = fulfil(prepared, b"%PDF-1.7 not a photo")
    assert is_problem(response, 400, "photo_unreadable")
    assert set(response.json()["fields"]) == {"photo"}
    assert Wish.objects.get(pk=wish.pk).state == "claimed"


def test_an_empty_photo_is_400(prepared):
    _wish, response = fulfil(prepared, b"")
    assert is_problem(response, 400, "invalid")


def test_a_photo_over_the_limit_is_413(prepared, settings):
    settings.PHOTO_MAX_BYTES = 500
    wish, response = fulfil(prepared, jpeg(400, 400))
    assert is_problem(response, 413, "photo_too_large")
    assert Wish.objects.get(pk=wish.pk).state == "claimed"


def test_a_body_far_over_the_limit_is_413_before_it_is_parsed(prepared, settings):
    settings.PHOTO_MAX_BYTES = 500
    _wish, response = fulfil(prepared, b"\xff" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1000))
    assert is_problem(response, 413, "too_large")


def test_who_gave_a_claim_back_reads_the_wish_as_the_public_does(cast, wish_in, later):
    wish = wish_in("open")
    with later(days=10):
        client = api(cast.member)
        assert "fulfil_note" in client.post(wish_url(wish, "claim")).json()
        answer = client.post(wish_url(wish, "release"), {"reason": "要出差"}).json()
    assert (answer["state"], "handler_name" in answer) == ("open", False)


def test_a_session_needs_the_csrf_token_for_a_move(cast, wish_in):
    from django.test import Client

    wish = wish_in("open")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.cadre, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(wish_url(wish, "claim"), {}, content_type="application/json")
    assert is_problem(response, 403, "not_allowed")
    client.cookies["csrftoken"] = token = "a" * 32
    response = client.post(
        wish_url(wish, "claim"), {}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert response.json()["state"] == "claimed"
