"""Lists of wishes as spreadsheets: the rows of the page, no details, nothing that a spreadsheet would run."""

import codecs
import csv
import datetime as dt
import io
import re
from urllib.parse import urlencode

import openpyxl
import pytest

from tests.cast import RESIDENT
from tests.wishes.doors import act, codes_on, text_of

HEADS = (
    "编号", "街道", "社区", "类别", "心愿", "状态",
    "公开", "认领单位", "约定", "办好", "居民点头", "居民评价", "怎样点头的",
)  # fmt: skip


def sheet(client, name: str = "desk", **asked):
    answer = client.post(f"/exports/{name}/ask/?{urlencode(asked)}", {"format": "xlsx"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active


def rows(client, name: str = "desk", **asked) -> list[dict]:
    heads, *body = sheet(client, name, **asked).iter_rows(values_only=True)
    assert heads == HEADS
    return [dict(zip(heads, row, strict=True)) for row in body]


RUNS = tuple("=+-@\t\r\n＝＋－＠")


def read_csv(body: bytes) -> list[list[str]]:
    assert body.startswith(codecs.BOM_UTF8)
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


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
        "＝1+1",
        "＠SUM(A1)",
        "-2+3",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_text_that_looks_like_a_formula_is_none(title, cast, as_, wish_in):
    wish_in("draft", title=title)
    cells = [cell for row in sheet(as_(cast.worker), tab="all").iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if str(cell.value)[:1] in RUNS]
    lines = as_(cast.worker).post("/exports/desk/ask/?tab=all", {"format": "csv"}).getvalue()
    assert f"'{title}" in [cell for line in read_csv(lines) for cell in line]


def test_neither_details_nor_notes_nor_words_are_in_it(town, cast, as_, wish_in):
    wish = wish_in("fulfilled")
    act(as_(cast.worker), wish, "confirm", rating="fair", how="door", words="红围巾真暖和")
    text = str(rows(as_(cast.worker), tab="all"))
    for canary in (*vars(RESIDENT).values(), wish.fulfil_note, "红围巾真暖和", cast.cadre.name):
        assert canary not in text


@pytest.mark.parametrize("tab", ["suited", "paired", "near", "all"])
def test_the_board_goes_out_in_the_order_of_its_pages(tab, cast, as_, wish_in):
    for day in (20, 12, 16):
        wish_in("open", due_on=dt.date(2026, 3, day))
    wish_in("open", kind="repair", due_on=dt.date(2026, 3, 18))
    client = as_(cast.cadre)
    asked = {"tab": tab, "kind": "companionship", "sort": "due"}
    shown = codes_on(text_of(client.get("/wishes/", asked)))
    assert [row["编号"] for row in rows(client, "board", **asked)] == shown
    assert len(shown) == 3


@pytest.mark.parametrize("tab", ["doing", "waiting", "done"])
def test_ones_own_list_is_ones_own(tab, cast, as_, wish_in):
    for state in ("claimed", "fulfilled", "closed"):
        wish_in(state)
        wish_in(state, by=cast.cadre_b)
    client = as_(cast.cadre)
    (row,) = rows(client, "mine", tab=tab)
    assert [row["编号"]] == codes_on(text_of(client.get("/wishes/mine/", {"tab": tab})))


def test_the_days_calls_go_out(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    assert [row["编号"] for row in rows(as_(cast.worker), "calls")] == [wish.code]
    assert as_(cast.cadre).post("/exports/calls/ask/").status_code == 403


@pytest.mark.parametrize("named", ["open", "claimed", "nod", "confirmed", "held", ""])
def test_a_supervisors_named_list_goes_out_as_the_admin_shows_it(named, town, cast, as_):
    client = as_(cast.supervisor)
    asked = {"list": named} if named else {}
    shown = re.findall(r"[A-Z]{2}-\d{4}", text_of(client.get("/admin/wishes/wish/", asked)))
    in_order = list(dict.fromkeys(shown))
    assert [row["编号"] for row in rows(client, "admin-wish", **asked)] == in_order


def test_the_admins_filters_and_search_narrow_alike(cast, as_, wish_in):
    wanted = wish_in("open", title="想修一修阳台的窗")
    wish_in("open", title="想修一修阳台的窗", community=cast.places.hc, logged_by=cast.worker2)
    wish_in("open")
    asked = {"list": "open", "q": "阳台", "community__id__exact": str(cast.places.qt.pk)}
    assert [row["编号"] for row in rows(as_(cast.supervisor), "admin-wish", **asked)] == [
        wanted.code
    ]


@pytest.mark.parametrize("query", ["list=nonsense", "nothing=1", "week=2026"])
def test_a_filter_that_nobody_knows_is_refused(query, cast, as_):
    assert as_(cast.supervisor).post(f"/exports/admin-wish/ask/?{query}").status_code == 400


@pytest.mark.parametrize("who", ["worker", "cadre", "street", "leader", "admin", "stranger"])
def test_the_supervisors_lists_are_theirs(who, cast, as_):
    assert as_(getattr(cast, who)).post("/exports/admin-wish/ask/").status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_more_rows_cost_no_more_queries(many, cast, as_, wish_in, django_assert_num_queries):
    for _ in range(many):
        wish_in("claimed")
    client = as_(cast.worker)
    with django_assert_num_queries(6):
        client.post("/exports/desk/ask/?tab=all", {"format": "xlsx"})
