"""The wall of a district with few wishes or none: what is not told yet, where lines are drawn, and what it costs."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong import clock
from tests.cast import NOW


def test_a_wish_due_today_is_not_late(cast, as_, wish_in):
    wish_in("claimed", due_on=NOW.date())
    assert as_(cast.supervisor).get("/admin/").context["first"] == []


def test_with_few_cases_the_wall_says_so_instead_of_a_rate(cast, as_, wish_in):
    for _ in range(9):
        wish_in("closed")
    html = as_(cast.supervisor).get("/admin/").content.decode()
    assert html.count("件数太少，不作比较") >= 4
    assert "jd-bar" not in html
    wish_in("closed")
    assert "jd-bar-share" in as_(cast.supervisor).get("/admin/").content.decode()


def test_a_community_that_waits_no_longer_than_allowed_is_not_marked(cast, as_, wish_in, later):
    wish_in("open")
    client = as_(cast.supervisor)
    for days, marked in ((9, False), (10, True)):
        with later(days=days):
            row = client.get("/admin/?order=waiting").context["waiting"][0]
            assert (row.oldest, row.is_longest) == (days, marked)


def test_weeks_are_those_of_the_district_and_the_axis_begins_at_zero(cast, as_, wish_in):
    """A wish written down on Monday at half past midnight here is still Sunday's in Greenwich."""
    with clock.at(dt.datetime(2026, 3, 8, 16, 30, tzinfo=dt.UTC)):
        wish_in("open")
    trend = as_(cast.supervisor).get("/admin/").context["trend"]
    assert len(trend.weeks) == 12
    assert trend.weeks[-1].monday == dt.date(2026, 3, 9)
    assert trend.weeks[-1].is_this
    assert [figure.number for figure in trend.weeks[-1].figures] == [1, 0, 0]
    assert trend.lines[0].number == 0
    assert trend.lines[0].y == trend.height


def test_an_empty_district_has_a_wall_too(cast, as_):
    html = as_(cast.supervisor).get("/admin/").content.decode()
    for words in ("没有逾期的", "还没有单位认领心愿", "现在没有等人认领的心愿", "没有在等的"):
        assert words in html


def test_the_wall_costs_a_dozen_queries_however_many_wishes(cast, as_, wish_in):
    client = as_(cast.supervisor)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/admin/").status_code == 200
        return found.captured_queries

    wish_in("claimed")
    one = queries()
    for n in range(29):
        wish_in(("open", "claimed", "branch", "fulfilled", "closed", "withdrawn")[n % 6])
    assert len(queries()) == len(one)
    assert len([query for query in one if "wishes_" in query["sql"]]) <= 12
    assert len(one) <= 18
