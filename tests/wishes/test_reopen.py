"""The resident's no: it goes back to the holder, never silently."""

import datetime as dt

import pytest

from accounts import trail
from notices.models import Notice
from tests.wishes.doors import act, course_of, text_of
from wishes.models import CallBack


def reopen(client, wish, reason="只配到一半"):
    return act(client, wish, "reopen", reason=reason)


def test_it_stays_with_the_holder_who_gets_five_more_working_days(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    assert reopen(as_(cast.worker), wish).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.agency, wish.handler) == ("claimed", cast.places.jy, cast.cadre)
    assert (wish.fulfilled_at, wish.fulfilled_by, wish.fulfil_note) == (None, None, "")
    assert (wish.due_on, wish.reopened) == (dt.date(2026, 3, 17), 1)
    assert course_of(wish)[-1] == ("reopen", "fulfilled", "claimed")
    assert trail.events_of(wish).last().note.text == "只配到一半"
    assert list(CallBack.objects.values_list("outcome", flat=True)) == ["not_done"]


def test_the_handler_and_the_liaison_are_told_what_is_missing(cast, as_, wish_in):
    reopen(as_(cast.worker), wish_in("fulfilled"))
    notices = Notice.objects.filter(kind="reopened")
    assert {notice.recipient.username for notice in notices} == {"cadre", "liaison"}
    assert {notice.body for notice in notices} == {"只配到一半"}


def test_it_is_counted_and_shown_to_those_concerned(cast, as_, wish_in, client):
    wish = wish_in("fulfilled")
    for _ in range(2):
        reopen(as_(cast.worker), wish)
        act(as_(cast.cadre), wish, "fulfil", note="这次全配好了")
    wish.refresh_from_db()
    assert wish.reopened == 2
    assert "居民说过 2 次" in text_of(as_(cast.supervisor).get(wish.get_absolute_url()))
    assert "居民说过 2 次" not in text_of(client.get(wish.get_absolute_url()))


def test_a_claim_of_the_branch_stays_with_its_handler(cast, as_, wish_in):
    from pairing.models import Cadre

    wish = wish_in("branch")
    handler = Cadre.objects.get(user=cast.cadre).pk
    act(as_(cast.liaison), wish, "assign", handler=handler)
    act(as_(cast.cadre), wish, "fulfil", note="好了")
    reopen(as_(cast.worker), wish)
    wish.refresh_from_db()
    assert (wish.state, wish.origin, wish.handler) == ("claimed", "branch", cast.cadre)


@pytest.mark.parametrize("reason", ["", "  ", "字" * 301, "不\x07行"])
def test_it_says_what_is_missing(reason, cast, as_, wish_in):
    wish = wish_in("fulfilled")
    assert reopen(as_(cast.worker), wish, reason).status_code == 400
    assert len(course_of(wish)) == 4
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("who", ["cadre", "liaison", "cadre2", "supervisor", "worker2"])
def test_neither_the_claimants_side_nor_a_stranger_says_so(who, cast, as_, wish_in):
    assert reopen(as_(getattr(cast, who)), wish_in("fulfilled")).status_code == 403


@pytest.mark.parametrize("state", ["claimed", "closed"])
def test_only_what_is_called_done_can_be_called_undone(state, cast, as_, wish_in):
    assert reopen(as_(cast.worker), wish_in(state)).status_code == 409
