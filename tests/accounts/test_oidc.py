"""The district's own sign-in (统一认证): it opens accounts that are there, and makes none."""

import os
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import Event, User
from tests.accounts import provider
from tests.accounts.sign_in import CODE, code_for, is_in, with_app

SAY = """
from jiangdong import settings
(app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
print(app["name"], app["settings"]["server_url"], app["client_id"])
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
"""
PEOPLE = {
    "known": {"email": "cadre@example.org", "email_verified": True, "name": "王示例"},
    "shouting": {"email": "CADRE@Example.org", "email_verified": True},
    "unverified": {"email": "cadre@example.org", "email_verified": False},
    "stranger": {"email": "nobody@example.org", "email_verified": True},
    "nameless": {},
}


@pytest.fixture(scope="module")
def district():
    with provider.serving(PEOPLE) as url:
        yield url


@pytest.fixture
def signed(cast, district, settings):
    """Return what became of signing in over there as somebody: the client, and the answer."""
    settings.SOCIALACCOUNT_PROVIDERS = provider.app_at(district)

    def sign(sub: str, **form: str):
        client = Client()
        return client, provider.sign_in(client, sub, **form)

    return sign


def test_a_verified_email_opens_the_account_that_has_it(cast, signed):
    client, response = signed("known")
    assert (response.status_code, response["Location"]) == (302, "/start/")
    assert client.session["_auth_user_id"] == str(cast.cadre.pk)
    assert client.get("/me/").status_code == 200


def test_its_password_stays_as_it_was(cast, signed):
    before = cast.cadre.password
    signed("known")
    cast.cadre.refresh_from_db()
    assert cast.cadre.password == before


def test_from_then_on_the_number_over_there_counts_and_no_email(cast, signed):
    signed("known")
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.provider, linked.uid) == (cast.cadre.pk, "district", "known")
    event = Event.objects.get(thing_kind="accounts.user", thing_id=cast.cadre.pk)
    assert event.move == "link_sign_in"
    User.objects.filter(pk=cast.cadre.pk).update(email="moved@example.org")
    assert is_in(signed("known")[0])
    assert SocialAccount.objects.count() == 1


def test_an_address_that_was_handed_on_opens_nothing(cast, signed):
    signed("known")
    client, response = signed("shouting")
    assert response.status_code == 403
    assert not is_in(client)


def test_a_number_bound_before_is_enough(cast, signed):
    SocialAccount.objects.create(user=cast.worker, provider="district", uid="nameless")
    client, _ = signed("nameless")
    assert client.session["_auth_user_id"] == str(cast.worker.pk)


@pytest.mark.parametrize("who", ["stranger", "unverified", "nameless"])
def test_whom_we_do_not_know_is_told_whom_to_ask(cast, signed, who):
    people = User.objects.count()
    client, response = signed(who)
    assert response.status_code == 403
    page = response.content.decode()
    assert "这里还没有你的账号" in page
    assert "请本单位联络员" in page
    assert not is_in(client)
    assert User.objects.count() == people
    assert not SocialAccount.objects.exists()


def test_an_email_of_two_accounts_opens_neither(cast, signed):
    User.objects.filter(pk=cast.worker.pk).update(email="cadre@example.org")
    client, response = signed("known")
    assert response.status_code == 403
    assert not is_in(client)


def test_an_account_that_was_ended_stays_shut(cast, signed):
    User.objects.filter(pk=cast.cadre.pk).update(is_active=False)
    assert signed("known")[1].status_code == 403
    SocialAccount.objects.create(user=cast.cadre, provider="district", uid="known")
    client, response = signed("known")
    assert response["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_a_second_factor_is_asked_for_all_the_same(cast, signed):
    secret = with_app(cast.cadre)
    client, response = signed("known")
    assert (response["Location"], is_in(client)) == (CODE, False)
    client.post(CODE, {"code": code_for(secret)})
    assert is_in(client)


def test_who_says_no_over_there_is_not_signed_in(signed):
    client = Client()
    state = parse_qs(urlsplit(client.post(provider.LOGIN)["Location"]).query)["state"][0]
    no = {"error": "access_denied", "state": state}
    response = client.get(f"{provider.LOGIN}callback/", no)
    assert response["Location"] == "/accounts/elsewhere/cancelled/"
    assert "你在统一认证那边取消了" in client.get(response["Location"]).content.decode()
    assert not is_in(client)


def test_pkce_is_asked_for(signed):
    to = urlsplit(Client().post(provider.LOGIN)["Location"])
    asked = parse_qs(to.query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"] == ["http://testserver/accounts/oidc/district/login/callback/"]


def test_without_pkce_the_provider_would_not_hear_of_it(cast, signed, district, settings):
    settings.SOCIALACCOUNT_PROVIDERS = provider.app_at(district, OAUTH_PKCE_ENABLED=False)
    client = Client()
    assert provider.sign_in(client, "known").status_code == 401
    assert not is_in(client)


def test_somebody_elses_answer_opens_nothing(cast, signed):
    """Neither an answer nobody asked for, nor one that another browser asked for."""
    theirs, mine = Client(), Client()
    state = parse_qs(urlsplit(theirs.post(provider.LOGIN)["Location"]).query)["state"][0]
    mine.post(provider.LOGIN)
    response = mine.get(f"{provider.LOGIN}callback/", {"code": "x", "state": state})
    assert response.status_code == 401
    assert "统一认证那边没有办成" in response.content.decode()
    assert not is_in(mine)


def test_nobody_binds_a_number_to_the_account_they_are_in(cast, signed, as_):
    client = as_(cast.worker)
    assert provider.sign_in(client, "known", "?process=connect").status_code == 403
    assert not SocialAccount.objects.filter(user=cast.worker).exists()


def test_a_provider_that_is_down_is_an_answer_and_no_fault(cast, settings):
    settings.SOCIALACCOUNT_PROVIDERS = provider.app_at("http://127.0.0.1:9")
    response = Client().post(provider.LOGIN)
    assert response.status_code == 502
    assert "统一认证那边没有办成" in response.content.decode()


def test_where_there_is_none_nothing_is_offered(cast):
    assert "统一认证" not in Client().get("/accounts/login/").content.decode()
    assert Client().post(provider.LOGIN).status_code == 404


def test_where_there_is_one_the_page_offers_it(signed):
    assert "用统一认证登录" in Client().get("/accounts/login/").content.decode()


def test_four_words_of_the_environment_are_all_it_takes():
    environment = {
        **os.environ,
        "OIDC_NAME": "区统一认证",
        "OIDC_SERVER": "https://idp.example/realms/district/",
        "OIDC_CLIENT_ID": "portal",
        "OIDC_SECRET": "secret",
    }
    said = subprocess.run(
        [sys.executable, "-c", SAY], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [
        "区统一认证 https://idp.example/realms/district portal",
        "[\"'self'\", 'https://idp.example']",
    ]
