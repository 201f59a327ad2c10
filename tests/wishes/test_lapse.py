"""A claim that nobody moves goes back to the board (久无动静，收回): after a warning, and never on a day off."""

import datetime as dt

import pytest

from accounts import trail
from jiangdong import clock
from notices import tasks as notices_tasks
from notices.models import DueLine, Notice
from notices.workdays import add_workdays, is_workday
from pairing.models import Cadre
from tests.cast import NOW
from tests.wishes.doors import act, codes_on, course_of, text_of
from wishes import actions, tasks
from wishes.models import NumberSetting, Wish

TODAY = NOW.date()
DUE = dt.date(2026, 3, 19)
WARNED = add_workdays(DUE, 7)
LAPSES = add_workdays(DUE, 10)  # 2 April


def on(day: dt.date, hour: int = 9):
    return clock.at(dt.datetime(day.year, day.month, day.day, hour, 5, tzinfo=NOW.tzinfo))


def live_through(until: dt.date, since: dt.date = TODAY, *, warn: bool = True) -> None:
    """Run what the timetable runs, day by day."""
    day = since
    while day <= until:
        with on(day):
            if warn:
                notices_tasks.sweep_reminders()
            tasks.move_on_in_time()
        day += dt.timedelta(days=1)


def after(wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


def warnings() -> list[tuple[str, str]]:
    lines = DueLine.objects.filter(reminder="wish-lapse-warning").exclude(digest=None)
    return [(str(line.digest.digest_day), line.recipient.username) for line in lines.order_by("pk")]


def test_after_a_warning_it_is_taken_back_and_everybody_reads_why(cast, as_, wish_in):
    wish = wish_in("claimed")
    live_through(LAPSES - dt.timedelta(days=1))
    assert (after(wish).state, warnings()) == ("claimed", [(str(WARNED), "cadre")])
    line = DueLine.objects.get(reminder="wish-lapse-warning")
    assert line.why == "7 个工作日没有动静，再没有就收回"
    live_through(LAPSES, LAPSES)
    wish = after(wish)
    assert (wish.state, wish.agency, wish.handler) == ("open", None, None)
    assert wish.first_claimed_on == NOW.date()  # an answer in time stays one
    assert course_of(wish)[-1] == ("lapse", "claimed", "open")
    event = trail.events_of(wish).last()
    assert (event.by_id, event.by_label) == (None, "门户按期限")
    assert event.note.text == "约定的日子过了 10 个工作日，没有动静。"
    told = Notice.objects.filter(kind="lapsed").values_list("recipient__username", flat=True)
    assert sorted(told) == ["cadre", "liaison", "worker"]
    with on(LAPSES, 15):
        assert wish.code in codes_on(text_of(as_(cast.cadre2).get("/wishes/?tab=all")))
        assert "久无动静，收回了" in text_of(as_(cast.worker).get(wish.get_absolute_url()))
        assert act(as_(cast.cadre2), wish, "claim").status_code == 302


def test_nobody_who_was_not_warned_loses_anything(cast, wish_in):
    wish = wish_in("claimed")
    live_through(LAPSES + dt.timedelta(days=30), warn=False)
    assert after(wish).state == "claimed"


def test_a_warning_that_came_late_gives_its_days_all_the_same(cast, wish_in):
    """The timetable stood still for days: what counts is when it was told, not when it should have been."""
    wish = wish_in("claimed")
    told_on = add_workdays(WARNED, 4)
    live_through(told_on, told_on)
    assert warnings() == [(str(told_on), "cadre")]
    live_through(add_workdays(told_on, 2), told_on)
    assert after(wish).state == "claimed"
    live_through(add_workdays(told_on, 3), add_workdays(told_on, 3))
    assert after(wish).state == "open"


@pytest.mark.parametrize("when", [WARNED, LAPSES - dt.timedelta(days=1)])
def test_an_act_of_the_holder_puts_it_off_until_another_warning(when, cast, as_, wish_in):
    wish = wish_in("claimed")
    live_through(when)
    with on(when, 15):
        assert act(as_(cast.cadre), wish, "gather").status_code == 302
    again = add_workdays(when, 7)
    live_through(add_workdays(when, 9), when)
    assert (after(wish).state, warnings()[-1]) == ("claimed", (str(again), "cadre"))
    live_through(add_workdays(when, 10), add_workdays(when, 10))
    assert after(wish).state == "open"


def test_what_others_do_puts_nothing_off(cast, as_, wish_in):
    wish = wish_in("claimed")
    live_through(WARNED)
    with on(WARNED, 15):
        act(as_(cast.worker), wish, "remind")
        act(as_(cast.worker), wish, "ask", what="release", reason="没动静")
    live_through(LAPSES, WARNED)
    assert after(wish).state == "open"


def test_who_took_it_over_has_all_the_days_and_a_warning_of_their_own(cast, as_, wish_in):
    wish = wish_in("claimed")
    live_through(WARNED)
    with on(WARNED, 15):
        handler = Cadre.objects.get(user=cast.cadre_b)
        act(as_(cast.liaison), wish, "assign", handler=handler.pk)
    live_through(add_workdays(WARNED, 9), WARNED)
    assert after(wish).state == "claimed"
    assert warnings() == [(str(WARNED), "cadre"), (str(add_workdays(WARNED, 7)), "cadre_b")]


def test_claimed_anew_after_a_lapse_the_old_warning_counts_for_nothing(cast, as_, wish_in):
    wish = wish_in("claimed")
    live_through(LAPSES)
    with on(LAPSES, 15):
        act(as_(cast.cadre2), wish, "claim")
    live_through(add_workdays(LAPSES, 9), LAPSES)
    assert (after(wish).state, after(wish).handler) == ("claimed", cast.cadre2)
    assert warnings()[-1] == (str(add_workdays(LAPSES, 7)), "cadre2")


def test_a_branch_that_names_nobody_is_warned_through_its_liaison(cast, wish_in):
    wish = wish_in("branch")
    live_through(LAPSES)
    assert ("open", [(str(WARNED), "liaison")]) == (after(wish).state, warnings())


def test_on_days_off_nothing_is_taken_from_anybody(cast, wish_in):
    wish = wish_in("claimed")
    live_through(LAPSES - dt.timedelta(days=1))
    day = LAPSES
    while is_workday(day):
        day += dt.timedelta(days=1)
    live_through(day, day)
    assert after(wish).state == "claimed"


def test_it_is_safe_to_run_twice_and_with_an_old_copy_in_hand(cast, wish_in):
    wish = wish_in("claimed")
    live_through(LAPSES - dt.timedelta(days=1))
    with on(LAPSES):
        assert actions.lapse_in_time(wish=wish).state == "open"
        assert actions.lapse_in_time(wish=wish) is None
        tasks.move_on_in_time()
    assert [move for move, _from, _to in course_of(wish)].count("lapse") == 1
    assert Notice.objects.filter(kind="lapsed").count() == 3


@pytest.mark.parametrize("state", ["waiting", "fulfilled", "open"])
def test_what_waits_is_done_or_is_nobodys_does_not_lapse(state, cast, wish_in):
    wish = wish_in(state)
    if state == "waiting":
        actions.resume(wish=wish, by=cast.cadre)
        until = NOW.date() + dt.timedelta(days=20)
        actions.wait(wish=wish, by=cast.cadre, waits_for="away", until=until, reason="回老家了")
    live_through(DUE + dt.timedelta(days=10))
    assert after(wish).state == state


def test_a_days_grace_on_top_when_a_supervisor_says_so(cast, wish_in):
    for name, value in (("lapse_after", 15), ("lapse_warning", 5)):
        NumberSetting.objects.create(name=name, value=value, changed_by=cast.supervisor)
    wish = wish_in("claimed")
    live_through(add_workdays(DUE, 14))
    assert (after(wish).state, warnings()) == ("claimed", [(str(add_workdays(DUE, 10)), "cadre")])
    live_through(add_workdays(DUE, 15), add_workdays(DUE, 15))
    assert after(wish).state == "open"


def test_the_team_of_a_claim_that_lapses_is_gone_and_told(cast, wish_in):
    wish = wish_in("joined")
    live_through(LAPSES)
    assert after(wish).together is False
    assert Notice.objects.filter(kind="lapsed", recipient=cast.cadre_b).exists()
