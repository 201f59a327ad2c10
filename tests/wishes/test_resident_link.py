"""The resident's own page: a link without an account, for one wish, answering once; opening it changes nothing."""

import datetime as dt

import pytest
from django.apps import apps

from accounts import trail
from accounts.models import Event
from jiangdong.privacy import unseal
from notices.models import Notice
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import act, course_of, text_of
from wishes.models import ResidentLink, Wish


def token_of(wish) -> str:
    return unseal(ResidentLink.objects.get(wish=wish).sealed_token)["token"]


def address_of(wish) -> str:
    return f"/r/{token_of(wish)}/"


def say_yes(client, wish, **words):
    return client.post(f"{address_of(wish)}confirm/", {"rating": "satisfied"} | words)


def say_no(client, wish, reason="还差一半"):
    return client.post(f"{address_of(wish)}reopen/", {"reason": reason})


def everything() -> dict[str, list]:
    """Return every row of every table, sessions aside."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.object_name != "Session"
    }


class TestOpening:
    @pytest.mark.parametrize("state", ["open", "claimed", "fulfilled", "closed", "withdrawn"])
    def test_opening_it_changes_nothing_however_often_and_by_whom(
        self, state, cast, as_, wish_in, client
    ):
        wish = wish_in(state)
        address = address_of(wish)
        before = everything()
        for who in (client, as_(cast.cadre), as_(cast.worker)):
            for asked in (
                address,
                f"{address}?ask=yes",
                f"{address}?ask=no",
                f"{address}?confirm=1",
            ):
                assert who.get(asked).status_code == 200
                assert who.head(asked).status_code == 200
        for method in ("put", "patch", "delete", "options"):
            assert getattr(client, method)(address).status_code == 405
        for word in ("confirm", "reopen"):  # what a preview fetches is a GET
            assert client.get(f"{address}{word}/").status_code == 405
            assert client.head(f"{address}{word}/").status_code == 405
        assert everything() == before

    @pytest.mark.parametrize(
        ("state", "says"),
        [
            ("open", "社区记下了，正在找人办。"),
            ("claimed", "区教育局接了，说好3月19日前办。"),
            ("fulfilled", "办好了吗？"),
            ("closed", "您说：满意。"),
            ("withdrawn", "这件心愿已经撤回。"),
        ],
    )
    def test_it_says_how_far_it_is(self, state, says, wish_in, client):
        assert says in text_of(client.get(address_of(wish_in(state))))

    def test_it_asks_only_when_there_is_something_to_answer(self, wish_in, client):
        for state in ("open", "claimed", "closed"):
            html = text_of(client.get(f"{address_of(wish_in(state))}?ask=yes"))
            assert 'type="radio"' not in html
        html = text_of(client.get(f"{address_of(wish_in('fulfilled'))}?ask=yes"))
        assert html.count('type="radio"') == 3
        assert "checked" not in html

    def test_no_name_telephone_or_address_is_on_it(self, cast, wish_in, client):
        for state in ("open", "claimed", "fulfilled", "closed", "withdrawn"):
            wish = wish_in(state)
            for ask in ("", "?ask=yes", "?ask=no"):
                html = text_of(client.get(address_of(wish) + ask))
                for fact in (*vars(RESIDENT).values(), cast.cadre.name, cast.worker.name):
                    assert fact not in html, (state, ask)

    def test_the_address_is_neither_referred_nor_kept_nor_indexed(self, wish_in, client):
        wish = wish_in("fulfilled")
        for answer in (
            client.get(address_of(wish)),
            say_yes(client, wish),
            client.get("/r/made-up/"),
        ):
            assert answer["Referrer-Policy"] in ("no-referrer", "strict-origin")  # never the path
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
        html = text_of(client.get(address_of(wish)))
        assert '<meta name="robots" content="noindex, nofollow">' in html

    @pytest.mark.parametrize(
        "alter", [lambda token: token[:-1], lambda token: f"{token}x", str.swapcase]
    )
    def test_an_altered_link_is_no_link(self, alter, wish_in, client):
        wish = wish_in("fulfilled")
        altered = alter(token_of(wish))
        assert client.get(f"/r/{altered}/").status_code == 404
        for word in ("confirm", "reopen"):
            answer = client.post(f"/r/{altered}/{word}/", {"rating": "satisfied"})
            assert answer.status_code == 404
        assert len(course_of(wish)) == 4

    @pytest.mark.parametrize("token", ["x", "0" * 200, "张", "%00", "..", "QT-0001"])
    def test_a_made_up_link_is_no_link(self, token, wish_in, client):
        wish_in("fulfilled")
        assert client.get(f"/r/{token}/").status_code == 404

    def test_links_are_long_random_and_kept_only_sealed(self, wish_in):
        tokens = {token_of(wish_in("draft")) for _ in range(5)}
        assert len(tokens) == 5
        assert min(map(len, tokens)) >= 32
        rows = repr(list(ResidentLink.objects.values_list()))
        assert not [token for token in tokens if token in rows]


class TestAnswering:
    def test_yes_closes_it_in_the_residents_own_name(self, wish_in, client):
        wish = wish_in("fulfilled")
        answer = say_yes(client, wish, rating="unsatisfied", words="等了太久")
        assert answer.status_code == 302
        assert answer["Location"] == address_of(wish)
        wish.refresh_from_db()
        assert (wish.state, wish.rating, wish.words, wish.how, wish.closed_by) == (
            "closed",
            "unsatisfied",
            "等了太久",
            "scan",
            None,
        )
        event = trail.events_of(wish).last()
        assert (event.move, event.by_id, event.by_label) == ("confirm", None, "居民本人")
        wish.resident.refresh_from_db()
        assert wish.resident.erase_after == NOW.date() + dt.timedelta(days=180)
        assert "您说：不满意。" in text_of(client.get(address_of(wish)))

    def test_no_sends_it_back_to_the_holder(self, cast, wish_in, client):
        wish = wish_in("fulfilled")
        assert say_no(client, wish).status_code == 302
        wish.refresh_from_db()
        assert (wish.state, wish.handler, wish.reopened) == ("claimed", cast.cadre, 1)
        event = trail.events_of(wish).last()
        assert (event.move, event.by_id, event.note.text) == ("reopen", None, "还差一半")
        assert "区教育局接了" in text_of(client.get(address_of(wish)))

    def test_no_needs_no_reason(self, wish_in, client):
        wish = wish_in("fulfilled")
        assert say_no(client, wish, reason="").status_code == 302
        assert trail.events_of(wish).last().note.text == "居民说还没有办好。"

    @pytest.mark.parametrize("first", [say_yes, say_no])
    @pytest.mark.parametrize("second", [say_yes, say_no])
    def test_it_answers_once_per_fulfilment(self, first, second, wish_in, client):
        wish = wish_in("fulfilled")
        first(client, wish)
        course = course_of(wish)
        answer = second(client, wish)
        assert answer.status_code == 409
        assert "您已经回答过了" in text_of(answer)
        assert course_of(wish) == course

    def test_what_was_taken_down_by_telephone_uses_up_the_link(self, cast, as_, wish_in, client):
        wish = wish_in("closed")
        assert say_yes(client, wish).status_code == 409
        other = wish_in("fulfilled")
        act(as_(cast.worker), other, "reopen", reason="还差一半")
        assert say_yes(client, other).status_code == 409

    def test_after_it_was_done_again_it_asks_again(self, cast, as_, wish_in, client):
        wish = wish_in("fulfilled")
        say_no(client, wish)
        act(as_(cast.cadre), wish, "fulfil", note="全配好了")
        assert "办好了吗？" in text_of(client.get(address_of(wish)))
        assert say_yes(client, wish).status_code == 302
        wish.refresh_from_db()
        assert wish.state == "closed"

    @pytest.mark.parametrize("state", ["draft", "open", "claimed", "withdrawn"])
    def test_there_is_nothing_to_answer_before_it_is_called_done(self, state, wish_in, client):
        wish = wish_in(state)
        course = course_of(wish)
        for answer in (say_yes(client, wish), say_no(client, wish)):
            assert answer.status_code == 409
        assert course_of(wish) == course

    @pytest.mark.parametrize(
        "words", [{"rating": ""}, {"rating": "super"}, {"words": "字" * 301}, {"words": "好\x00"}]
    )
    def test_what_cannot_be_is_said_and_nothing_changes(self, words, wish_in, client):
        wish = wish_in("fulfilled")
        answer = say_yes(client, wish, **words)
        assert answer.status_code == 400
        assert 'class="errors"' in text_of(answer)
        assert len(course_of(wish)) == 4
        assert say_yes(client, wish).status_code == 302

    def test_a_form_from_elsewhere_is_refused(self, wish_in):
        from django.test import Client

        wish = wish_in("fulfilled")
        assert say_yes(Client(enforce_csrf_checks=True), wish).status_code == 403
        assert len(course_of(wish)) == 4

    def test_the_handler_cannot_answer_by_way_of_the_page_of_the_wish(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        html = text_of(as_(cast.cadre).get(wish.get_absolute_url()))
        assert token_of(wish) not in html
        assert as_(cast.cadre).get(f"/wishes/{wish.code}/slip/").status_code == 404

    def test_an_answer_reaches_who_did_it_and_who_wrote_it_down(self, wish_in, client):
        say_yes(client, wish_in("fulfilled"), words="谢谢小王")
        notices = Notice.objects.filter(kind="confirmed")
        assert {notice.recipient.username for notice in notices} == {"cadre", "worker"}
        assert not [notice for notice in notices if "谢谢小王" in notice.body + notice.title]


class TestExpiring:
    def test_thirty_days_after_it_was_called_done_the_link_is_dead(self, wish_in, client, later):
        wish = wish_in("fulfilled")
        with later(days=29, hours=23):
            assert client.get(address_of(wish)).status_code == 200
        with later(days=30):
            answer = client.get(address_of(wish))
            assert answer.status_code == 410
            assert wish.title not in text_of(answer)
            assert "138 0000 0001" in text_of(answer)  # the community's telephone
            for refused in (say_yes(client, wish), say_no(client, wish)):
                assert refused.status_code == 409
        assert len(course_of(wish)) == 4

    def test_before_it_is_called_done_it_does_not_expire(self, wish_in, client, later):
        wish = wish_in("claimed")
        with later(days=100):
            assert client.get(address_of(wish)).status_code == 200

    def test_the_days_begin_anew_with_each_fulfilment(self, cast, as_, wish_in, client, later):
        wish = wish_in("fulfilled")
        with later(days=29):
            say_no(client, wish)
        with later(days=40):
            assert client.get(address_of(wish)).status_code == 200
            act(as_(cast.cadre), wish, "fulfil", note="全配好了")
        with later(days=69):
            assert say_yes(client, wish).status_code == 302


class TestSlip:
    """The link on paper: for the community's workers alone."""

    def test_the_worker_gets_the_link_and_its_code_without_any_detail(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        answer = as_(cast.worker).get(f"/wishes/{wish.code}/slip/")
        html = text_of(answer)
        assert f"http://testserver{address_of(wish)}" in html
        assert "<svg" in html
        for fact in vars(RESIDENT).values():
            assert fact not in html
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize(
        "who",
        ["warden", "worker2", "cadre", "liaison", "street", "supervisor", "admin", "stranger"],
    )
    def test_nobody_else_gets_it(self, who, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        assert as_(getattr(cast, who)).get(f"/wishes/{wish.code}/slip/").status_code == 404
        assert token_of(wish) not in text_of(as_(getattr(cast, who)).get(wish.get_absolute_url()))


def test_every_wish_has_a_link_of_its_own(wish_in):
    wishes = [wish_in(state) for state in ("draft", "open", "closed")]
    assert ResidentLink.objects.count() == Wish.objects.count() == len(wishes)
    assert Event.objects.filter(thing_kind="wishes.wish", move="log").count() == 3
