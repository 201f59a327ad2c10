"""What people write into cells: understood, or refused in words; never guessed."""

import datetime as dt
from decimal import Decimal

import pytest

from wishes.intake import values
from wishes.intake.values import Unclear
from wishes.workflow import Kind

TODAY = dt.date(2026, 3, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-05", "2026.3.5", "2026/3/5", "2026年3月5日", "2026年3月5号", "20260305", "3月5日", "3/5", "3.5",
        "03-05", "２０２６．３．５", "46086", "2026-03-05 00:00:00", " 2026 年 3 月 5 日 ",
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(written):
    assert values.day(written, TODAY) == dt.date(2026, 3, 5)


def test_a_day_without_a_year_is_the_one_to_come():
    assert values.day("1月15日", dt.date(2026, 12, 20)) == dt.date(2027, 1, 15)


@pytest.mark.parametrize(
    "written",
    ["尽快", "月底前", "2026-02-30", "13月5日", "3月", "2026", "0", "99999999", "1" * 60, "二月二"],
)
def test_what_is_no_day_is_said_to_be_unclear(written):
    with pytest.raises(Unclear, match="看不懂"):
        values.day(written, TODAY)


@pytest.mark.parametrize("written", ["2026-03-02", "3月2日", "2025.12.31"])
def test_a_day_that_is_over(written):
    with pytest.raises(Unclear, match="过了"):
        values.day(written, TODAY)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("300", 300),
        ("３００元", 300),
        ("约300元左右", 300),
        ("¥1,200.50", "1200.50"),
        ("0", 0),
        ("", None),
    ],
)
def test_money(written, amount):
    assert values.money(written) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("written", ["三百", "300-500", "-5", "NaN", "1e9", "1000000", "￥"])
def test_what_is_no_money(written):
    with pytest.raises(Unclear):
        values.money(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [("13800000077", "13800000077"), ("13800000077.0", "13800000077"), ("１３８ ００００ ００７７", "138 0000 0077"),
     ("0574-87654321", "0574-87654321"), ("", "")],
)  # fmt: skip
def test_telephones(written, number):
    assert values.phone(written) == number


@pytest.mark.parametrize("written", ["1.38E+10", "1380000", "没有", "139", "1" * 31])
def test_what_is_no_telephone(written):
    if written == "1380000":
        assert values.phone(written) == written  # a landline has seven digits
        return
    with pytest.raises(Unclear):
        values.phone(written)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("陪伴", Kind.COMPANIONSHIP),
        ("物品类", Kind.GOODS),
        ("医疗", Kind.HEALTH),
        ("", Kind.OTHER),
        ("其它", Kind.OTHER),
    ],
)
def test_kinds(written, kind):
    assert values.kind(written) == kind


def test_a_kind_that_nobody_knows_names_those_there_are():
    with pytest.raises(Unclear, match="物品、维修"):
        values.kind("外星")


@pytest.mark.parametrize("written", ["是", "同意", "√", "Y", "１", "已同意"])
def test_yes(written):
    assert values.yes(written) is True


@pytest.mark.parametrize("written", ["", "否", "不同意", "×", "N", "0", "—"])
def test_no(written):
    assert values.yes(written) is False


@pytest.mark.parametrize("written", ["口头", "待定", "同意？"])
def test_neither_yes_nor_no(written):
    with pytest.raises(Unclear):
        values.yes(written)
