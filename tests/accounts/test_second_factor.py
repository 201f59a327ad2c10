"""Proving a second time who one is: setting it up, signing in with it, losing it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.test import Client

from accounts.adapter import SecondFactors
from accounts.models import Session
from tests.accounts.sign_in import (
    CHOICE,
    CODE,
    LOGIN,
    code_for,
    enter,
    is_in,
    with_app,
    with_passkey,
)
from tests.api import V1, api, is_problem
from tests.cast import PASSWORD

APP, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"
OFF = "/accounts/2fa/totp/deactivate/"


def set_up_app(client: Client) -> str:
    """Set up an authenticator app through the pages and return its secret."""
    secret = client.get(APP).context["form"].secret
    assert client.post(APP, {"code": code_for(secret)}).status_code == 302
    return secret


def shown_codes(client: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get(CODES).content.decode())


def test_anybody_may_set_up_an_app_and_is_asked_for_its_code_from_then_on(cast):
    secret = set_up_app(enter(cast.cadre))
    client = enter(cast.cadre)
    assert not is_in(client)
    assert client.get("/me/").status_code == 302
    assert client.post(CODE, {"code": code_for(secret, 1)}).status_code == 302
    assert is_in(client)


def test_the_secret_is_not_kept_in_the_clear(cast):
    secret = set_up_app(enter(cast.cadre))
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)
    assert kept.wrap().validate_code(code_for(secret, 1))


def test_a_new_secret_key_leaves_it_good_while_the_old_one_is_named(cast, settings):
    with_app(cast.cadre)
    kept = Authenticator.objects.get(type="totp")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-of-fifty-characters-or-more-for-tests"
    secret = SecondFactors().decrypt(kept.data["secret"])
    assert kept.wrap().validate_code(code_for(secret))
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondFactors().decrypt(kept.data["secret"])


def test_a_wrong_first_code_sets_nothing_up(cast):
    client = enter(cast.cadre)
    secret = client.get(APP).context["form"].secret
    wrong = f"{(int(code_for(secret)) + 1) % 10**6:06}"
    assert client.post(APP, {"code": wrong}).status_code == 200
    assert not Authenticator.objects.exists()


def test_a_code_opens_once(cast):
    secret = with_app(cast.cadre)
    code = code_for(secret)
    first, second = enter(cast.cadre), enter(cast.cadre)
    first.post(CODE, {"code": code})
    second.post(CODE, {"code": f"{code[:3]} {code[3:]}"})
    assert (is_in(first), is_in(second)) == (True, False)


def test_recovery_codes_are_shown_once_and_open_once_each(cast):
    client = enter(cast.cadre)
    set_up_app(client)
    codes = shown_codes(client)
    assert len(codes) == 10
    assert shown_codes(client) == []
    first, second = enter(cast.cadre), enter(cast.cadre)
    first.post(CODE, {"code": codes[0]})
    second.post(CODE, {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "还有 9 个没用过" in first.get(CHOICE).content.decode()


def test_a_new_set_of_recovery_codes_ends_the_old_one(cast):
    client = enter(cast.cadre)
    set_up_app(client)
    old = shown_codes(client)
    assert client.post(f"{CODES}generate/").status_code == 302
    new = shown_codes(client)
    assert not set(old) & set(new)
    again = enter(cast.cadre)
    again.post(CODE, {"code": old[0]})
    assert not is_in(again)


def test_five_wrong_codes_lock_the_account_here_password_and_all(cast):
    secret = with_app(cast.cadre)
    client = enter(cast.cadre)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    assert client.post(CODE, {"code": code_for(secret)}).status_code == 429
    again = Client()
    assert again.post(LOGIN, {"login": "cadre", "password": PASSWORD}).status_code == 429
    assert not is_in(client)
    assert is_in(enter(cast.cadre_b))


def test_wrong_passwords_and_wrong_codes_add_up(cast):
    with_app(cast.cadre)
    for _ in range(3):
        enter(cast.cadre, password="wrong")
    client = enter(cast.cadre)
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert client.post(CODE, {"code": "000000"}).status_code == 429


def test_the_right_password_alone_does_not_end_the_count(cast):
    with_app(cast.cadre)
    for n in range(4):
        client = enter(cast.cadre)
        assert client.post(CODE, {"code": f"00000{n}"}).status_code == 200
    assert api().post(f"{V1}token/", {"username": "cadre", "password": PASSWORD}).status_code == 403
    client = enter(cast.cadre)
    assert client.post(CODE, {"code": "000005"}).status_code == 429


def test_codes_are_counted_for_the_account_wherever_they_come_from(cast, settings):
    assert settings.ACCOUNT_RATE_LIMITS["second_factor"] == "20/30m/key"
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "second_factor": "6/30m/key"}
    secret = with_app(cast.cadre)
    for n in range(6):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        client.post(LOGIN, {"login": "cadre", "password": PASSWORD})
        client.post(CODE, {"code": "000000"})
    client = Client(REMOTE_ADDR="198.51.100.99")
    client.post(LOGIN, {"login": "cadre", "password": PASSWORD})
    page = client.post(CODE, {"code": code_for(secret)})
    assert "错的次数太多了" in page.content.decode()
    assert not is_in(client)


def test_a_password_is_wanted_again_before_a_second_factor_goes(cast, as_):
    with_app(cast.cadre)
    client = as_(cast.cadre)  # signed in long ago
    response = client.post(OFF)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/accounts/reauthenticate/", {"password": "wrong", "next": OFF})
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": OFF})
    client.post(OFF)
    assert not Authenticator.objects.exists()


def test_wrong_passwords_there_count_towards_the_lock_out(cast, as_):
    client = as_(cast.cadre)
    again = {"password": "wrong", "next": APP}
    answers = [client.post("/accounts/reauthenticate/", again).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
    assert not is_in(enter(cast.cadre))


@pytest.mark.usefixtures("required")
class TestWhereItIsRequired:
    """As in production: of those whose role opens much."""

    @pytest.fixture
    def required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    @pytest.mark.parametrize("who", ["supervisor", "supervision_group", "inspector", "admin"])
    def test_their_roles_reach_the_set_up_and_nothing_else(self, cast, as_, who):
        client = as_(getattr(cast, who))
        for page in ("/", "/me/", "/me/tokens/", "/wishes/", "/inbox/", "/admin/", "/pairing/"):
            response = client.get(page)
            assert (response.status_code, response["Location"]) == (302, CHOICE), page
        shown = client.get(CHOICE)
        assert shown.status_code == 200
        assert "你的岗位必须设一种" in shown.content.decode()

    def test_others_go_on_without(self, cast, as_):
        for who in ("cadre", "worker", "liaison", "street", "leader", "stranger"):
            assert as_(getattr(cast, who)).get("/me/").status_code == 200, who

    def test_a_piece_for_htmx_leads_the_whole_page_there(self, cast, as_):
        response = as_(cast.supervisor).get("/wishes/", headers={"HX-Request": "true"})
        assert response["HX-Redirect"] == CHOICE

    def test_what_is_there_not_is_not_told(self, cast, as_):
        assert as_(cast.supervisor).post("/admin/wishes/wish/1/remind/").status_code == 302

    def test_once_set_up_everything_is_open(self, cast):
        client = enter(cast.supervisor)
        assert client.get("/admin/").status_code == 302
        secret = set_up_app(client)
        assert client.get("/admin/").status_code == 200
        again = enter(cast.supervisor)
        again.post(CODE, {"code": code_for(secret, 1)})
        assert again.get("/admin/").status_code == 200

    def test_the_api_says_so_to_sessions_and_to_tokens(self, cast, as_):
        for door in (as_(cast.supervisor), api(cast.supervisor)):
            response = door.get(f"{V1}wishes/")
            assert is_problem(response, 403, "second_factor_required")
        with_app(cast.supervisor)
        assert api(cast.supervisor).get(f"{V1}wishes/").status_code == 200
        assert as_(cast.supervisor).get(f"{V1}wishes/").status_code == 200

    def test_a_password_buys_no_token(self, cast):
        for username in ("supervisor", "inspector", "admin"):
            body = {"username": username, "password": PASSWORD}
            assert is_problem(api().post(f"{V1}token/", body), 403, "second_factor_required")
        body = {"username": "cadre", "password": PASSWORD}
        assert api().post(f"{V1}token/", body).status_code == 200

    def test_the_last_one_stays(self, cast):
        client = enter(cast.supervisor)
        set_up_app(client)
        page = client.post(OFF)
        assert "先添一种别的" in page.content.decode()
        key = with_passkey(cast.supervisor)
        assert client.post(OFF).status_code == 302
        assert list(Authenticator.objects.values_list("type", flat=True).order_by("type")) == [
            "recovery_codes",
            "webauthn",
        ]
        client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
        assert Authenticator.objects.filter(pk=key.pk).exists()

    def test_signing_out_and_a_remark_stay_open(self, cast, as_):
        client = as_(cast.supervisor)
        assert client.get("/feedback/").status_code == 200
        assert client.post("/accounts/logout/").status_code == 302
        assert not is_in(client)


def test_a_token_is_refused_to_whoever_set_up_a_second_factor_of_their_own(cast):
    with_app(cast.cadre)
    body = {"username": "cadre", "password": PASSWORD}
    assert is_problem(api().post(f"{V1}token/", body), 403, "second_factor_required")


def test_nobody_removes_anothers_passkey(cast, as_):
    key = with_passkey(cast.cadre)
    client = enter(cast.cadre_b)
    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_sessions_of_passers_by_belong_to_nobody(db):
    client = Client()
    client.post(LOGIN, {"login": "nobody", "password": "wrong"})
    assert not Session.objects.filter(user__isnull=False).exists()
