"""What is one's own, such as tokens, robots, sessions, passkeys and notices, is nobody else's to touch."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import ApiToken, PortalFeedback, Session, User
from notices.models import Channel, Export, Notice
from tests.accounts.sign_in import enter, with_app, with_passkey
from tests.attack.routes import PASSER_BY, ROLES, addresses, all_routes, make_things

# How whoever else is signed in is answered who sends a form there. A session that is not one's own is answered
# as one that has ended already: nobody learns that it is there.
OWNED = {
    "accounts/2fa/webauthn/keys/<pk>/edit/": 404,
    "accounts/2fa/webauthn/keys/<pk>/remove/": 404,
    "admin/accounts/portalfeedback/<object_id>/change/": 403,
    "admin/accounts/portalfeedback/<object_id>/delete/": 403,
    "admin/notices/channel/<object_id>/change/": 403,
    "admin/notices/channel/<object_id>/delete/": 403,
    "exports/<pk>/": 405,
    "exports/<pk>/download/": 405,
    "exports/<sheet>/ask/": 200,
    "inbox/<pk>/mark_read/": 404,
    "inbox/channels/<pk>/remove/": 404,
    "inbox/channels/<pk>/try/": 404,
    "inbox/digests/<day>/": 405,
    "me/absence/<pk>/end/": 404,
    "me/sessions/<handle>/end/": 302,
    "me/tokens/<pk>/revoke/": 404,
}
SECTIONS = (
    *("me/", "exports/", "inbox/", "accounts/2fa/"),
    *("admin/accounts/portalfeedback/<", "admin/notices/channel/<"),
)
# A liaison ends colleagues' absences too.
LIAISONS_AS_WELL = "me/absence/<pk>/end/"
OTHERS = [who for who in ROLES if who != "cadre"]
# They lead on to a page, or only show something.
READ = ("/<object_id>/", "/history/")


@pytest.fixture
def owner(cast, wish_in) -> User:
    """`cadre` has one of everything."""
    with_passkey(cast.cadre)
    with_app(cast.cadre)
    return cast.cadre


def owned_by(user: User) -> dict[str, list[dict]]:
    """Return every column of what is a person's own, and the remarks on the portal, which nobody changes."""
    whose = {
        ApiToken: {"user": user},
        Authenticator: {"user": user},
        Channel: {"user": user},
        Export: {"user": user},
        Session: {"user": user},
        Notice: {"recipient": user},
        PortalFeedback: {},
    }
    return {
        model.__name__: list(model.objects.filter(**words).order_by("pk").values())
        for model, words in whose.items()
    }


def client_who_just_signed_in(who: str, cast) -> Client:
    return Client() if who == PASSER_BY else enter(getattr(cast, who))


def address_of(route: str, things, owner: User) -> str:
    if "/keys/<pk>/" in route:
        key = Authenticator.objects.get(user=owner, type=Authenticator.Type.WEBAUTHN)
        return "/" + route.replace("<pk>", str(key.pk))
    return addresses(route, things)[""]


def test_every_address_of_something_owned_is_in_the_table():
    owned = [
        route
        for route in all_routes()
        if route.startswith(SECTIONS) and "<" in route and not route.endswith(READ)
    ]
    assert owned == sorted(OWNED)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_touches_what_is_somebodys_own(who, cast, owner, wish_in):
    things = make_things(cast, wish_in)
    client, before = client_who_just_signed_in(who, cast), owned_by(owner)
    assert all(before.values())
    for route, status in OWNED.items():
        if who == "liaison" and route == LIAISONS_AS_WELL:
            continue
        address = address_of(route, things, owner)
        answer = client.post(address, {"name": "我的了", "words": "改了"})
        if who == PASSER_BY:
            assert answer.status_code == 405 or "/login/" in answer["Location"], route
        else:
            assert answer.status_code == status, route
        for method in ("put", "delete"):
            getattr(client, method)(address)
        assert owned_by(owner) == before, route


@pytest.mark.parametrize("who", ["cadre_b", "admin"])
def test_forms_without_an_address_of_the_thing_reach_only_ones_own(who, cast, owner, wish_in):
    make_things(cast, wish_in)
    client, before = client_who_just_signed_in(who, cast), owned_by(owner)
    named = {"user": owner.pk, "of": owner.pk, "recipient": owner.pk, "whose": owner.username}
    whole = [
        route for route in all_routes() if route.startswith(("me/", "inbox/", "accounts/2fa/"))
    ]
    for route in whole:
        if "<" not in route:
            client.post(f"/{route}", {**named, "name": "我的了"})
            assert owned_by(owner) == before, route
