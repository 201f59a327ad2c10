"""The ladder 催办: who is told what of a wish, and on which working day."""

import datetime as dt

import pytest

from jiangdong import clock
from notices import tasks
from notices.models import DueLine, Notice
from notices.workdays import add_workdays, is_workday
from pairing.models import Cadre
from tests.cast import NOW, fresh
from wishes import actions
from wishes.models import Campaign, Wish

TODAY = NOW.date()  # Tuesday, 10 March 2026


def beat(day: dt.date, hour: int = 9) -> None:
    """Run what the timetable runs, at five past the hour of a day."""
    moment = dt.datetime.combine(day, dt.time(hour, 5), tzinfo=NOW.tzinfo)
    with clock.at(moment):
        tasks.sweep_reminders()


def every_day(until: dt.date, since: dt.date = TODAY) -> None:
    """Run the timetable on every day of the calendar."""
    day = since
    while day <= until:
        beat(day)
        day += dt.timedelta(days=1)


def told() -> list[tuple[str, str, str]]:
    """Return (day, reminder, person) of every line that was told, in that order."""
    lines = DueLine.objects.exclude(digest=None)
    return sorted(
        (str(line.digest.digest_day), line.reminder, line.recipient.username)
        for line in lines.select_related("digest", "recipient")
    )


def workday(n: int, after: dt.date = TODAY) -> str:
    return str(add_workdays(after, n))


def test_a_claimed_wish_climbs_the_ladder_until_the_supervisor(cast, wish_in):
    wish = wish_in("claimed")
    due = wish.due_on
    assert str(due) == "2026-03-19"
    every_day(until=due + dt.timedelta(days=20))
    assert told() == sorted(
        [
            ("2026-03-16", "wish-due-handler", "cadre"),  # three working days before
            ("2026-03-19", "wish-due-handler", "cadre"),  # on the day
            ("2026-03-20", "wish-due-handler", "cadre"),  # one after
            ("2026-03-24", "wish-due-handler", "cadre"),  # three after
            ("2026-03-24", "wish-due-liaison", "liaison"),
            ("2026-03-26", "wish-due-street", "street"),  # five after
            ("2026-03-30", "wish-due-supervisor", "supervisor"),  # seven after
            ("2026-03-30", "wish-lapse-warning", "cadre"),
        ]
    )


def test_an_unclaimed_wish_is_brought_to_the_paired_liaison_after_seven_working_days(cast, wish_in):
    wish = wish_in("open", due_on=TODAY + dt.timedelta(days=60))
    every_day(until=TODAY + dt.timedelta(days=20))
    assert told() == [
        (workday(7), "wish-unclaimed", "liaison"),
        (workday(10), "wish-unclaimed-street", "street"),
        (workday(13), "wish-unclaimed-supervisor", "supervisor"),
    ]
    line = DueLine.objects.get(reminder="wish-unclaimed")
    assert (line.what, line.why, line.act) == (
        wish.title,
        "等了 7 个工作日，还没有人认领",
        "认领或请同事认领",
    )
    assert line.url == wish.get_absolute_url()


def test_an_unclaimed_wish_past_its_day_concerns_the_street_and_the_district_too(cast, wish_in):
    wish_in("open")
    every_day(until=TODAY + dt.timedelta(days=30))
    assert {(reminder, who) for _day, reminder, who in told()} == {
        ("wish-unclaimed", "liaison"),
        ("wish-unclaimed-street", "street"),
        ("wish-unclaimed-supervisor", "supervisor"),
        ("wish-due-street", "street"),
        ("wish-due-supervisor", "supervisor"),
    }


def test_whoever_is_to_take_it_after_a_release_has_as_many_days_as_the_first(cast, wish_in):
    wish = wish_in("claimed", due_on=TODAY + dt.timedelta(days=90))
    answered_by, released_on = wish.response_due_on, TODAY + dt.timedelta(days=21)
    with clock.at(NOW + dt.timedelta(days=21)):
        wish = actions.release(wish=wish, by=fresh(cast.cadre), reason="要出差两周")
        assert Wish.objects.published().claimed_in_time().get() == wish
        assert not Wish.objects.unclaimed_too_long(released_on).exists()
    assert wish.response_due_on == answered_by
    every_day(since=released_on, until=released_on + dt.timedelta(days=30))
    assert told() == [
        (workday(7, released_on), "wish-unclaimed", "liaison"),
        (workday(10, released_on), "wish-unclaimed-street", "street"),
        (workday(13, released_on), "wish-unclaimed-supervisor", "supervisor"),
    ]


def test_a_claim_of_the_branch_without_a_handler_is_the_liaisons(cast, wish_in):
    wish = wish_in("branch")
    every_day(until=add_workdays(wish.due_on, 3))
    assert {who for _day, _reminder, who in told()} == {"liaison"}


