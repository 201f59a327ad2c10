"""Passwords: long, mixed, one's own, and not made to expire unless somebody insists."""

import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.actions import mark_password_given
from tests.accounts.sign_in import enter
from tests.api import V1, api, is_problem
from tests.cast import NOW, PASSWORD

CHANGE = "/accounts/password/change/"
NEW = {"oldpassword": PASSWORD, "password1": "yi-ju-hua-365", "password2": "yi-ju-hua-365"}


@pytest.mark.parametrize(
    "password", [PASSWORD, "yijuhuashuo1", "yi-ju-hua-shuo", "1234567-8910", "春江潮水连海平1999"]
)
def test_long_and_mixed_ones_pass(cast, password):
    validate_password(password, cast.cadre)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("ab-12", "短"),
        ("yi-ju-365", "短"),
        ("yijuhuashuobuwan", "至少要有两种"),
        ("31415926535897", "至少要有两种"),
        ("--------------", "至少要有两种"),
        ("password123", "常见"),
        ("13800000000", "两种"),
        ("cadre@example.org", "相似"),
    ],
)
def test_others_come_back_with_their_reason(cast, password, why):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password, cast.cadre)
    assert any(why in message for message in refused.value.messages), refused.value.messages


def test_they_do_not_expire(cast, later):
    with later(days=3650):
        assert enter(cast.cadre).get("/me/").status_code == 200


def test_where_somebody_insists_an_old_one_is_changed_first(cast, later, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    with later(days=89):
        assert enter(cast.cadre).get("/me/").status_code == 200
    with later(days=90):
        client = enter(cast.cadre)
        assert client.get("/me/")["Location"] == CHANGE
        assert client.post(CHANGE, NEW)["Location"] == "/me/"
        assert client.get("/me/").status_code == 200
        cast.cadre.refresh_from_db()
        assert cast.cadre.password_set_on == (NOW + dt.timedelta(days=90)).date()


def test_one_that_was_given_is_changed_before_anything_else(cast):
    mark_password_given(to=cast.cadre)
    client = enter(cast.cadre)
    for page in ("/", "/wishes/", "/me/", "/me/tokens/", "/accounts/2fa/"):
        assert client.get(page)["Location"] == CHANGE, page
    assert "这个密码是别人给你的" in client.get(CHANGE).content.decode()
    assert is_problem(client.get(f"{V1}wishes/"), 403, "password_change_required")
    client.post(CHANGE, NEW)
    assert client.get("/wishes/").status_code == 200


def test_one_that_was_given_buys_no_token(cast):
    mark_password_given(to=cast.cadre)
    body = {"username": "cadre", "password": PASSWORD}
    assert is_problem(api().post(f"{V1}token/", body), 403, "password_change_required")


def test_the_link_by_mail_sets_one_that_is_ones_own(cast, client, mailoutbox):
    mark_password_given(to=cast.cadre)
    client.post("/accounts/password/reset/", {"email": "cadre@example.org"})
    path = next(line for line in mailoutbox[0].body.splitlines() if "/reset/key/" in line)
    path = "/accounts/" + path.split("/accounts/")[1]
    form = client.get(path)["Location"]
    new = {"password1": "yi-ju-hua-365", "password2": "yi-ju-hua-365"}
    assert client.post(form, new).status_code == 302
    assert enter(cast.cadre, "yi-ju-hua-365").get("/me/").status_code == 200
