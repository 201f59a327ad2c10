"""Rates and their intervals."""

import pytest

from jiangdong.rates import Rate, wilson
from reports.figures import Figure
from reports.trend import top_of


def rate(yes, of):
    return Rate("率", "", Figure("confirmed", yes), Figure("standing", of))


def test_nothing_of_nothing_is_no_rate():
    assert wilson(0, 0) is None
    assert rate(0, 0).interval is None
    assert not rate(0, 0).is_enough


@pytest.mark.parametrize(
    ("yes", "of", "percent", "low", "high"),
    [
        (8, 10, 80.0, 49.0, 94.3),  # as in Wilson's own tables
        (50, 100, 50.0, 40.4, 59.6),
        (0, 10, 0.0, 0.0, 27.8),
        (10, 10, 100.0, 72.2, 100.0),
        (1, 1, 100.0, 20.7, 100.0),
    ],
)
def test_the_interval_is_wilsons(yes, of, percent, low, high):
    interval = wilson(yes, of)
    assert (round(interval.percent, 1), round(interval.low, 1), round(interval.high, 1)) == (
        percent,
        low,
        high,
    )


@pytest.mark.parametrize("of", [1, 9, 10, 1000])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_an_interval_holds_its_rate_and_stays_within_bounds(share, of):
    interval = wilson(int(share * of), of)
    assert 0 <= interval.low <= interval.percent <= interval.high <= 100


def test_under_ten_cases_nothing_is_compared():
    assert not rate(9, 9).is_enough
    assert rate(0, 10).is_enough


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 4),
        (4, 4),
        (5, 6),
        (9, 10),
        (11, 20),
        (47, 60),
        (60, 60),
        (61, 80),
        (99, 100),
        (101, 200),
    ],
)
def test_an_axis_ends_at_a_round_even_number_not_under_the_most(most, top):
    assert top_of(most) == top
