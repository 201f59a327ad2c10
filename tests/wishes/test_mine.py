"""我的: what one handles oneself, the most pressing first; nobody else sees it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pairing.models import Cadre
from tests.cast import NOW, fresh
from tests.wishes.doors import codes_on, text_of
from wishes import actions


def mine(client, tab="doing") -> str:
    answer = client.get("/wishes/mine/", {"tab": tab})
    assert answer.status_code == 200
    return text_of(answer)


def test_what_is_nearest_to_its_day_comes_first_with_the_working_days_left(
    cast, as_, wish_in, later
):
    late = wish_in("claimed", due_on=NOW.date() + dt.timedelta(days=30))
    soon = wish_in("claimed", due_on=NOW.date() + dt.timedelta(days=3))
    html = mine(as_(cast.cadre))
    assert codes_on(html) == [soon.code, late.code]
    assert "还剩 3 个工作日" in html
    with later(days=3):
        assert "今天到期" in mine(as_(cast.cadre))
    with later(days=5):  # a Sunday: no working day has gone by yet
        assert "刚过约定的日子" in mine(as_(cast.cadre))
    with later(days=7):
        assert "已过 2 个工作日" in mine(as_(cast.cadre))


def test_each_step_has_its_own_view(cast, as_, wish_in):
    codes = {
        state: wish_in(state).code for state in ("claimed", "fulfilled", "closed", "withdrawn")
    }
    client = as_(cast.cadre)
    assert codes_on(mine(client, "doing")) == [codes["claimed"]]
    assert codes_on(mine(client, "waiting")) == [codes["fulfilled"]]
    assert codes_on(mine(client, "done")) == [codes["closed"]]
    assert codes_on(mine(client, "made-up")) == [codes["claimed"]]


def test_it_holds_what_is_in_ones_own_hands_and_nothing_else(cast, as_, wish_in):
    own = wish_in("claimed")
    handed_over = wish_in("claimed")
    actions.assign(
        wish=handed_over, by=fresh(cast.liaison), handler=Cadre.objects.get(user=cast.cadre_b)
    )
    wish_in("branch")
    assert codes_on(mine(as_(cast.cadre))) == [own.code]
    assert codes_on(mine(as_(cast.cadre_b))) == [handed_over.code]
    assert codes_on(mine(as_(cast.liaison))) == []


@pytest.mark.parametrize("tab", ["doing", "waiting", "done"])
def test_an_empty_view_says_why(tab, cast, as_):
    html = mine(as_(cast.cadre), tab)
    assert "手上没有在办的心愿" in html or "这里还没有心愿" in html


def test_twelve_wishes_cost_as_many_queries_as_one(cast, as_, wish_in):
    client = as_(cast.cadre)
    wish_in("claimed")
    with CaptureQueriesContext(connection) as one:
        mine(client)
    for _ in range(11):
        wish_in("claimed")
    with CaptureQueriesContext(connection) as twelve:
        assert len(codes_on(mine(client))) == 12
    assert len(twelve) == len(one)
