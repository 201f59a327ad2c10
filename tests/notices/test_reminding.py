"""What falls due is told once, in one digest a person a working day, whatever crashed before."""

import threading

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong import clock
from notices import actions, reminders, tasks
from notices.models import DueLine, Notice
from tests.notices.moments import MONDAY, day, moment
from tests.notices.things import Thing, ThingsDue

TUESDAY = "2026-03-10"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]


@pytest.fixture
def ling(person):
    return person("ling")


def beat(text: str) -> None:
    """Run the timetable's task at this moment."""
    with clock.at(moment(text)):
        tasks.sweep_reminders()


def told() -> list[tuple]:
    """Return what was told: digest's day, reminder's day, thing."""
    lines = DueLine.objects.exclude(digest=None).order_by("digest__digest_day", "pk")
    return [
        (str(digest), str(due), thing)
        for digest, due, thing in lines.values_list("digest__digest_day", "day", "thing_id")
    ]


def test_a_thing_is_told_three_days_before_on_the_day_and_one_and_three_days_after(
    things_due, ling
):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    for date in range(6, 25):
        beat(f"2026-03-{date:02} 08:05")
    assert told() == [
        ("2026-03-09", "2026-03-09", 1),
        ("2026-03-12", "2026-03-12", 1),
        ("2026-03-13", "2026-03-13", 1),
        ("2026-03-17", "2026-03-17", 1),
    ]


def test_the_timetable_run_twice_in_a_morning_doubles_nothing(things_due, ling):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    beat(f"{MONDAY} 08:05")
    beat(f"{MONDAY} 08:05")
    beat(f"{MONDAY} 09:05")
    assert told() == [(MONDAY, MONDAY, 1)]
    assert Notice.objects.count() == 1
    assert DueLine.objects.count() == 1


def test_a_sweep_that_died_before_the_digest_is_finished_by_the_next_one(things_due, ling):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    actions.sweep(day=day(MONDAY))
    assert told() == []
    beat(f"{MONDAY} 11:05")
    assert told() == [(MONDAY, MONDAY, 1)]


def test_what_fell_due_while_no_worker_ran_is_told_on_the_first_day_it_runs_again(things_due, ling):
    things_due.things = [
        Thing(1, "周一该说的", day("2026-03-12"), ling.pk),
        Thing(2, "周二该说的", day("2026-03-13"), ling.pk),
    ]
    beat("2026-03-11 08:05")
    assert told() == [("2026-03-11", MONDAY, 1), ("2026-03-11", TUESDAY, 2)]
    assert [line.why for line in DueLine.objects.order_by("thing_id")] == [
        "还剩 1 个工作日",
        "还剩 2 个工作日",
    ]


def test_of_several_days_missed_for_one_thing_only_the_last_is_told(things_due, ling):
    things_due.things = [Thing(1, "水龙头漏水", day(MONDAY), ling.pk)]
    beat("2026-03-12 08:05")
    assert told() == [("2026-03-12", "2026-03-12", 1)]


def test_what_fell_due_more_than_five_working_days_ago_is_not_dug_up(things_due, ling):
    things_due.offsets = (7,)
    just_within, too_old = day("2026-02-13"), day("2026-02-12")
    things_due.things = [
        Thing(1, "第七天是上周一", just_within, ling.pk),
        Thing(2, "第七天更早", too_old, ling.pk),
    ]
    beat(f"{MONDAY} 08:05")
    assert told() == [(MONDAY, "2026-03-02", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-08 10:00",  # Sunday
        "2026-02-17 10:00",  # Spring Festival, a Tuesday
        "2026-03-09 07:59",
        "2026-03-09 20:00",
    ],
)
def test_on_days_off_and_at_night_nothing_is_found_and_nothing_gathered(things_due, ling, text):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-09"), ling.pk)]
    beat(text)
    assert not DueLine.objects.exists()
    with clock.at(moment(text)):
        assert actions.compose_digests(day=clock.today()) == 0


def test_on_a_make_up_saturday_people_are_reminded(things_due, ling):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-02-14"), ling.pk)]
    beat("2026-02-14 08:05")
    assert told() == [("2026-02-14", "2026-02-14", 1)]


def test_what_comes_later_on_a_day_waits_for_the_next_working_day_and_reads_as_of_then(
    things_due, ling
):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    beat(f"{MONDAY} 08:05")
    things_due.things.append(Thing(2, "刚认领的", day("2026-03-12"), ling.pk))
    beat(f"{MONDAY} 15:05")
    assert told() == [(MONDAY, MONDAY, 1)]
    beat(f"{TUESDAY} 08:05")
    assert told() == [(MONDAY, MONDAY, 1), (TUESDAY, MONDAY, 2)]
    assert DueLine.objects.get(thing_id=2).why == "还剩 2 个工作日"


