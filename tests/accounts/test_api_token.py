"""A token for a password."""

import datetime as dt

import pytest
from django.test import Client

from accounts.api import AddressThrottle
from accounts.models import ApiToken
from jiangdong.privacy import digest
from tests.api import V1, api, is_problem
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

URL = f"{V1}token/"


def ask(username: str = "cadre", password: str = PASSWORD, **body):
    return api().post(URL, {"username": username, "password": password, **body})


def test_a_password_is_exchanged_for_a_token_that_opens_the_api(cast):
    response = ask()
    assert response.status_code == 200, response.json()
    assert set(response.json()) == {"token", "expires_at"}
    assert response.json()["expires_at"] == "2026-04-09T10:00:00+08:00"
    client = Client(headers={"Authorization": f"Token {response.json()['token']}"})
    assert client.get(f"{V1}wishes/").status_code == 200


def test_the_token_itself_is_not_kept(cast):
    text = ask().json()["token"]
    token = ApiToken.objects.get()
    assert token.digest == digest(text)
    assert text not in str(vars(token))
    assert token.expires_at - token.created_at == dt.timedelta(days=30)


def test_a_form_is_understood_too(cast):
    response = Client().post(URL, {"username": "cadre", "password": PASSWORD})
    assert response.status_code == 200


@pytest.mark.parametrize(("username", "password"), [("cadre", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_read_alike(cast, username, password):
    response = ask(username, password)
    assert is_problem(response, 401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Token"
    assert response.json()["detail"] == "用户名或密码不对；多次不对会暂时锁定。"
    assert ApiToken.objects.count() == 0


def test_an_account_that_was_ended_gets_none(cast):
    cast.cadre.is_active = False
    cast.cadre.save()
    assert is_problem(ask(), 401, "not_signed_in")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": None}, "username"),
        ({"username": ["cadre"]}, "username"),
        ({"username": {"a": 1}}, "username"),
        ({"username": "cad\x00re"}, "username"),
        ({"username": "c" * 151}, "username"),
        ({"password": ""}, "password"),
        ({"password": "pass\x00word"}, "password"),
        ({"password": "p" * 129}, "password"),
        ({"password": True}, "password"),
    ],
)
def test_what_cannot_be_is_400_with_its_field(cast, body, field):
    response = ask(**body)
    assert is_problem(response, 400, "invalid")
    assert set(response.json()["fields"]) == {field}


def test_blanks_around_a_password_belong_to_it(cast):
    assert ask(password=f" {PASSWORD}").status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_a_token_is_asked_for_by_post_alone(cast, method):
    assert is_problem(getattr(api(cast.cadre), method)(URL), 405, "wrong_method")


def test_after_five_wrong_passwords_even_the_right_one_waits(cast):
    answers = [ask(password="wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
    locked = ask()
    assert is_problem(locked, 429, "locked_out")
    assert locked["Retry-After"] == "1800"
    assert locked.json()["detail"] == "密码错了太多次，请 30 分钟后再试，或请管理员帮忙。"
    assert ApiToken.objects.count() == 0
    assert ask("worker").status_code == 200


def test_a_lock_out_holds_for_the_pages_too(cast, client):
    for _ in range(5):
        ask(password="wrong")
    client.post("/accounts/login/", {"login": "cadre", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_the_right_password_ends_the_count(cast):
    for _ in range(2):
        assert [ask(password="wrong").status_code for _ in range(4)] == [401] * 4
        assert ask().status_code == 200


def test_ten_tries_a_minute_for_one_account_are_enough(cast):
    assert [ask().status_code for _ in range(10)] == [200] * 10
    response = ask()
    assert is_problem(response, 429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 61
    # A colleague behind the same address is not kept waiting for it.
    assert ask("worker").status_code == 200


def test_an_address_that_tries_many_accounts_waits_too(cast, monkeypatch):
    assert AddressThrottle.rate == "120/min"
    monkeypatch.setattr(AddressThrottle, "rate", "3/min")
    assert [ask(f"nobody{n}").status_code for n in range(3)] == [401] * 3
    assert is_problem(ask(), 429, "too_many_requests")


def test_signing_in_here_leaves_the_moment(cast):
    ask()
    cast.cadre.refresh_from_db()
    assert cast.cadre.last_login is not None
