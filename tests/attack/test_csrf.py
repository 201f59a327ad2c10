"""No form is taken that did not come from a page of ours, at any address; what is exempt is named here, with why."""

import pytest
from django.test import Client

from tests.api import V1, api, is_problem
from tests.attack.routes import addresses, all_routes, make_things
from tests.cast import signed_in
from tests.wishes.doors import act
from wishes.workflow import State

# Answered alike whoever's session comes along: none of them asks who somebody is by a cookie.
EXEMPT = {
    "api/": "there is nothing, whoever asks",
    "api/v1/docs/": "shows the description to everybody",
    "api/v1/token/": "takes a name and a password, and no cookie",
    "health/live": "answered before anybody is known",
    "health/ready": "answered before anybody is known",
    "metrics": "answered before anybody is known",
}


@pytest.fixture
def things(cast, wish_in):
    return make_things(cast, wish_in)


def refused_for_its_origin(answer, route: str) -> bool:
    """Say whether it was the missing token that the answer is about, and nothing else."""
    if answer.status_code != 403:
        return False
    if route.startswith("api/"):
        return b"CSRF Failed" in answer.content
    return any(template.name == "403_csrf.html" for template in answer.templates)


@pytest.mark.parametrize("who", ["worker", "admin"])
def test_no_address_takes_a_form_without_its_token_but_those_named(who, cast, things):
    client = signed_in(getattr(cast, who), enforce_csrf_checks=True)
    taken = [
        route
        for route in all_routes()
        for address in list(addresses(route, things).values())[-1:]
        if not refused_for_its_origin(client.post(address, {"reason": "x", "note": "x"}), route)
    ]
    assert taken == sorted(EXEMPT)


def test_a_passer_bys_form_needs_it_too(db):
    client = Client(enforce_csrf_checks=True)
    for path in ("elder/", "feedback/", "accounts/login/", "accounts/password/reset/"):
        assert refused_for_its_origin(client.post(f"/{path}", {"words": "字太小"}), path), path


def test_with_the_token_of_a_page_a_form_is_taken(cast):
    client = signed_in(cast.cadre, enforce_csrf_checks=True)
    client.get("/feedback/")
    token = client.cookies["csrftoken"].value
    answer = client.post("/feedback/", {"words": "字太小", "csrfmiddlewaretoken": token})
    assert answer.status_code in (200, 302)


def test_a_session_moves_nothing_through_the_api_without_it_and_a_token_does(cast, wish_in):
    wish = wish_in("open")
    address = f"{V1}wishes/{wish.code}/claim/"
    client = signed_in(cast.cadre, enforce_csrf_checks=True)
    assert is_problem(client.post(address, {}, "application/json"), 403, "not_allowed")
    wish.refresh_from_db()
    assert wish.state == State.OPEN
    spoken = api(cast.cadre)
    spoken.handler.enforce_csrf_checks = True
    assert spoken.post(address).status_code == 200


def test_what_was_refused_for_its_origin_changed_nothing(cast, wish_in):
    wish = wish_in("claimed")
    client = signed_in(cast.cadre, enforce_csrf_checks=True)
    for move in ("fulfil", "release", "confirm", "withdraw", "resident", "erase"):
        assert act(client, wish, move, reason="x", note="x").status_code == 403
    wish.refresh_from_db()
    assert wish.state == State.CLAIMED