def test_holidays_and_make_up_days_count(cast, wish_in):
    """清明 2026 is 4 to 6 April, Monday the 6th off."""
    with clock.at(NOW.replace(month=4, day=1)):  # Wednesday
        wish = wish_in("claimed")
    assert str(wish.due_on) == "2026-04-13"
    every_day(since=dt.date(2026, 4, 1), until=dt.date(2026, 4, 30))
    handler = [day for day, reminder, _who in told() if reminder == "wish-due-handler"]
    assert handler == ["2026-04-08", "2026-04-13", "2026-04-14", "2026-04-16"]
    assert all(is_workday(dt.date.fromisoformat(day)) for day, _reminder, _who in told())


def test_a_day_on_a_weekend_is_told_on_the_working_day_before(cast, wish_in):
    wish_in("claimed", due_on=dt.date(2026, 3, 21))  # a Saturday
    every_day(until=dt.date(2026, 3, 25))
    days = [day for day, _reminder, _who in told()]
    assert days == ["2026-03-18", "2026-03-20", "2026-03-23", "2026-03-25", "2026-03-25"]


@pytest.mark.parametrize("state", ["draft", "checking", "fulfilled", "closed", "withdrawn"])
def test_nothing_is_due_where_nobody_is_to_act(state, cast, wish_in):
    wish_in(state, due_on=TODAY)
    every_day(until=TODAY + dt.timedelta(days=25))
    assert told() == []


def test_what_was_done_meanwhile_is_not_told_any_more(cast, wish_in):
    wish = wish_in("claimed")
    every_day(until=dt.date(2026, 3, 16))
    with clock.at(NOW + dt.timedelta(days=7)):
        actions.fulfil(wish=wish, by=fresh(cast.cadre), note="配好了")
    every_day(since=dt.date(2026, 3, 17), until=dt.date(2026, 4, 10))
    assert told() == [("2026-03-16", "wish-due-handler", "cadre")]


def test_after_the_resident_said_no_the_ladder_begins_again_at_the_new_day(cast, wish_in):
    wish = wish_in("fulfilled")
    with clock.at(NOW + dt.timedelta(days=30)):
        actions.reopen(wish=wish, by=fresh(cast.worker), reason="还差一半")
    wish.refresh_from_db()
    every_day(since=TODAY + dt.timedelta(days=30), until=wish.due_on)
    assert told() == [
        (workday(-3, wish.due_on), "wish-due-handler", "cadre"),
        (str(wish.due_on), "wish-due-handler", "cadre"),
    ]


def test_archived_wishes_are_outside_of_it(cast, wish_in):
    wish = wish_in("open")
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    Wish.objects.filter(pk=wish.pk).update(archived=True, campaign=campaign, resident=None)
    every_day(until=TODAY + dt.timedelta(days=30))
    assert told() == []


def test_whose_term_or_account_ended_is_not_told(cast, wish_in):
    wish_in("claimed")
    cast.cadre.is_active = False
    cast.cadre.save()
    Cadre.objects.filter(user=cast.liaison).delete()
    every_day(until=TODAY + dt.timedelta(days=30))
    assert {who for _day, _reminder, who in told()} == {"street", "supervisor"}


def test_the_timetable_run_many_times_tells_everything_once(cast, wish_in):
    wish_in("claimed")
    day = dt.date(2026, 3, 16)
    for hour in (8, 9, 9, 10, 19):
        beat(day, hour)
    assert told() == [("2026-03-16", "wish-due-handler", "cadre")]
    assert Notice.objects.filter(digest_day__isnull=False).count() == 1


def test_a_day_on_which_nothing_ran_is_made_up_for(cast, wish_in):
    wish_in("claimed")
    beat(dt.date(2026, 3, 18))
    assert told() == [("2026-03-18", "wish-due-handler", "cadre")]


def test_one_digest_a_person_a_day_the_most_urgent_first(cast, wish_in, as_):
    later_due = wish_in("claimed", title="想修窗", due_on=dt.date(2026, 3, 19))
    overdue = wish_in("claimed", title="想理发", due_on=dt.date(2026, 3, 13))
    beat(dt.date(2026, 3, 16))
    digest = Notice.objects.get(digest_day__isnull=False)
    assert (digest.recipient, digest.title) == (cast.cadre, "今天要办的事：2 件")
    assert [line.what for line in digest.lines.most_urgent_first()] == [
        overdue.title,
        later_due.title,
    ]
    assert "想理发" in digest.body
    html = as_(cast.cadre).get(digest.url).content.decode()
    assert html.index("想理发") < html.index("想修窗")


def test_the_sweep_costs_as_many_queries_for_ten_wishes_as_for_one(cast, wish_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(day: dt.date) -> int:
        with CaptureQueriesContext(connection) as captured:
            beat(day)
        return len(captured)

    wish_in("claimed", due_on=dt.date(2026, 3, 13))
    one = queries(dt.date(2026, 3, 16))
    for _ in range(10):
        wish_in("claimed", due_on=dt.date(2026, 3, 16))
    assert queries(dt.date(2026, 3, 17)) == one


def test_the_scan_for_what_is_due_runs_on_an_index(cast, wish_in):
    from django.db import connection

    wish_in("claimed")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Wish.objects.overdue(
        TODAY
    ).explain()  # of the few rows here another index may be as good
    assert "Index Scan" in plan
    assert "due_on <" in plan.partition("Index Cond")[2]
