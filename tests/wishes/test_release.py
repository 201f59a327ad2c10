"""Handing a claim back (退回)."""

import pytest

from accounts import trail
from notices.models import Notice
from tests.cast import NOW, fresh
from tests.wishes.doors import act, course_of, text_of
from wishes import actions


def test_the_handler_hands_it_back_with_a_reason_and_others_may_take_it(cast, as_, wish_in, later):
    wish = wish_in("claimed")
    answer = act(as_(cast.cadre), wish, "release", reason="临时出差，赶不上了")
    assert answer.status_code == 302
    wish.refresh_from_db()
    assert wish.state == "open"
    assert (wish.agency, wish.handler, wish.claimed_by, wish.claimed_at, wish.origin) == (
        None, None, None, None, "",
    )  # fmt: skip
    assert trail.events_of(wish).last().note.text == "临时出差，赶不上了"
    with later(days=8):
        assert act(as_(cast.cadre2), wish, "claim").status_code == 302


def test_an_answer_in_time_stays_one(cast, as_, wish_in, later):
    wish = wish_in("claimed")
    act(as_(cast.cadre), wish, "release", reason="赶不上了")
    with later(days=20):
        act(as_(cast.cadre2), wish, "claim")
    wish.refresh_from_db()
    assert wish.first_claimed_on == NOW.date()


def test_the_worker_and_the_liaison_are_told_why(cast, as_, wish_in):
    wish = wish_in("claimed")
    act(as_(cast.cadre), wish, "release", reason="临时出差")
    told = Notice.objects.filter(kind="released").values_list("recipient__username", "body")
    assert sorted(told) == [("liaison", "临时出差"), ("worker", "临时出差")]


def test_the_liaison_hands_it_back_and_the_handler_is_told(cast, as_, wish_in):
    wish = wish_in("claimed")
    assert act(as_(cast.liaison), wish, "release", reason="人手不够").status_code == 302
    told = set(Notice.objects.filter(kind="released").values_list("recipient__username", flat=True))
    assert told == {"cadre", "worker"}


@pytest.mark.parametrize("reason", ["", "   ", "\n", "字" * 301, "不行\x00"])
def test_without_a_reason_or_with_an_impossible_one_it_stays(reason, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = act(as_(cast.cadre), wish, "release", reason=reason)
    assert answer.status_code == 400
    assert '<details class="unfold" open>' in text_of(answer)  # the form comes back open
    assert len(course_of(wish)) == 3


@pytest.mark.parametrize("visibility", ["paired", "private"])
def test_who_can_no_longer_open_it_afterwards_goes_on_to_the_board(visibility, cast, as_, wish_in):
    from pairing.models import Cadre

    wish = wish_in("open", visibility=visibility)
    handler = Cadre.objects.get(user=cast.member)
    actions.assign(wish=wish, by=fresh(cast.supervisor), handler=handler)
    htmx = as_(cast.member, headers={"HX-Request": "true"})
    if visibility == "paired":
        answer = act(as_(cast.member), wish, "release", reason="不方便")
        assert answer["Location"] == "/wishes/"
        page = as_(cast.member).get("/wishes/")
        assert page.status_code == 200
    else:
        answer = act(htmx, wish, "release", reason="不方便")
        assert answer["HX-Redirect"] == "/wishes/"
    assert as_(cast.member).get(wish.get_absolute_url()).status_code == 404
