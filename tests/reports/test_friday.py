"""The Friday sheet: this week against last week, each number with the list behind it."""

import datetime as dt
import re

import pytest

from jiangdong import clock
from tests.cast import NOW
from tests.wishes.doors import codes_on, text_of
from wishes import actions

PAGE = "/week/"
LAST_WEEK = NOW - dt.timedelta(days=8)  # a Monday; NOW is a Tuesday


@pytest.fixture
def two_weeks(cast, wish_in):
    """Publish three last week and two this week; of last week's one is closed then and one claimed now."""
    with clock.at(LAST_WEEK):
        wish_in("closed")
        mine = wish_in("open")
        wish_in("open", community=cast.places.hc, logged_by=cast.worker2)
    actions.claim(wish=mine, by=cast.cadre)
    return [wish_in("open"), wish_in("open")]


def lines(html: str) -> dict[str, list[str]]:
    """Return this week's and last week's number and the words of each line."""
    found = {}
    for row in html.split("<tr>")[2:]:
        cells = [cell.split("</td>")[0] for cell in row.split("<td")[1:]]
        name = row.split('scope="row">')[1].split("<br>")[0]
        numbers = [cell.split('">')[-1].split("</a>")[0] for cell in cells[:2]]
        found[name] = [*numbers, cells[2].split(">", 1)[1]]
    return found


FEW = "件数太少，不作比较"


def test_this_week_stands_beside_the_same_days_of_last_week(cast, as_, two_weeks):
    assert lines(text_of(as_(cast.supervisor).get(PAGE))) == {
        "公开": ["2", "3", FEW],
        "有人认领": ["1", "1", FEW],
        "单位说办好": ["0", "1", FEW],
        "居民点头": ["0", "1", FEW],
        "到期没有办好": ["0", "0", FEW],
    }


def test_a_street_reads_its_own(cast, as_, two_weeks):
    assert lines(text_of(as_(cast.street).get(PAGE)))["公开"][:2] == ["2", "3"]
    assert lines(text_of(as_(cast.street2).get(PAGE)))["公开"][:2] == ["0", "0"]


def test_each_number_opens_exactly_the_wishes_it_counts(cast, as_, two_weeks):
    client = as_(cast.supervisor)
    html = text_of(client.get(PAGE))
    links = re.findall(r'href="(/week/\w+/\?[^"]+)">(\d+)</a>', html)
    assert len(links) == 10
    for address, number in links:
        listed = text_of(client.get(address.replace("&amp;", "&")))
        assert len(codes_on(listed)) == int(number), address


def test_what_is_late_is_counted_by_the_day_it_was_due(cast, as_, wish_in):
    with clock.at(NOW - dt.timedelta(days=20)):
        wish_in("claimed", due_on=dt.date(2026, 3, 9))
        wish_in("claimed", due_on=dt.date(2026, 3, 2))
        wish_in("claimed", due_on=dt.date(2026, 2, 20))
    assert lines(text_of(as_(cast.supervisor).get(PAGE)))["到期没有办好"] == ["1", "1", FEW]


def test_enough_cases_are_compared_in_words(cast, as_, wish_in):
    for _one in range(11):
        wish_in("open")
    assert lines(text_of(as_(cast.supervisor).get(PAGE)))["公开"] == ["11", "0", "多了 11 件"]


def test_the_longest_waiting_are_named_the_oldest_first(cast, as_, wish_in):
    new = wish_in("open")
    with clock.at(LAST_WEEK):
        old = wish_in("open")
    html = text_of(as_(cast.street).get(PAGE))
    assert codes_on(html) == [old.code, new.code]
    assert "现在一共有 2 件等人认领" in html


def test_an_empty_district_says_so(cast, as_):
    assert "没有等人认领的心愿。" in text_of(as_(cast.supervisor).get(PAGE))
    assert "这几天一件也没有" in text_of(as_(cast.supervisor).get("/week/published/"))


def test_others_do_not_read_it(cast, as_):
    for who in (cast.worker, cast.cadre, cast.liaison, cast.admin, cast.inspector):
        assert as_(who).get(PAGE).status_code == 403
        assert as_(who).get("/week/published/").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "/week/nothing/",
        "/week/published/?from=x&to=y",
        "/week/published/?from=2026-03-10&to=2026-03-01",
        "/week/published/?from=0001-01-01&to=9999-12-31",
        "/week/published/?from=2026-03-10",
    ],
)
def test_made_up_addresses_are_not_found(cast, as_, asked):
    assert as_(cast.supervisor).get(asked).status_code == 404
