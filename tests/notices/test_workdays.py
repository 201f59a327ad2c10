"""The working-day clock against the State Council's own arrangements."""

import datetime as dt
import logging

import chinese_calendar
import pytest

from notices import workdays
from notices.workdays import add_workdays, calendar_known, is_workday, workdays_between
from tests.notices.moments import day


@pytest.mark.parametrize(
    "text",
    [
        "2014-01-26",  # Sunday worked before Spring Festival
        "2014-02-08",  # Saturday worked after it
        "2014-03-12",  # the Wednesday of the inspection
        "2020-01-19",  # Sunday worked
        "2024-02-04",  # Sunday worked
        "2025-09-28",  # Sunday worked before National Day
        "2026-10-10",  # Saturday worked after it
        "2026-11-24",  # an ordinary Tuesday after the last arrangement
    ],
)
def test_offices_work_on_ordinary_and_on_make_up_days(text):
    assert is_workday(day(text))


@pytest.mark.parametrize(
    "text",
    [
        "2014-01-31",  # Spring Festival
        "2014-10-01",  # National Day
        "2020-01-31",  # Spring Festival, prolonged
        "2024-02-12",
        "2025-10-08",
        "2026-02-17",  # Spring Festival
        "2026-10-07",
        "2026-11-28",  # an ordinary Saturday
    ],
)
def test_offices_rest_on_holidays_and_on_ordinary_weekends(text):
    assert not is_workday(day(text))


def test_every_day_from_2014_to_2026_agrees_with_the_library():
    start = day("2014-01-01")
    days = [start + dt.timedelta(days=n) for n in range((day("2027-01-01") - start).days)]
    assert [is_workday(each) for each in days] == [
        chinese_calendar.is_workday(each) for each in days
    ]


def test_the_seventh_working_day_steps_over_spring_festival_and_its_make_up_days():
    # 9 to 13 February are worked; 14 too (Saturday); the festival is 15 to 23.
    assert add_workdays(day("2026-02-09"), 5) == day("2026-02-14")
    assert add_workdays(day("2026-02-09"), 6) == day("2026-02-24")
    assert add_workdays(day("2026-02-24"), -1) == day("2026-02-14")


def test_no_working_days_added_is_the_day_itself_even_on_a_sunday():
    assert add_workdays(day("2026-03-08"), 0) == day("2026-03-08")


def test_between_counts_after_the_first_day_up_to_and_with_the_last():
    assert workdays_between(day("2026-03-09"), day("2026-03-09")) == 0
    assert workdays_between(day("2026-03-09"), day("2026-03-16")) == 5
    assert workdays_between(day("2026-03-16"), day("2026-03-09")) == -5
    assert workdays_between(day("2026-03-13"), day("2026-03-15")) == 0


@pytest.mark.parametrize("text", ["2014-01-20", "2020-01-20", "2026-02-09", "2031-05-01"])
@pytest.mark.parametrize("n", [-20, -7, -1, 1, 3, 7, 40])
def test_from_a_working_day_between_undoes_add(text, n):
    assert workdays_between(day(text), add_workdays(day(text), n)) == n


def test_between_agrees_with_counting_day_by_day_over_a_whole_year():
    first = day("2025-12-20")
    count = 0
    for n in range(1, 380):
        each = first + dt.timedelta(days=n)
        count += is_workday(each)
        assert workdays_between(first, each) == count
        assert workdays_between(each, first) == -count


def test_a_year_whose_holidays_nobody_knows_counts_weekends_only_and_says_so_once(caplog):
    workdays._say_unknown.cache_clear()
    with caplog.at_level(logging.WARNING, logger="notices.workdays"):
        assert is_workday(day("2031-10-01"))
        assert not is_workday(day("2031-10-04"))
        assert add_workdays(day("2031-09-30"), 5) == day("2031-10-07")
        assert workdays_between(day("2031-01-01"), day("2031-12-31")) == 260
    assert [record.args for record in caplog.records] == [(2031,)]
    assert not calendar_known(day("2031-10-01"))
    assert calendar_known(day("2026-12-31"))


def test_the_ends_of_the_calendar_do_not_crash():
    assert workdays_between(dt.date.min, dt.date.max) > 2_000_000
    assert is_workday(dt.date.min)


def test_a_moment_is_refused_because_its_day_depends_on_a_time_zone():
    with pytest.raises(TypeError):
        is_workday(dt.datetime(2026, 3, 9, 23, tzinfo=dt.UTC))
