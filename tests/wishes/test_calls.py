"""今天要打的电话: whom to ring to ask whether it was done."""

import pytest

from tests.cast import RESIDENT
from tests.wishes.doors import act, codes_on, course_of, moves_on, text_of
from wishes.models import CallBack


def calls(client) -> str:
    answer = client.get("/wishes/calls/")
    assert answer.status_code == 200
    return text_of(answer)


def due(html: str) -> list[str]:
    """Return the wishes to ring for, without those rung in vain today."""
    return codes_on(html.split("今天打过，没人接")[0])


def in_vain(html: str) -> list[str]:
    return codes_on(html.partition("今天打过，没人接")[2])


def test_what_is_called_done_waits_for_a_call_the_longest_waiting_first(cast, as_, wish_in, later):
    old = wish_in("fulfilled")
    with later(days=1):
        new = wish_in("fulfilled", title="想修一修阳台的窗")
        wish_in("claimed")
        wish_in("closed")
    html = calls(as_(cast.worker))
    assert due(html) == [old.code, new.code]
    assert "2 件说办好了" in html
    assert old.fulfil_note in html
    for fact in vars(RESIDENT).values():
        assert fact not in html


def test_each_call_has_three_answers_and_one_look_at_the_number(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    html = calls(as_(cast.worker))
    assert moves_on(html, wish) == {"confirm", "reopen"}
    for word in ("call", "resident"):
        assert f'action="/wishes/{wish.code}/{word}/"' in html


def test_nobody_answering_brings_it_back_tomorrow(cast, as_, wish_in, later):
    wish = wish_in("fulfilled")
    client = as_(cast.worker)
    assert act(client, wish, "call").status_code == 302
    assert list(CallBack.objects.values_list("outcome", "by")) == [("no_answer", cast.worker.pk)]
    assert course_of(wish)[-1] == ("call", "fulfilled", "fulfilled")
    html = calls(client)
    assert (due(html), in_vain(html)) == ([], [wish.code])
    with later(hours=13):  # 23:00 of the same day
        assert due(calls(client)) == []
    with later(hours=15):  # 1:00 of the next
        html = calls(client)
        assert (due(html), in_vain(html)) == ([wish.code], [])


def test_one_that_was_called_undone_and_done_again_the_same_day_is_rung_again(
    cast, as_, wish_in, later
):
    wish = wish_in("fulfilled")
    client = as_(cast.worker)
    act(client, wish, "reopen", reason="只配到一半")
    with later(hours=4):
        act(as_(cast.cadre), wish, "fulfil", note="全配好了")
        html = calls(client)
    assert (due(html), in_vain(html)) == ([wish.code], [])


def test_an_answer_through_the_card_takes_it_off_the_list(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    client = as_(cast.worker)
    act(client, wish, "confirm", rating="satisfied", how="phone", piece="call")
    assert due(calls(client)) == []


def test_the_list_is_the_own_communitys_and_the_streets(cast, as_, wish_in):
    own = wish_in("fulfilled")
    assert due(calls(as_(cast.colleague))) == [own.code]
    assert due(calls(as_(cast.street))) == [own.code]
    assert due(calls(as_(cast.worker2))) == []
    assert due(calls(as_(cast.street2))) == []


@pytest.mark.parametrize(
    "who", ["warden", "cadre", "liaison", "member", "supervisor", "inspector", "admin", "stranger"]
)
def test_others_have_nobody_to_ring(who, cast, as_):
    assert as_(getattr(cast, who)).get("/wishes/calls/").status_code == 403


@pytest.mark.parametrize("who", ["cadre", "liaison", "cadre_b", "supervisor", "worker2"])
def test_the_claimants_side_notes_no_call(who, cast, as_, wish_in):
    wish = wish_in("fulfilled")
    assert act(as_(getattr(cast, who)), wish, "call").status_code == 403
    assert not CallBack.objects.exists()


def test_what_the_street_itself_did_it_does_not_ring_for(cast, as_, wish_in, later):
    with later(days=8):
        wish = wish_in("open")
    with later(days=20):
        act(as_(cast.street), wish, "claim")
        act(as_(cast.street), wish, "fulfil", note="陪着去过了")
        assert due(calls(as_(cast.street))) == []
        assert due(calls(as_(cast.worker))) == [wish.code]


@pytest.mark.parametrize("state", ["open", "claimed", "closed", "withdrawn"])
def test_where_nothing_was_called_done_no_call_is_noted(state, cast, as_, wish_in):
    wish = wish_in(state)
    count = CallBack.objects.count()
    assert act(as_(cast.worker), wish, "call").status_code == 409
    assert CallBack.objects.count() == count


def test_the_list_costs_as_many_queries_for_twelve_as_for_one(
    cast, as_, wish_in, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(cast.worker)
    wish_in("fulfilled")
    with CaptureQueriesContext(connection) as one:
        calls(client)
    for _ in range(11):
        wish_in("fulfilled")
    with django_assert_num_queries(len(one)):
        assert len(due(calls(client))) == 12
