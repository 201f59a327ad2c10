"""The separation of duties: who keeps accounts and settings sees nothing of residents, wishes and complaints."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.models import DistrictRole
from pairing.models import Cadre, CommunityWorker
from pairing.standing import standing_of
from tests.api import V1, api, is_problem, wish_url
from tests.cast import RESIDENT, SINCE, fresh
from wishes import policy
from wishes.workflow import Move

STATES = ("draft", "checking", "open", "claimed", "branch", "fulfilled", "closed", "withdrawn")
WORDS = "只有经手的人看得到的话"
# What the admin keeps for administrators; every other model there is shut to them.
THEIRS = {
    "accounts.user",
    "accounts.districtrole",
    "accounts.portalfeedback",
    "notices.channel",
    "pairing.street",
    "pairing.community",
    "pairing.agency",
    "pairing.cadre",
    "pairing.communityworker",
}


@pytest.fixture
def wishes(cast, wish_in) -> list:
    """One wish in each state, none of them public, each with words that only those concerned may read."""
    made = [wish_in(state, visibility="paired", detail=WORDS) for state in STATES]
    made.append(wish_in("open", visibility="private", detail=WORDS))
    return made


def hidden(response) -> bool:
    """Say whether an answer gives away neither a wish's words nor a resident's details."""
    page = response.content.decode()
    return not any(
        word in page for word in (WORDS, RESIDENT.name, RESIDENT.phone, RESIDENT.address)
    )


def test_no_page_shows_an_administrator_what_is_not_public(cast, as_, wishes):
    client = as_(cast.admin)
    for wish in wishes:
        for piece in ("", "resident/", "slip/", "preview/", "edit/", "erase/", "call/"):
            for ask in (client.get, client.post):
                response = ask(f"{wish.get_absolute_url()}{piece}")
                assert response.status_code in (403, 404, 405), (wish.state, piece)
                assert hidden(response)
    for page in ("/", "/wishes/", "/wishes/mine/", "/wishes/desk/", "/wishes/calls/", "/inbox/"):
        assert hidden(client.get(page, follow=True)), page


def test_of_a_public_wish_an_administrator_reads_what_the_public_reads(cast, as_, wish_in):
    wish = wish_in("claimed")
    client = as_(cast.admin)
    assert client.get(wish.get_absolute_url()).status_code == 200
    assert client.post(f"{wish.get_absolute_url()}resident/", {"why": "看看"}).status_code == 403
    assert not policy.is_insider(standing_of(fresh(cast.admin)), wish)
    assert policy.moves_open_to(fresh(cast.admin), wish) == []


@pytest.mark.parametrize("move", list(Move))
def test_no_move_is_an_administrators(cast, as_, wish_in, move):
    wish = wish_in("open")
    body = {"reason": "x", "visibility": "public", "handler": "cadre", "note": "x"}
    answer = api(cast.admin).post(wish_url(wish, move), body)
    assert is_problem(answer, 403, "not_yours")
    assert fresh_state(wish) == "open"


def fresh_state(wish) -> str:
    return type(wish).objects.get(pk=wish.pk).state


def test_the_api_hides_the_same_from_them(cast, wishes):
    door = api(cast.admin)
    assert hidden(door.get(f"{V1}wishes/"))
    for wish in wishes:
        assert door.get(wish_url(wish)).status_code == 404
        assert door.get(wish_url(wish) + "events/").status_code == 404
    assert door.get(f"{V1}cadres/").json()["results"] == []


def test_of_the_admin_they_open_accounts_and_places_and_nothing_else(cast, as_):
    client = as_(cast.admin)
    opened = set()
    for model in admin.site._registry:
        try:
            page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        if client.get(page).status_code == 200:
            opened.add(model._meta.label_lower)
    assert opened == THEIRS


def test_the_admin_shows_them_no_wish_by_its_address(cast, as_, wishes):
    client = as_(cast.admin)
    for wish in wishes:
        for piece in ("change/", "assign/", "resident/", "remind/"):
            for ask in (client.get, client.post):
                response = ask(f"/admin/wishes/wish/{wish.pk}/{piece}")
                assert response.status_code in (403, 404, 405), piece
                assert hidden(response)


def test_nor_the_wall_of_those_who_watch(cast, as_, wishes):
    page = as_(cast.admin).get("/admin/")
    assert page.status_code == 200
    assert hidden(page)
    assert "wishes/wish" not in page.content.decode()


@pytest.mark.parametrize("more", ["supervisor", "supervision_group", "worker", "cadre"])
def test_whatever_else_they_were_given_does_not_count(cast, as_, wish_in, more):
    """Administrators make accounts and give roles: the rule holds even where somebody gave them more."""
    if more == "worker":
        CommunityWorker.objects.create(user=cast.admin, community=cast.places.qt, term=SINCE)
    elif more == "cadre":
        Cadre.objects.create(user=cast.admin, agency=cast.places.jy, is_liaison=True, term=SINCE)
    else:
        DistrictRole.objects.create(user=cast.admin, role=more, term=SINCE)
    wish = wish_in("claimed", visibility="paired", detail=WORDS)
    client = as_(cast.admin)
    assert client.get(wish.get_absolute_url()).status_code == 404
    assert client.get(f"/admin/wishes/wish/{wish.pk}/change/").status_code == 403
    assert client.get("/admin/accounts/user/").status_code == 200


@pytest.mark.parametrize(
    ("who", "role"), [("admin2", "supervisor"), ("supervisor", "administrator")]
)
def test_the_form_says_so_at_once(cast, as_, who, role):
    admin2 = cast.stranger
    DistrictRole.objects.create(user=admin2, role="administrator", term=SINCE)
    user = admin2 if who == "admin2" else cast.supervisor
    new = {"user": user.pk, "role": role, "term_0": "2026-03-10", "term_1": ""}
    page = as_(cast.admin).post("/admin/accounts/districtrole/add/", new)
    assert "系统管理员只管账号和设置" in page.content.decode()
    assert not DistrictRole.objects.filter(user=user, role=role).exists()


def test_who_watches_keeps_no_accounts(cast, as_):
    for who in ("supervisor", "supervision_group"):
        client = as_(getattr(cast, who))
        for page in ("user/", "user/add/", "districtrole/", "districtrole/add/"):
            assert client.get(f"/admin/accounts/{page}").status_code == 403, page
