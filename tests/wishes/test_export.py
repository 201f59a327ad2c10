"""The desk as a spreadsheet: the same rows, no details, nothing that a spreadsheet would run."""

import io

import openpyxl
import pytest

from tests.cast import RESIDENT
from tests.wishes.doors import act, codes_on, text_of

HEADS = (
    "编号", "街道", "社区", "类别", "心愿", "状态",
    "公开", "认领单位", "约定", "办好", "居民点头", "居民评价", "怎样点头的",
)  # fmt: skip


def sheet(client, **asked):
    answer = client.get("/wishes/desk/export/", asked)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="wishes-{asked.get("tab", "drafts")}-20260310.xlsx"'
    )
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


def rows(client, **asked) -> list[dict]:
    heads, *body = sheet(client, **asked).iter_rows(values_only=True)
    assert heads == HEADS
    return [dict(zip(heads, row, strict=True)) for row in body]


@pytest.fixture
def town(cast, wish_in):
    for state in ("draft", "open", "claimed", "closed"):
        wish_in(state)
    wish_in("open", community=cast.places.hc, logged_by=cast.worker2)


@pytest.mark.parametrize("who", ["worker", "worker2", "street", "liaison"])
def test_the_rows_are_those_of_the_desk(who, town, cast, as_):
    client = as_(getattr(cast, who))
    for tab in ("open", "doing", "done", "all"):
        on_the_desk = codes_on(text_of(client.get("/wishes/desk/", {"tab": tab})))
        assert sorted(row["编号"] for row in rows(client, tab=tab)) == sorted(on_the_desk), tab


def test_a_search_narrows_both_alike(cast, as_, wish_in):
    wanted = wish_in("open", title="想修一修阳台的窗")
    wish_in("open")
    assert [row["编号"] for row in rows(as_(cast.worker), tab="open", q="阳台")] == [wanted.code]


def test_a_row_says_what_is_known_in_words(cast, as_, wish_in):
    wish = wish_in("closed")
    (row,) = rows(as_(cast.worker), tab="all")
    assert row == {
        "编号": wish.code,
        "街道": "百丈街道",
        "社区": "七塔社区",
        "类别": "陪伴",
        "心愿": wish.title,
        "状态": "居民点头了",
        "公开": "2026-03-10",
        "认领单位": "区教育局",
        "约定": "2026-03-19",
        "办好": "2026-03-10",
        "居民点头": "2026-03-10",
        "居民评价": "满意",
        "怎样点头的": "电话",
    }


def test_what_is_not_known_is_left_empty(cast, as_, wish_in):
    wish_in("draft")
    (row,) = rows(as_(cast.worker), tab="all")
    empty = [name for name, value in row.items() if not value]
    assert empty == ["公开", "认领单位", "约定", "办好", "居民点头", "居民评价", "怎样点头的"]


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "==1+1",
        '=HYPERLINK("http://x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_text_that_looks_like_a_formula_is_none(title, cast, as_, wish_in):
    wish_in("draft", title=title)
    cells = [cell for row in sheet(as_(cast.worker), tab="all").iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if str(cell.value).startswith("=")]


def test_neither_details_nor_notes_nor_words_are_in_it(town, cast, as_, wish_in):
    wish = wish_in("fulfilled")
    act(as_(cast.worker), wish, "confirm", rating="fair", how="door", words="红围巾真暖和")
    text = str(rows(as_(cast.worker), tab="all"))
    for canary in (*vars(RESIDENT).values(), wish.fulfil_note, "红围巾真暖和", cast.cadre.name):
        assert canary not in text
