"""On which days a reminder speaks, and what it is told to look for."""

from datetime import timedelta

import pytest

from notices import reminders
from notices.models import DueLine
from notices.reminders import day_of, grouped, in_words, targets_on
from notices.workdays import add_workdays
from tests.notices.moments import day
from tests.notices.things import ThingsDue

OFFSETS = (-3, 0, 1, 3)


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        (-3, "2026-03-04"),  # Wednesday before
        (0, "2026-03-09"),
        (1, "2026-03-10"),
        (3, "2026-03-12"),
        (7, "2026-03-18"),
    ],
)
def test_a_reminder_speaks_some_working_days_before_or_after_a_monday(offset, told):
    assert day_of(day("2026-03-09"), offset) == day(told)


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        (-3, "2026-03-11"),
        (0, "2026-03-13"),  # Friday, the last day on which something can be done
        (1, "2026-03-16"),
        (3, "2026-03-18"),
    ],
)
def test_what_is_due_on_a_sunday_is_told_on_the_friday_before_and_the_monday_after(offset, told):
    assert day_of(day("2026-03-15"), offset) == day(told)


def test_what_is_due_in_the_spring_festival_is_told_on_the_make_up_saturday_before_it():
    assert day_of(day("2026-02-17"), 0) == day("2026-02-14")
    assert day_of(day("2026-02-17"), 1) == day("2026-02-24")


@pytest.mark.parametrize(
    "text", ["2026-03-09", "2026-02-14", "2026-02-24", "2026-10-10", "2031-10-06"]
)
@pytest.mark.parametrize("offsets", [OFFSETS, (7,), (-3,), (0,), (1,), (-1,), (-30, 60)])
def test_the_targets_of_a_day_are_those_whose_last_reminder_fell_due_within_the_catch_up(
    text, offsets
):
    today = day(text)
    since = add_workdays(today, -reminders.CATCH_UP)
    expected = {}
    for n in range(-150, 150):
        due = today + timedelta(days=n)
        reached = [offset for offset in offsets if day_of(due, offset) <= today]
        if reached and day_of(due, max(reached)) >= since:
            expected[due] = max(reached)
    assert targets_on(today, offsets) == expected
    assert expected


def test_of_several_reminders_missed_for_one_thing_only_the_last_is_told():
    targets = targets_on(day("2026-03-12"), OFFSETS)
    assert targets[day("2026-03-09")] == 3
    assert targets[day("2026-03-10")] == 1
    assert targets[day("2026-03-17")] == -3


def test_two_reminders_of_one_slug_are_refused(things_due):
    with pytest.raises(ValueError, match="thing-due"):
        reminders.register(ThingsDue())


def test_offsets_are_said_as_people_say_them():
    assert in_words((-3, 0, 1)) == "前 3 个工作日、当天、后 1 个工作日"


def test_lines_of_a_reminder_that_is_gone_still_have_a_heading(things_due):
    lines = [DueLine(reminder="gone"), DueLine(reminder="thing-due"), DueLine(reminder="gone")]
    groups = grouped(lines)
    assert [(str(group.label), len(group.lines)) for group in groups] == [
        ("其他", 2),
        ("快到期的事", 1),
    ]
