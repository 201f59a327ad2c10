"""Nobody claims it: each open wish shows where it stands on its way, by the clock and the reminders in force."""

import datetime as dt

import pytest

from jiangdong import clock
from notices.actions import set_reminder
from notices.reminders import day_of, last_reached
from notices.workdays import add_workdays
from tests.cast import NOW
from wishes import actions
from wishes.models import Wish
from wishes.stages import reached, stage_of

TODAY = NOW.date()


def on(day: dt.date):
    return clock.at(dt.datetime.combine(day, dt.time(10), tzinfo=NOW.tzinfo))


def course(wish: Wish, days: int = 30) -> list[tuple[str, str | None]]:
    """Return the days on which a wish comes to a stage."""
    found: list[tuple[str, str | None]] = []
    for n in range(days):
        day = TODAY + dt.timedelta(days=n)
        with on(day):
            stage = stage_of(wish)
        if not found or found[-1][1] != stage:
            found.append((str(day), stage))
    return found


def test_an_open_wish_goes_its_way_by_the_clock(cast, wish_in):
    wish = wish_in("open")
    assert course(wish) == [
        ("2026-03-10", "offered"),
        (str(wish.open_to_all_on), "everyone"),
        (str(add_workdays(wish.claim_due_on, 3)), "street"),
        (str(add_workdays(wish.claim_due_on, 6)), "district"),
    ]


def test_supervisors_numbers_move_the_stages(cast, wish_in):
    wish = wish_in("open")
    set_reminder(reminder="wish-unclaimed-street", offsets=[1, 4], enabled=True, by=cast.supervisor)
    set_reminder(
        reminder="wish-unclaimed-supervisor", offsets=[2], enabled=False, by=cast.supervisor
    )
    assert course(wish)[2:] == [(str(add_workdays(wish.claim_due_on, 1)), "street")]


def test_what_is_for_the_paired_agency_alone_waits_there_until_the_street(cast, wish_in):
    wish = wish_in("open", visibility="paired")
    assert [stage for _day, stage in course(wish)] == ["offered", "street", "district"]


def test_what_is_private_has_no_stage_before_the_street(cast, wish_in):
    wish = wish_in("open", visibility="private")
    assert [stage for _day, stage in course(wish)] == [None, "street", "district"]


@pytest.mark.parametrize("state", ["draft", "claimed", "waiting", "fulfilled", "closed", "ended"])
def test_nothing_else_has_one(wish_in, state):
    assert stage_of(wish_in(state)) is None


@pytest.mark.parametrize("offset", [-3, 0, 1, 3, 6])
def test_the_last_day_reached_turns_the_reminders_day_round(offset):
    for n in range(400):  # through 2026, with its holidays
        day = dt.date(2025, 12, 20) + dt.timedelta(days=n)
        last = last_reached(day, offset)
        assert day_of(last, offset) <= day < day_of(last + dt.timedelta(days=1), offset)


def test_a_list_asks_once_for_all_its_stages(cast, wish_in, django_assert_num_queries):
    for _ in range(3):
        wish_in("open")
    with django_assert_num_queries(2):
        wishes = list(Wish.objects.with_stage(**reached()))
        assert {wish.stage for wish in wishes} == {"offered"}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("worker", True),
        ("street", True),
        ("liaison", True),
        ("supervisor", True),
        ("cadre", False),
        ("worker2", False),
        (None, False),
    ],
)
def test_those_who_see_to_it_read_it_on_the_wish(cast, as_, wish_in, who, seen):
    wish = wish_in("open")
    html = as_(getattr(cast, who) if who else None).get(wish.get_absolute_url()).content.decode()
    assert ("<b>先问结对单位</b>" in html) is seen


@pytest.mark.parametrize("who", ["worker", "street", "liaison"])
def test_the_desk_shows_and_narrows_by_it(cast, as_, wish_in, who):
    early = wish_in("open", title="想学写毛笔字")
    with on(add_workdays(early.claim_due_on, 3)):
        late_one = early
        new = wish_in("open", title="厨房的水龙头滴水")
        client = as_(getattr(cast, who))
        html = client.get("/wishes/desk/?tab=open").content.decode()
        assert "街道想办法</small>" in html
        assert "先问结对单位</small>" in html
        narrowed = client.get("/wishes/desk/?tab=open&stage=street").content.decode()
        assert late_one.title in narrowed
        assert new.title not in narrowed
        assert client.get("/wishes/desk/?tab=open&stage=made-up").status_code == 200


def test_the_admins_list_shows_and_narrows_by_it(cast, as_, wish_in):
    early = wish_in("open", title="想学写毛笔字")
    with on(add_workdays(early.claim_due_on, 6)):
        new = wish_in("open", title="厨房的水龙头滴水")
        client = as_(cast.supervisor)
        html = client.get("/admin/wishes/wish/?stage=district").content.decode()
        assert early.title in html
        assert new.title not in html
        page = client.get(f"/admin/wishes/wish/{early.pk}/change/").content.decode()
        assert "区里想办法" in page
        assert client.get("/admin/wishes/wish/?stage=nowhere").status_code in (302, 400)


def test_once_claimed_it_leaves_the_way(cast, as_, wish_in):
    wish = actions.claim(wish=wish_in("open"), by=cast.cadre)
    html = as_(cast.worker).get(wish.get_absolute_url()).content.decode()
    assert "大家都可以认领" not in html
