"""Tokens for programs, on one's own page: issued, listed, revoked."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts import actions
from accounts.models import ApiToken
from accounts.tasks import clear_expired
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotValid
from tests.accounts.sign_in import code_for, enter, with_app
from tests.api import V1
from tests.cast import PASSWORD

PAGE = "/me/tokens/"
ASKED = {"name": "网格周报", "days": "30"}


def text_in(response) -> str:
    return re.search(r'id="token"[^>]*>([\w-]{43})<', response.content.decode()).group(1)


def works(text: str) -> bool:
    client = Client(headers={"Authorization": f"Token {text}"})
    return client.get(f"{V1}streets/").status_code == 200


def test_one_is_issued_named_and_shown_once(cast):
    client = enter(cast.cadre)
    response = client.post(PAGE, ASKED)
    text = text_in(response)
    assert works(text)
    assert response["Cache-Control"].startswith("max-age=0")
    page = client.get(PAGE).content.decode()
    assert text not in page
    assert "网格周报" in page
    token = ApiToken.objects.get()
    assert (token.user, token.expires_at - token.created_at) == (cast.cadre, dt.timedelta(days=30))


@pytest.mark.parametrize("days", ["0", "91", "365", "", "x"])
def test_none_lasts_longer_than_ninety_days(cast, days):
    response = enter(cast.cadre).post(PAGE, {**ASKED, "days": days})
    assert response.status_code == 400
    assert not ApiToken.objects.exists()
    with pytest.raises(NotValid):
        actions.issue_token(to=cast.cadre, name="x", days=91)


def test_one_without_a_name_is_asked_for_it(cast):
    assert enter(cast.cadre).post(PAGE, {**ASKED, "name": " "}).status_code == 400


def test_ten_are_enough(cast):
    client = enter(cast.cadre)
    assert [client.post(PAGE, ASKED).status_code for _ in range(11)] == [200] * 10 + [409]
    assert ApiToken.objects.count() == 10


def test_it_is_revoked_by_its_owner_alone(cast):
    client = enter(cast.cadre)
    text = text_in(client.post(PAGE, ASKED))
    token = ApiToken.objects.get()
    assert enter(cast.worker).post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.revoke_token(token=token, by=cast.worker)
    assert client.get(f"{PAGE}{token.pk}/revoke/").status_code == 405
    assert works(text)
    assert client.post(f"{PAGE}{token.pk}/revoke/")["Location"] == PAGE
    assert not works(text)


def test_anothers_tokens_are_not_listed(cast):
    enter(cast.cadre).post(PAGE, ASKED)
    assert "网格周报" not in enter(cast.worker).get(PAGE).content.decode()


def test_the_last_day_of_use_is_noted_once_a_day(cast, later, django_assert_max_num_queries):
    text = text_in(enter(cast.cadre).post(PAGE, ASKED))
    assert works(text)
    assert ApiToken.objects.get().last_used_on == clock.today()
    with django_assert_max_num_queries(2):  # the token, and the rows
        assert works(text)
    with later(days=1):
        assert works(text)
        assert ApiToken.objects.get().last_used_on == clock.today()


def test_whoever_was_signed_in_for_long_says_again_who_they_are(cast, as_):
    client = as_(cast.cadre)
    assert client.get(PAGE).status_code == 200
    response = client.post(PAGE, ASKED)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    again = {"password": PASSWORD, "next": PAGE}
    assert works(text_in(client.post("/accounts/reauthenticate/", again)))


def test_with_a_second_factor_that_will_do(cast, as_):
    secret = with_app(cast.cadre)
    client = as_(cast.cadre)
    client.post(PAGE, ASKED)
    again = {"code": code_for(secret), "next": PAGE}
    assert works(text_in(client.post("/accounts/2fa/reauthenticate/", again)))


def test_a_new_password_ends_them(cast):
    client = enter(cast.cadre)
    text = text_in(client.post(PAGE, ASKED))
    new = {"oldpassword": PASSWORD, "password1": "yi-ju-hua-365", "password2": "yi-ju-hua-365"}
    client.post("/accounts/password/change/", new)
    assert not works(text)


def test_those_whose_time_is_over_are_swept(cast, later):
    client = enter(cast.cadre)
    text = text_in(client.post(PAGE, ASKED))
    client.post(PAGE, {**ASKED, "days": "90"})
    with later(days=31):
        assert not works(text)
        assert client.get(PAGE).content.decode().count("网格周报") == 1
        clear_expired()
    assert ApiToken.objects.count() == 1


def test_passers_by_are_asked_to_sign_in(db):
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")
    assert Client().post(PAGE, ASKED)["Location"].startswith("/accounts/login/")
