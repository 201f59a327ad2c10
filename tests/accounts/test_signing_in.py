"""Signing in with a name and a password: the page, the lock, the session, and going out again."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.sign_in import LOGIN, enter, is_in
from tests.cast import PASSWORD
from tests.wishes.doors import text_of

WRONG = "not-the-password"


def try_to(user: User, password: str, client: Client | None = None):
    return (client or Client()).post(LOGIN, {"login": user.username, "password": password})


def test_name_and_password_open_the_portal(cast):
    answer = try_to(cast.cadre, PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == "/start/"
    client = enter(cast.cadre)
    assert is_in(client)
    assert "王示例" in text_of(client.get("/wishes/"))


def test_one_comes_back_to_where_one_was_going(cast):
    client = Client()
    sent = client.get("/wishes/mine/")
    assert sent["Location"] == f"{LOGIN}?next=/wishes/mine/"
    page = text_of(client.get(sent["Location"]))
    assert 'name="next" value="/wishes/mine/"' in page
    answer = client.post(LOGIN, {"login": "cadre", "password": PASSWORD, "next": "/wishes/mine/"})
    assert answer["Location"] == "/wishes/mine/"


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_nobody_is_led_out_of_the_portal(there, cast):
    answer = Client().post(LOGIN, {"login": "cadre", "password": PASSWORD, "next": there})
    assert answer["Location"] == "/start/"


def test_a_wrong_password_and_an_unknown_name_read_alike(cast):
    wrong = try_to(cast.cadre, WRONG)
    unknown = Client().post(LOGIN, {"login": "nobody", "password": WRONG})
    assert wrong.status_code == unknown.status_code == 200
    said = [str(answer.context["form"].errors) for answer in (wrong, unknown)]
    assert said[0] == said[1] != ""
    assert WRONG not in text_of(wrong)


@pytest.mark.parametrize(
    "words", [{}, {"login": "cadre"}, {"password": PASSWORD}, {"login": "c\x00", "password": "x"}]
)
def test_what_is_incomplete_is_said_and_opens_nothing(words, cast):
    client = Client()
    assert client.post(LOGIN, words).status_code == 200
    assert not is_in(client)


def test_whose_account_ended_does_not_come_in(cast):
    cast.cadre.is_active = False
    cast.cadre.save()
    assert not is_in(enter(cast.cadre))


def test_whose_account_ends_while_signed_in_is_out_at_the_next_step(cast):
    client = enter(cast.cadre)
    cast.cadre.is_active = False
    cast.cadre.save()
    assert client.get("/wishes/mine/")["Location"].startswith(LOGIN)


class TestTheLock:
    """Five wrong passwords for one name from one address, and this name waits half an hour here."""

    def locked(self, cast, times: int = 5):
        for _ in range(times):
            answer = try_to(cast.cadre, WRONG)
        return answer

    def test_the_fifth_wrong_one_locks_and_says_how_long(self, cast):
        answer = self.locked(cast)
        assert answer.status_code == 429
        assert "错了几次，先等一等" in text_of(answer)
        assert "要等30分钟" in text_of(answer)

    def test_the_right_one_does_not_help_then(self, cast):
        self.locked(cast)
        answer = try_to(cast.cadre, PASSWORD)
        assert answer.status_code == 429
        assert not is_in(enter(cast.cadre))

    def test_four_do_not_lock_and_a_right_one_counts_anew(self, cast):
        assert self.locked(cast, times=4).status_code == 200
        assert is_in(enter(cast.cadre))
        assert self.locked(cast, times=4).status_code == 200

    def test_others_and_the_same_name_from_elsewhere_are_not_locked(self, cast):
        self.locked(cast)
        assert is_in(enter(cast.cadre_b))
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        assert try_to(cast.cadre, PASSWORD, elsewhere).status_code == 302

    def test_it_opens_again_after_half_an_hour(self, cast):
        from axes.models import AccessAttempt

        self.locked(cast)
        long_ago = timezone.now() - dt.timedelta(minutes=31)
        AccessAttempt.objects.update(attempt_time=long_ago)
        assert try_to(cast.cadre, PASSWORD).status_code == 302

    def test_the_name_of_an_unknown_account_is_locked_alike(self, cast):
        answers = [Client().post(LOGIN, {"login": "nobody", "password": WRONG}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


class TestTheSession:
    def test_it_ends_when_the_browser_closes_and_scripts_cannot_read_it(self, cast, settings):
        cookie = enter(cast.cadre).cookies[settings.SESSION_COOKIE_NAME]
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_signing_in_gives_it_a_new_key(self, cast, settings):
        client = Client()
        client.get("/")
        session = client.session
        session["something"] = 1
        session.save()
        before = session.session_key
        client.post(LOGIN, {"login": "cadre", "password": PASSWORD})
        assert client.session.session_key != before

    def test_out_goes_who_presses_the_button_and_nobody_by_a_link(self, cast):
        client = enter(cast.cadre)
        asked = client.get("/accounts/logout/")
        assert asked.status_code == 200
        assert "现在退出吗？" in text_of(asked)
        assert is_in(client)
        assert client.post("/accounts/logout/")["Location"] == "/"
        assert not is_in(client)
        assert client.get("/wishes/mine/")["Location"].startswith(LOGIN)


def test_nobody_signs_up(db):
    client = Client()
    words = {"username": "new", "password1": "jiangdong-2026!", "password2": "jiangdong-2026!"}
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", words)):
        assert answer.status_code in (200, 302, 403, 404)
        assert "password1" not in text_of(answer)
    assert not User.objects.exists()


def test_a_form_from_elsewhere_signs_nobody_in(cast):
    client = Client(enforce_csrf_checks=True)
    answer = try_to(cast.cadre, PASSWORD, client)
    assert answer.status_code == 403
    assert "这一步没有送出" in text_of(answer)
    assert not is_in(client)


def test_what_the_log_says_of_a_failure_holds_no_password(cast, caplog):
    caplog.set_level("DEBUG")
    try_to(cast.cadre, WRONG)
    assert WRONG not in caplog.text