def test_what_is_settled_before_the_digest_is_not_told(things_due, ling):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    actions.sweep(day=day(MONDAY))
    things_due.things = []
    beat(f"{MONDAY} 09:05")
    assert not DueLine.objects.exists()
    assert not Notice.objects.exists()


def test_a_digest_is_one_notice_and_one_mail_with_the_most_urgent_first(
    things_due, ling, person, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://portal.example"

    late = ThingsDue(slug="thing-late", label="已经过期的事", offsets=(5,))
    late.things = [Thing(9, "轮椅", day("2026-03-02"), ling.pk)]
    reminders.register(late)
    other = person("zhu")
    things_due.things = [
        Thing(1, "还早的", day("2026-03-12"), ling.pk),
        Thing(2, "今天的", day(MONDAY), ling.pk),
        Thing(3, "别人的", day(MONDAY), other.pk),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        beat(f"{MONDAY} 08:05")
    assert Notice.objects.count() == 2
    notice = Notice.objects.get(recipient=ling)
    assert notice.title == "今天要办的事：3 件"
    assert notice.body == "最急的：轮椅，还剩 -5 个工作日"
    assert notice.url == "/inbox/digests/2026-03-09/"
    with clock.at(moment(f"{MONDAY} 08:06")):
        actions.deliver_pending()
    (message,) = (each for each in mail.outbox if each.to == [ling.email])
    order = [
        message.body.index(word)
        for word in ("已经过期的事", "轮椅", "快到期的事", "今天的", "还早的")
    ]
    assert order == sorted(order)
    assert "去办理：https://portal.example/things/9/" in message.body
    assert "别人的" not in message.body


def test_who_has_left_gets_no_digest(things_due, person):
    gone = person("gone", is_active=False)
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), gone.pk)]
    beat(f"{MONDAY} 08:05")
    assert not Notice.objects.exists()


def test_a_reminder_that_fails_silences_no_other_and_is_tried_again(things_due, ling, caplog):
    broken = ThingsDue(
        slug="broken", offsets=(0,), things=[Thing(2, "坏的", day(MONDAY), ling.pk)], fails=True
    )
    reminders.register(broken)
    things_due.offsets = (0,)
    things_due.things = [Thing(1, "好的", day(MONDAY), ling.pk)]
    beat(f"{MONDAY} 08:05")
    assert [thing for _, _, thing in told()] == [1]
    assert "reminder broken failed" in caplog.text
    broken.fails = False
    beat(f"{MONDAY} 09:05")
    beat(f"{TUESDAY} 08:05")
    assert told() == [(MONDAY, MONDAY, 1), (TUESDAY, MONDAY, 2)]


def test_a_reminder_that_was_turned_off_is_silent(things_due, ling, supervisor):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-12"), ling.pk)]
    actions.sweep(day=day(MONDAY))
    actions.set_reminder(reminder="thing-due", offsets=[-3], enabled=False, by=supervisor)
    beat(f"{MONDAY} 09:05")
    assert not DueLine.objects.exists()


def test_the_numbers_a_supervisor_set_are_the_ones_that_count(things_due, ling, supervisor):
    things_due.things = [Thing(1, "水龙头漏水", day("2026-03-16"), ling.pk)]
    actions.set_reminder(reminder="thing-due", offsets=[-5], enabled=True, by=supervisor)
    beat(f"{MONDAY} 08:05")
    assert told() == [(MONDAY, MONDAY, 1)]


def test_a_sweep_costs_as_many_queries_for_thirty_things_as_for_one(things_due, ling):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tasks.sweep_reminders()
        return len(captured)

    things_due.things = [Thing(0, "一件", day("2026-03-12"), ling.pk)]
    one = queries()
    Notice.objects.all().delete()
    things_due.things = [Thing(n, f"第 {n} 件", day("2026-03-12"), ling.pk) for n in range(30)]
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_the_same_moment_tell_everything_once(things_due, ling, person):
    people = [ling, *(person(f"p{n}") for n in range(5))]
    things_due.things = [
        Thing(n, f"第 {n} 件", day("2026-03-12"), each.pk) for n, each in enumerate(people * 20)
    ]
    gate = threading.Barrier(4)
    faults = []

    def run() -> None:
        try:
            with clock.at(moment(f"{MONDAY} 08:05")):
                gate.wait()
                tasks.sweep_reminders()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    beat(f"{MONDAY} 09:05")
    assert faults == []
    assert Notice.objects.count() == len(people)
    assert DueLine.objects.exclude(digest=None).count() == len(things_due.things)
