"""A clock that stands still for a reason (先等一等): up to a cap, going on by itself, never to anybody's loss."""

import datetime as dt
import random

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import trail
from accounts.models import Event
from jiangdong import clock
from notices.models import Notice
from notices.workdays import add_workdays, calendar_known, is_workday, workdays_between
from pairing.models import Cadre
from tests.cast import NOW, RESIDENT, fresh
from tests.wishes.doors import act, course_of, text_of
from tests.wishes.test_race import long_ago, together  # noqa: F401 - a fixture
from tests.wishes.test_resident_link import address_of
from wishes import actions, tasks
from wishes.actions import changes
from wishes.models import NumberSetting, Wish

TODAY = NOW.date()  # Tuesday, 10 March 2026; the wish is due on the 19th


def wait(client, wish, days: int = 7, reason="订了货，下周到", waits_for="goods"):
    until = (clock.today() + dt.timedelta(days=days)).isoformat()
    return act(client, wish, "wait", waits_for=waits_for, until=until, reason=reason)


def after(wish: Wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


def on(day: dt.date, hour: int = 10):
    """Hold the clock at an hour of a day."""
    return clock.at(dt.datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo))


class TestWaiting:
    def test_the_handler_stops_the_clock_and_the_worker_tells_the_resident(
        self, cast, as_, wish_in, client
    ):
        wish = wish_in("claimed")
        assert wait(as_(cast.cadre), wish).status_code == 302
        wish = after(wish)
        assert (wish.state, str(wish.waits_until), wish.waits_for) == (
            "waiting",
            "2026-03-17",
            "goods",
        )
        notice = Notice.objects.get(kind="waiting")
        assert (notice.recipient, "请转告居民" in notice.body) == (cast.worker, True)
        assert "东西订了还没到，等到3月17日" in text_of(client.get(address_of(wish)))

    def test_a_day_that_is_not_to_come_or_beyond_the_cap_is_refused(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for days in (-1, 0, 30, 400):
            answer = wait(as_(cast.cadre), wish, days)
            assert (answer.status_code, "最晚等到4月8日" in text_of(answer)) == (400, True)
        assert wait(as_(cast.cadre), wish, 29).status_code == 302  # 20 working days and a holiday

    def test_several_waits_share_one_cap(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        client = as_(cast.cadre)
        wait(client, wish, 14)  # ten working days
        with on(TODAY + dt.timedelta(days=14)):
            assert act(client, wish, "resume").status_code == 302
            assert after(wish).waited == 10
            assert wait(client, wish, 30).status_code == 400
            assert wait(client, wish, 14).status_code == 302
        with on(TODAY + dt.timedelta(days=29)):
            act(client, wish, "resume")
            assert after(wish).waited == 19
            assert wait(client, wish, 2).status_code == 400
        NumberSetting.objects.create(name="wait_cap", value=5, changed_by=cast.supervisor)
        with on(TODAY + dt.timedelta(days=29)):
            answer = wait(client, wish, 1)
            assert (answer.status_code, "已经到上限" in text_of(answer)) == (409, True)

    def test_what_is_overdue_waits_no_more_and_on_its_day_it_still_does(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        with on(wish.due_on + dt.timedelta(days=1)):
            answer = wait(as_(cast.cadre), wish)
            assert (answer.status_code, "不能再停表" in text_of(answer)) == (409, True)
        with on(wish.due_on):
            assert wait(as_(cast.cadre), wish).status_code == 302

    def test_a_branch_names_somebody_before_it_waits(self, cast, as_, wish_in):
        answer = wait(as_(cast.liaison), wish_in("branch"))
        assert (answer.status_code, "先定一位经办人" in text_of(answer)) == (409, True)

    def test_a_reason_that_names_the_resident_is_caught(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for said in (f"{RESIDENT.name}回老家了", f"打{RESIDENT.phone}没人接"):
            answer = wait(as_(cast.cadre), wish, reason=said)
            assert (answer.status_code, after(wish).state) == (400, "claimed")
        assert not Notice.objects.filter(kind="waiting").exists()

    def test_waiting_is_an_answer_to_what_was_asked_meanwhile(self, cast, as_, wish_in):
        wish = wish_in("silent")
        wait(as_(cast.cadre), wish)
        assert after(wish).open_asks == {}
        with on(TODAY + dt.timedelta(days=7)):
            actions.resume_in_time(wish=wish)
            assert act(as_(cast.worker), wish, "lapse").status_code == 409


class TestGoingOn:
    def test_going_on_early_adds_only_the_working_days_that_passed(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish, 14)
        with on(dt.date(2026, 3, 16)):  # Monday: four working days on
            assert act(as_(cast.cadre), wish, "resume").status_code == 302
        wish = after(wish)
        assert (str(wish.due_on), wish.waited) == ("2026-03-25", 4)
        assert (wish.state, wish.waiting_since, wish.waits_until) == ("claimed", None, None)

    def test_on_the_same_day_nothing_is_added(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish)
        act(as_(cast.cadre), wish, "resume")
        assert (after(wish).due_on, after(wish).waited) == (wish.due_on, 0)

    def test_the_task_lets_it_go_on_on_its_day_and_tells_once(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish)
        with on(dt.date(2026, 3, 16)):
            tasks.move_on_in_time()
            assert after(wish).state == "waiting"
        with on(dt.date(2026, 3, 17)):
            tasks.move_on_in_time()
            tasks.move_on_in_time()
        wish = after(wish)
        assert (wish.state, str(wish.due_on)) == ("claimed", "2026-03-26")
        assert course_of(wish)[-1] == ("resume", "waiting", "claimed")
        assert trail.events_of(wish).last().by_label == "门户按期限"
        assert Notice.objects.get(kind="resumed").recipient == cast.cadre

    def test_a_task_that_comes_late_adds_no_more_than_was_agreed(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish)
        with on(dt.date(2026, 3, 24)):
            tasks.move_on_in_time()
        assert str(after(wish).due_on) == "2026-03-26"

    def test_it_goes_on_on_a_day_off_too(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish, 4)  # Saturday
        with on(dt.date(2026, 3, 14)):
            tasks.move_on_in_time()
        assert (after(wish).state, after(wish).waited) == ("claimed", 3)


class TestWhatEndsAPause:
    def test_given_back_the_days_that_passed_are_added(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        wait(as_(cast.cadre), wish, 14)
        with on(dt.date(2026, 3, 16)):
            act(as_(cast.cadre), wish, "release", reason="等不到了")
        wish = after(wish)
        assert (wish.state, str(wish.due_on), wish.waits_until) == ("open", "2026-03-25", None)

    def test_withdrawn_nothing_waits(self, cast, as_, wish_in):
        wish = wish_in("waiting")
        act(as_(cast.worker), wish, "withdraw", reason="家里人已经办了")
        wish = after(wish)
        assert (wish.state, wish.waits_until, wish.waits_for) == ("withdrawn", None, "")

    def test_in_another_hand_it_goes_on_waiting(self, cast, as_, wish_in):
        wish = wish_in("waiting")
        handler = Cadre.objects.get(user=cast.cadre_b)
        act(as_(cast.liaison), wish, "assign", handler=handler.pk)
        moved = after(wish)
        assert (moved.state, moved.handler) == ("waiting", cast.cadre_b)
        assert moved.waits_until == wish.waits_until


def test_the_number_of_days_it_may_wait_is_a_supervisors(cast, as_, wish_in):
    NumberSetting.objects.create(name="wait_cap", value=2, changed_by=cast.supervisor)
    wish = wish_in("claimed")
    assert wait(as_(cast.cadre), wish, 3).status_code == 400
    assert wait(as_(cast.cadre), wish, 2).status_code == 302


STATES = (
    "open", "claimed", "waiting", "joined", "asked to extend", "silent", "unreached", "declined", "ended",
)  # fmt: skip
PAGES = (
    "/", "/wishes/", "/wishes/mine/", "/wishes/desk/", "/wishes/desk/?tab=asked", "/wishes/desk/?tab=left",
    "/wishes/calls/", "/admin/", "/api/v1/wishes/",
)  # fmt: skip


def test_no_deadline_moves_by_reading(cast, as_, wish_in):
    wishes = [wish_in(state) for state in STATES]
    clocks = (
        "due_on",
        "response_due_on",
        "claim_due_on",
        "open_to_all_on",
        "waits_until",
        "waited",
        "state",
    )
    with on(dt.date(2026, 3, 27)):  # what waits has waited long enough, what is claimed is overdue
        before = list(Wish.objects.order_by("pk").values(*clocks)), Event.objects.count()
        for who in (None, cast.worker, cast.cadre, cast.liaison, cast.street, cast.supervisor):
            client = as_(who)
            for page in PAGES:
                client.get(page)
            for wish in wishes:
                client.get(wish.get_absolute_url())
                client.get(f"/api/v1/wishes/{wish.code}/")
                client.get(address_of(wish))
        after_all = list(Wish.objects.order_by("pk").values(*clocks)), Event.objects.count()
    assert after_all == before


# Days of years whose holidays and make-up days are known, 2014 to 2026, and of one whose are not.
days = st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)) | st.dates(
    dt.date(2031, 1, 1), dt.date(2031, 12, 31)
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    started=days,
    left=st.integers(0, 60),
    pauses=st.lists(st.tuples(st.integers(1, 40), st.integers(-3, 60), st.integers(0, 5)), max_size=4),
)  # fmt: skip
def test_a_pause_never_shortens_and_never_costs_a_working_day(started, left, pauses):
    """Whatever days one waits, goes on early or late, and waits again: as many working days are left as before."""
    wish = Wish(due_on=started + dt.timedelta(days=left))
    day = started
    for length, longer, between in pauses:
        day += dt.timedelta(days=between)
        due = wish.due_on
        remaining = workdays_between(day, due)
        if due < day:
            break
        until = day + dt.timedelta(days=length)
        went_on = max(until + dt.timedelta(days=longer), day)
        changes.waiting(wish, waits_for="goods", until=until, on=day)
        assert wish.due_on == due
        waited = wish.waited
        changes.resumed(wish, on=went_on)
        counted = min(went_on, until)
        assert wish.due_on >= due
        assert wish.waited - waited == workdays_between(day, counted)
        assert workdays_between(counted, wish.due_on) == remaining
        assert wish.due_on == due or is_workday(wish.due_on)
        day = went_on


@pytest.mark.parametrize("year", [*range(2014, 2027), 2031])
def test_every_holiday_and_make_up_day_of_a_year_counts_as_it_is(year):
    """A pause over each single day of a year moves a deadline by that day if and only if offices work on it."""
    assert calendar_known(dt.date(year, 6, 1)) == (year != 2031)
    day = dt.date(year, 1, 1)
    while day.year == year:
        due = add_workdays(day, 3)
        wish = Wish(due_on=due)
        changes.waiting(wish, waits_for="away", until=day, on=day - dt.timedelta(days=1))
        changes.resumed(wish, on=day)
        assert wish.due_on == (add_workdays(due, 1) if is_workday(day) else due), day
        day += dt.timedelta(days=1)


def test_any_day_one_goes_on_through_the_pages_the_deadline_is_as_far_as_it_was(cast, as_, wish_in):
    """The same through the doors, over the holidays around 1 October 2026 with their make-up days."""
    dice = random.Random(365)
    client = as_(cast.cadre)
    for _ in range(6):
        start = dt.date(2026, 9, 14) + dt.timedelta(days=dice.randint(0, 20))
        with on(start):
            wish = wish_in("claimed", by=cast.cadre)
            length = dice.randint(2, 20)
            remaining = workdays_between(start, wish.due_on)
            assert wait(client, wish, length).status_code == 302
        back = start + dt.timedelta(days=dice.randint(0, length))
        with on(back):
            assert act(client, wish, "resume").status_code == 302
        assert workdays_between(back, after(wish).due_on) == remaining


@pytest.mark.django_db(transaction=True)
def test_two_tasks_and_a_hand_at_once_let_it_go_on_once(cast, wish_in, long_ago):  # noqa: F811
    with clock.at(timezone.now() - dt.timedelta(days=20)):
        wish = wish_in("waiting", due_on=clock.today() + dt.timedelta(days=40))
    outcomes = together(
        *[lambda: actions.resume_in_time(wish=Wish.objects.get(pk=wish.pk))] * 4,
        lambda: actions.resume(wish=Wish.objects.get(pk=wish.pk), by=fresh(cast.cadre)),
    )
    assert sum(isinstance(outcome, Wish) for outcome in outcomes) == 1
    assert [move for move, _from, _to in course_of(wish)].count("resume") == 1
    assert not list(trail.verify())
