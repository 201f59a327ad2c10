"""What comes back is tied to what it repeats, and shown to those who can do something about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.wishes.doors import codes_on, text_of
from wishes.models import Wish
from wishes.tasks import tie_recurring

WORDS = {"title": "楼道里的声控灯坏了", "kind": "repair"}


def reread(wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


@pytest.fixture
def thrice(wish_in, later):
    """The same thing three times, each after the one before was over."""
    found = []
    for day, state, title in (
        (0, "closed", "楼道里的声控灯坏了"),
        (40, "declined", "楼道里的声控灯又坏了"),
        (100, "open", "声控灯坏了，楼道里的"),
    ):
        with later(days=day):
            found.append(wish_in(state, kind="repair", title=title))
    return [reread(wish) for wish in found]


class TestTying:
    def test_each_points_to_the_one_before_and_all_to_the_first(self, thrice):
        first, second, third = thrice
        assert (first.recurs, first.recurs_first) == (None, None)
        assert (second.recurs, second.recurs_first) == (first, first)
        assert (third.recurs, third.recurs_first) == (second, first)

    @pytest.mark.parametrize(
        ("words", "days"),
        [
            ({"kind": "environment"}, 20),
            ({"title": "想学写毛笔字"}, 20),
            ({}, 200),
        ],
    )
    def test_another_kind_other_words_or_half_a_year_later_is_another_thing(
        self, words, days, wish_in, later
    ):
        wish_in("closed", **WORDS)
        with later(days=days):
            assert reread(wish_in("open", **(WORDS | words))).recurs is None

    @pytest.mark.parametrize("state", ["open", "claimed", "withdrawn", "draft"])
    def test_what_is_not_over_or_was_taken_back_does_not_recur(self, state, wish_in, later):
        wish_in(state, **WORDS)
        with later(days=3):
            assert reread(wish_in("open", **WORDS)).recurs is None

    def test_not_across_communities(self, cast, wish_in, later):
        wish_in("closed", **WORDS)
        with later(days=3):
            other = wish_in("open", community=cast.places.hc, logged_by=cast.worker2, **WORDS)
        assert reread(other).recurs is None

    def test_the_night_ties_what_publishing_did_not_and_may_run_twice(self, wish_in, later):
        first = wish_in("closed", **WORDS)
        with later(days=30):
            again = wish_in("open", **WORDS)
            Wish.objects.filter(pk=again.pk).update(recurs=None, recurs_first=None)
            tie_recurring()
            tie_recurring()
            assert reread(again).recurs == first
            assert reread(first).recurs is None


class TestShowing:
    def test_a_wish_says_when_it_was_there_before(self, cast, as_, thrice, later):
        with later(days=100):
            html = text_of(as_(cast.cadre).get(thrice[2].get_absolute_url()))
            assert "这件事 3 个月前也有过" in html
            assert thrice[0].code in html
            assert thrice[1].code not in html  # declined: no longer the public's

    def test_insiders_see_the_whole_chain(self, cast, as_, thrice, later):
        with later(days=100):
            html = text_of(as_(cast.worker).get(thrice[2].get_absolute_url()))
        assert "2 个月前也有过" in html
        assert {thrice[0].code, thrice[1].code} <= set(codes_on(html))

    def test_supervisors_and_the_street_see_what_comes_back_most(
        self, cast, as_, thrice, wish_in, later
    ):
        with later(days=0):
            wish_in("closed", title="想学写毛笔字", kind="culture")
        with later(days=101):
            last = wish_in("open", title="想学写毛笔字", kind="culture")
            html = text_of(as_(cast.supervisor).get("/wishes/recurring/"))
            assert codes_on(html) == [thrice[2].code, last.code]
            assert "定为每月一题" in html
            street = text_of(as_(cast.street).get("/wishes/recurring/"))
            assert codes_on(street) == [thrice[2].code, last.code]
            assert "定为每月一题" not in street
            assert "没有反复出现" in text_of(as_(cast.street2).get("/wishes/recurring/"))
            assert as_(cast.cadre).get("/wishes/recurring/").status_code == 403

    def test_the_list_takes_as_many_queries_for_one_as_for_more(
        self, cast, as_, thrice, wish_in, later
    ):
        client = as_(cast.supervisor)
        with later(days=100), CaptureQueriesContext(connection) as for_one:
            client.get("/wishes/recurring/")
        for title in ("想学写毛笔字", "孙女的作业没人辅导"):
            wish_in("closed", title=title, kind="culture")
            with later(days=30):
                wish_in("open", title=title, kind="culture")
        with later(days=100), CaptureQueriesContext(connection) as for_three:
            client.get("/wishes/recurring/")
        assert len(for_one) == len(for_three)
