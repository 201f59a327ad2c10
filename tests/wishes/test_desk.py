"""The desk: a community's, a street's, an agency's wishes, the late ones first."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import RESIDENT
from tests.wishes.doors import codes_on, text_of

STATES = ("draft", "checking", "open", "claimed", "fulfilled", "closed", "withdrawn")


def desk(client, tab="all", **asked) -> str:
    answer = client.get("/wishes/desk/", {"tab": tab} | asked)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.fixture
def town(cast, wish_in) -> dict[str, str]:
    """Put wishes of 七塔 into every state, and one of 划船; return codes by state."""
    codes = {state: wish_in(state).code for state in STATES}
    codes["branch"] = wish_in("branch").code
    codes["elsewhere"] = wish_in("open", community=cast.places.hc, logged_by=cast.worker2).code
    codes["warden's"] = wish_in("draft", logged_by=cast.warden).code
    return codes


OWN = {*STATES, "branch", "warden's"}
# whose desk -> what stands on it
DESKS = {
    "worker": OWN,
    "colleague": OWN,
    "warden": {"warden's"},
    "worker2": {"elsewhere"},
    "street": OWN - {"draft", "warden's"} | {"elsewhere"},
    "street2": set(),
    "liaison": {"open", "claimed", "branch", "fulfilled", "closed"},
    "liaison2": {"elsewhere"},
    "member_liaison": set(),
}


def test_it_holds_what_one_answers_for_and_nothing_else(town, cast, as_):
    for who, names in DESKS.items():
        shown = set(codes_on(desk(as_(getattr(cast, who)))))
        assert shown == {town[name] for name in names}, who


@pytest.mark.parametrize(
    "who",
    [
        "cadre",
        "member",
        "supervisor",
        "supervision_group",
        "inspector",
        "leader",
        "admin",
        "stranger",
    ],
)
def test_who_answers_for_nothing_has_no_desk(who, cast, as_):
    client = as_(getattr(cast, who))
    assert client.get("/wishes/desk/").status_code == 403
    assert client.post("/exports/desk/ask/").status_code == 403


VIEWS = (
    ("drafts", {"draft", "warden's"}),
    ("checking", {"checking"}),
    ("open", {"open"}),
    ("doing", {"claimed", "branch"}),
    ("waiting", {"fulfilled"}),
    ("done", {"closed"}),
)


def test_each_step_has_its_own_view(town, cast, as_):
    for tab, states in VIEWS:
        html = desk(as_(cast.worker), tab)
        assert set(codes_on(html)) == {town[state] for state in states}, tab
        count = re.search(rf'href="\?tab={tab}"[^>]*>[^<]*<b>(\d+)</b>', html)
        assert int(count[1]) == len(states), tab


def test_a_claim_whose_handler_is_not_named_stands_apart_for_the_liaison(town, cast, as_):
    html = desk(as_(cast.liaison), "unnamed")
    assert codes_on(html) == [town["branch"]]
    assert "等定人" in html


def test_the_late_ones_come_first_and_are_counted(cast, as_, wish_in, later):
    import datetime as dt

    from tests.cast import NOW

    late = wish_in("claimed", due_on=NOW.date())
    later_due = wish_in("claimed", due_on=NOW.date() + dt.timedelta(days=30))
    wish_in("fulfilled", due_on=NOW.date())
    for who in ("worker", "street", "liaison"):
        with later(days=0):
            assert "没有过期的心愿" in desk(as_(getattr(cast, who)), "doing")
        with later(days=1):
            html = desk(as_(getattr(cast, who)), "doing")
            assert "1 件已过约定的日子" in html
            assert codes_on(html) == [late.code, later_due.code]


def test_no_details_stand_on_it(town, cast, as_):
    for who in ("worker", "street", "liaison"):
        html = desk(as_(getattr(cast, who)))
        assert not [fact for fact in vars(RESIDENT).values() if fact in html]


def test_it_is_searched_and_keeps_the_view(cast, as_, wish_in):
    wanted = wish_in("open", title="想修一修阳台的窗")
    wish_in("open")
    client = as_(cast.worker)
    assert codes_on(desk(client, "open", q="阳台")) == [wanted.code]
    assert codes_on(desk(client, "drafts", q="阳台")) == []
    assert "没有找到这样的心愿" in desk(client, "drafts", q="阳台")


def test_what_makes_no_sense_breaks_nothing(town, cast, as_):
    for asked in (
        {"tab": "x"},
        {"q": "\x00"},
        {"kind": "y"},
        {"due_before": "yesterday"},
        {"community": "ZZ"},
    ):
        desk(as_(cast.worker), **asked)


def test_a_new_desk_says_how_to_begin(cast, as_):
    assert "还没有记过心愿" in desk(as_(cast.worker))
    assert "这一步现在没有心愿" in desk(as_(cast.worker), "waiting")


def test_it_begins_at_the_drafts_when_there_are_some(cast, as_, wish_in):
    def opened() -> str:
        html = text_of(as_(cast.worker).get("/wishes/desk/"))
        return re.search(r'href="\?tab=(\w+)" aria-current="page"', html)[1]

    assert opened() == "doing"
    wish_in("draft")
    assert opened() == "drafts"


def test_twelve_wishes_cost_as_many_queries_as_one(cast, as_, wish_in):
    client = as_(cast.worker)
    wish_in("claimed")
    with CaptureQueriesContext(connection) as one:
        desk(client)
    for _ in range(11):
        wish_in("claimed")
    with CaptureQueriesContext(connection) as twelve:
        assert len(codes_on(desk(client))) == 12
    assert len(twelve) == len(one)
    assert len(one) <= 20


def test_the_pager_shows_thirty_at_a_time(cast, as_, wish_in):
    first = wish_in("draft")
    from wishes.models import Wish

    copies = []
    for n in range(2, 33):
        copy = Wish.objects.get(pk=first.pk)
        copy.pk, copy.serial, copy.code = None, n, f"QT-{n:04d}"
        copies.append(copy)
    Wish.objects.bulk_create(copies)
    html = desk(as_(cast.worker))
    assert len(codes_on(html)) == 30
    onwards = re.search(r'href="([^"]+)" rel="next"', html)[1].replace("&amp;", "&")
    rest = codes_on(text_of(as_(cast.worker).get(onwards)))
    assert len(rest) == 2
    assert not set(rest) & set(codes_on(html))
