"""Progress by the code on a slip: no account, no phone, no name shown, nothing to answer, and guessing is hopeless."""

import re

import pytest
from django.test import Client

from jiangdong.privacy import unseal
from tests.cast import RESIDENT
from tests.wishes.doors import text_of
from tests.wishes.test_resident_link import everything, token_of
from wishes import slip_codes
from wishes.models import ResidentLink

DESK = "/r/"


def code_of(wish) -> str:
    return unseal(ResidentLink.objects.get(wish=wish).sealed_token)["code"]


def ask(client, code: str, **headers):
    return client.post(DESK, {"code": code}, **headers)


class TestCodes:
    def test_a_code_is_eight_characters_that_nobody_takes_for_others(self):
        codes = {slip_codes.new() for _ in range(200)}
        assert len(codes) == 200
        assert all(re.fullmatch("[2-9A-HJKMNP-Z]{8}", code) for code in codes)

    @pytest.mark.parametrize(
        "typed", ["K7MW29QP", "k7mw 29qp", "Ｋ７ｍｗ－２９ｑｐ", " k7mw-29qp\n"]
    )
    def test_it_is_read_however_it_was_typed(self, typed):
        assert slip_codes.cleaned(typed) == "K7MW29QP"

    @pytest.mark.parametrize(
        "typed", ["", "K7MW29Q", "K7MW29QPP", "K7MW29Q0", "QT-0001", "张", "\x00" * 8]
    )
    def test_what_is_no_code_is_none(self, typed):
        assert slip_codes.cleaned(typed) == ""

    def test_the_database_alone_gives_no_code_away(self, settings, wish_in):
        wish = wish_in("open")
        kept = repr(list(ResidentLink.objects.values_list()))
        assert code_of(wish) not in kept
        settings.SECRET_KEY = "another"
        assert slip_codes.digest_of(code_of(wish)) != ResidentLink.objects.get().code_digest

    def test_a_code_outlives_a_new_secret_while_the_old_one_is_a_fallback(
        self, settings, wish_in, client
    ):
        code = code_of(wish_in("open"))
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "s" * 60
        assert ask(client, code).status_code == 200
        settings.SECRET_KEY_FALLBACKS = []
        assert ask(client, code).status_code == 404


class TestAsking:
    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("open", "正在找人办"),
            ("claimed", "区教育局接了"),
            ("fulfilled", "请扫单子上的二维码"),
            ("closed", "您说：满意。"),
            ("withdrawn", "已经撤回"),
        ],
    )
    def test_it_shows_how_far_it_is_and_nobodys_name_and_offers_nothing_to_press(
        self, state, words, cast, wish_in, client
    ):
        wish = wish_in(state)
        before = everything()
        html = text_of(ask(client, code_of(wish)))
        assert wish.title in html
        assert words in html
        assert "138 0000 0001" in html
        assert token_of(wish) not in html
        assert "?ask=" not in html
        for fact in (*vars(RESIDENT).values(), cast.cadre.name, cast.worker.name):
            assert fact not in html
        assert everything() == before

    def test_the_page_says_where_the_code_stands_and_is_kept_nowhere(self, client, db):
        answer = client.get(DESK)
        assert answer.status_code == 200
        assert "编号印在社区给您的单子上" in text_of(answer)
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("typed", ["", "K7MW", "?", "字" * 21])
    def test_what_cannot_be_a_code_is_said_and_counts_for_nothing(self, typed, wish_in, client):
        for _ in range(2 * slip_codes.GUESSES):
            assert ask(client, typed).status_code == 400
        assert ask(client, code_of(wish_in("open"))).status_code == 200

    def test_a_code_that_two_wishes_drew_opens_neither(self, wish_in, client):
        wish, other = wish_in("open"), wish_in("open")
        digest = ResidentLink.objects.get(wish=wish).code_digest
        ResidentLink.objects.filter(wish=other).update(code_digest=digest)
        assert ask(client, code_of(wish)).status_code == 404

    def test_links_from_before_there_were_codes_are_not_found_without_one(self, wish_in, client):
        ResidentLink.objects.filter(wish=wish_in("open")).update(code_digest="")
        assert ask(client, "").status_code == 400

    def test_it_dies_with_the_link(self, wish_in, client, later):
        wish = wish_in("fulfilled")
        with later(days=31):
            answer = ask(client, code_of(wish))
        assert answer.status_code == 410
        assert wish.title not in text_of(answer)
        assert "这个编号已经过期" in text_of(answer)

    def test_a_form_from_elsewhere_is_refused(self, wish_in):
        assert ask(Client(enforce_csrf_checks=True), code_of(wish_in("open"))).status_code == 403


class TestGuessing:
    WRONG = "22222222"

    def test_ten_wrong_ones_from_one_address_lock_it_even_for_a_right_one(self, wish_in, client):
        code = code_of(wish_in("open"))
        assert {ask(client, self.WRONG).status_code for _ in range(slip_codes.GUESSES)} == {404}
        answer = ask(client, code)
        assert answer.status_code == 429
        assert "过半小时再试" in text_of(answer)
        assert ask(client, code, REMOTE_ADDR="10.0.0.9").status_code == 200

    def test_a_desk_where_many_ask_is_not_locked(self, wish_in, client):
        code = code_of(wish_in("open"))
        assert {ask(client, code).status_code for _ in range(3 * slip_codes.GUESSES)} == {200}

    def test_from_everywhere_together_there_is_an_end_too(self, wish_in, client, monkeypatch):
        monkeypatch.setattr(slip_codes, "GUESSES_OVERALL", 5)
        for n in range(5):
            assert ask(client, self.WRONG, REMOTE_ADDR=f"10.0.0.{n}").status_code == 404
        code = code_of(wish_in("open"))
        assert ask(client, code, REMOTE_ADDR="10.0.0.99").status_code == 429

    def test_codes_that_are_drawn_make_guessing_hopeless(self):
        space = len(slip_codes.ALPHABET) ** slip_codes.LENGTH
        living = 5_000
        hours = space / living / slip_codes.GUESSES_OVERALL
        assert hours / 24 / 365 > 19


class TestSlip:
    def test_the_slip_carries_the_code_in_two_halves_beside_the_link(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        html = text_of(as_(cast.worker).get(f"/wishes/{wish.code}/slip/"))
        assert slip_codes.spaced(code_of(wish)) in html
        assert "http://testserver/r/" in html
        assert "报编号就能查" in html

    def test_a_slip_from_before_there_were_codes_does_without(self, cast, as_, wish_in):
        from jiangdong.privacy import seal

        wish = wish_in("fulfilled")
        links = ResidentLink.objects.filter(wish=wish)
        links.update(sealed_token=seal({"token": token_of(wish)}), code_digest="")
        answer = as_(cast.worker).get(f"/wishes/{wish.code}/slip/")
        assert answer.status_code == 200
        assert "报编号就能查" not in text_of(answer)
