"""Nothing between 20:00 and 8:00."""

import datetime as dt

import pytest

from notices.quiet import after_quiet, is_quiet
from tests.notices.moments import moment


@pytest.mark.parametrize("text", ["2026-03-09 08:00", "2026-03-09 12:00", "2026-03-09 19:59:59"])
def test_by_day_a_message_may_leave_at_once(text):
    assert not is_quiet(moment(text))
    assert after_quiet(moment(text)) == moment(text)


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("2026-03-09 20:00", "2026-03-10 08:00"),
        ("2026-03-09 23:59:59", "2026-03-10 08:00"),
        ("2026-03-09 00:00", "2026-03-09 08:00"),
        ("2026-03-09 07:59:59", "2026-03-09 08:00"),
    ],
)
def test_at_night_a_message_waits_until_eight(text, opens):
    assert is_quiet(moment(text))
    assert after_quiet(moment(text)) == moment(opens)


def test_the_hours_are_those_of_the_district_whatever_zone_the_moment_is_written_in():
    assert is_quiet(dt.datetime(2026, 3, 9, 12, 30, tzinfo=dt.UTC))
    assert not is_quiet(dt.datetime(2026, 3, 9, 0, 30, tzinfo=dt.UTC))
