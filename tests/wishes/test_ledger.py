"""The month's ledger: on paper and as a file, of what one answers for."""

import datetime as dt
import io

import openpyxl
import pytest

from jiangdong import clock
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import codes_on, text_of
from wishes.ledger import month_after, month_before, month_of

PAGE = "/wishes/ledger/"


def rows_of_file(client, month: str = "") -> list[dict]:
    answer = client.post(f"/exports/ledger/ask/?month={month}", {"format": "xlsx"})
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    heads, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in body]


def test_each_wish_stands_in_it_with_its_steps_who_and_how_the_nod_was_given(cast, as_, wish_in):
    wish = wish_in("closed")
    html = text_of(as_(cast.worker).get(PAGE))
    assert codes_on(html) == [wish.code]
    for said in (wish.title, "区教育局", "3月10日", "电话", "居民点头了 · 满意"):
        assert said in html
    (row,) = rows_of_file(as_(cast.worker))
    assert (row["编号"], row["认领单位"], row["怎样点头的"], row["居民评价"], row["结果"]) == (
        wish.code,
        "区教育局",
        "电话",
        "满意",
        "居民点头了",
    )


def test_no_residents_details_are_in_it(cast, as_, wish_in):
    wish_in("closed")
    html = text_of(as_(cast.worker).get(PAGE))
    told = repr(rows_of_file(as_(cast.worker)))
    for fact in vars(RESIDENT).values():
        assert fact not in html
        assert fact not in told


def test_it_holds_what_happened_in_that_month_alone(cast, as_, wish_in):
    with clock.at(NOW - dt.timedelta(days=40)):  # 29 January
        old = wish_in("closed")
        begun = wish_in("claimed")
    new = wish_in("open")
    client = as_(cast.worker)
    assert codes_on(text_of(client.get(PAGE))) == [new.code]
    assert codes_on(text_of(client.get(f"{PAGE}?month=2026-01"))) == [old.code, begun.code]
    assert codes_on(text_of(client.get(f"{PAGE}?month=2026-02"))) == []
    assert [row["编号"] for row in rows_of_file(client, "2026-01")] == [old.code, begun.code]


def test_a_declined_or_referred_wish_stands_in_it_and_a_draft_does_not(cast, as_, wish_in):
    wishes = [wish_in(state) for state in ("referred", "declined", "withdrawn")]
    wish_in("draft")
    html = text_of(as_(cast.worker).get(PAGE))
    assert codes_on(html) == [wish.code for wish in wishes]
    assert "已转办 · 物业" in html


def test_each_desk_has_its_own(cast, as_, wish_in):
    here = wish_in("closed")
    there = wish_in("open", community=cast.places.hc, logged_by=cast.worker2)
    assert codes_on(text_of(as_(cast.worker2).get(PAGE))) == [there.code]
    assert codes_on(text_of(as_(cast.liaison).get(PAGE))) == [here.code]
    assert codes_on(text_of(as_(cast.street).get(PAGE))) == [there.code, here.code]
    assert codes_on(text_of(as_(cast.street2).get(PAGE))) == []


def test_who_answers_for_nothing_has_none(cast, as_):
    for who in (cast.warden, cast.cadre, cast.supervisor, cast.admin):
        assert as_(who).get(PAGE).status_code == 403
        answer = as_(who).post("/exports/ledger/ask/", {"format": "xlsx"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("asked", "month"),
    [
        (None, "2026-03-01"),
        ("2026-01", "2026-01-01"),
        ("2026-13", "2026-03-01"),
        ("2099-01", "2026-03-01"),
        ("\x00", "2026-03-01"),
    ],
)
def test_a_month_that_is_none_is_this_one(asked, month):
    assert month_of(asked) == dt.date.fromisoformat(month)


def test_months_turn_with_the_year():
    assert month_after(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)
    assert month_before(dt.date(2026, 1, 1)) == dt.date(2025, 12, 1)


def test_it_costs_as_many_queries_for_three_wishes_as_for_one(
    cast, as_, wish_in, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(cast.street)
    counts = []
    for more in (1, 2):
        for _one in range(more):
            wish_in("closed")
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
