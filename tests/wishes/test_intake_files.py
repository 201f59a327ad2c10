"""Files as they come: whatever wrote them is read, whatever attacks is refused with a sentence that says what to do."""

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from jiangdong.refusals import NotValid
from tests.wishes.books import HEADS, MAIN, ROW, bare, book, inline, packed, rows_of, saved, sheet
from wishes.intake import files, grid, xlsx
from wishes.intake.columns import field_of, layout_of
from wishes.intake.grid import BROKEN, UNCOUNTED


def read(body: bytes) -> list[list[str]]:
    return files.read(body).rows


def refused(body: bytes) -> str:
    with pytest.raises(NotValid) as refusal:
        files.read(body)
    return str(refusal.value.message)


def test_a_workbook_of_excel():
    assert read(book(HEADS, ROW)) == [HEADS, ROW]


def test_without_shared_strings_and_styles_as_wps_may_write_it():
    assert read(bare(sheet(rows_of(HEADS, ROW)))) == [HEADS, ROW]


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"])
def test_the_sheet_is_found_however_its_address_is_written(target):
    assert read(bare(sheet(rows_of(HEADS, ROW)), target=target)) == [HEADS, ROW]


def test_a_dimension_that_lies():
    made = sheet(rows_of(HEADS, ROW), before='<dimension ref="A1"/>')
    assert read(bare(made)) == [HEADS, ROW]


def test_cells_and_rows_without_their_place():
    rows = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>"
        for row in (HEADS, ROW)
    )
    assert read(bare(sheet(rows))) == [HEADS, ROW]


def test_rich_text_and_how_it_is_read_aloud():
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t>心</t></r><r><t>愿</t></r>'
        '<rPh sb="0" eb="1"><t>xin</t></rPh></si></sst>'
    )
    made = sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    assert read(bare(made, parts={"xl/sharedStrings.xml": strings})) == [["心愿"]]


def test_days_by_any_style_of_excel_and_of_its_chinese_editions():
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="176"/></cellXfs>'
        "</styleSheet>"
    )
    cells = "".join(
        f'<c r="{column}1" s="{style}"><v>46086</v></c>' for style, column in enumerate("ABCD")
    )
    made = sheet(f'<row r="1">{cells}</row>')
    day = "2026-03-05"
    assert read(bare(made, parts={"xl/styles.xml": styles})) == [["46086", day, day, day]]


def test_a_telephone_kept_as_a_number():
    made = sheet(
        '<row r="1"><c r="A1"><v>13800000077.0</v></c><c r="B1"><v>1.3800000077E10</v></c>'
        '<c r="C1"><v>0.5</v></c></row>'
    )
    assert read(bare(made)) == [["13800000077", "13800000077", "0.5"]]


def test_merged_cells_fill_down_and_not_beyond():
    rows = [
        ["社区", "心愿"],
        ["七塔社区", "想要一把伞"],
        [None, "想要一袋米"],
        [None, "想要一盏灯"],
    ]
    assert read(book(*rows, merge=("A2:A3",))) == [
        ["社区", "心愿"],
        ["七塔社区", "想要一把伞"],
        ["七塔社区", "想要一袋米"],
        ["", "想要一盏灯"],
    ]


def test_a_merged_cell_as_long_as_the_sheet_costs_nothing():
    made = sheet(
        rows_of(HEADS, ROW), after='<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
    )
    assert read(bare(made)) == [HEADS, ROW]


def test_a_formula_gives_what_it_came_to():
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1</f><v>二</v></c>'
    assert read(bare(sheet(f'<row r="1">{cells}</row>'))) == [["2", "二"]]


def test_a_formula_that_nobody_counted_or_that_failed_is_marked():
    cells = '<c r="A1"><f>1+1</f></c><c r="B1" t="e"><v>#N/A</v></c>'
    assert read(bare(sheet(f'<row r="1">{cells}</row>'))) == [[UNCOUNTED, BROKEN]]


def test_hidden_sheets_and_empty_ones_are_passed_over():
    made = openpyxl.Workbook()
    made.active.title = "空"
    hidden, shown = made.create_sheet("藏"), made.create_sheet("表")
    hidden.sheet_state = "hidden"
    hidden.append(["不要"])
    shown.append(HEADS)
    assert read(saved(made)) == [HEADS]


def test_blank_rows_are_left_out_and_numbers_stay_those_of_the_sheet():
    found = files.read(book([], HEADS, [None, "  "], ROW))
    assert found.numbers == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_writing(encoding, separator):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([HEADS, ROW])
    assert read(text.getvalue().encode(encoding)) == [HEADS, ROW]


class TestRefused:
    def test_old_excel(self):
        assert "另存为 xlsx" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)

    @pytest.mark.parametrize(
        "body",
        [
            b"%PDF-1.7\x00\x01",
            b"\xff\xd8\xff\xe0\x00\x10JFIF",
            b"PK\x03\x04 cut short",
            b"\x89PNG\r\n\x1a\n\0",
        ],
    )
    def test_what_is_no_list(self, body):
        assert refused(body)

    def test_a_damaged_workbook(self):
        assert "打不开" in refused(book(HEADS, ROW)[:-40])

    @pytest.mark.parametrize(
        "broken", ["<row", "<row r='x'><c><v>1</v></c></row>", "<row><c t='s'><v>x</v></c></row>"]
    )
    def test_xml_that_is_none(self, broken):
        assert "打不开" in refused(bare(sheet(broken)))

    def test_a_zip_without_a_workbook(self):
        assert refused(packed({"readme.txt": "心愿"}))

    @pytest.mark.parametrize("body", [b"", b"\n\n", book(), "，，\n".encode()])
    def test_an_empty_list(self, body):
        if body == "，，\n".encode():
            assert read(body) == [["，，"]]
        else:
            assert "空的" in refused(body)

    def test_a_bomb_by_its_ratio(self):
        body = bare(sheet("<row>" + " " * 20_000_000 + "</row>"))
        assert len(body) < 100_000
        assert "展开以后太大" in refused(body)

    def test_a_bomb_by_its_size(self, monkeypatch):
        monkeypatch.setattr(xlsx, "MOST_UNPACKED", 1000)
        assert "展开以后太大" in refused(book(HEADS, ROW))

    def test_a_bomb_that_lies_about_its_size(self):
        body = bytearray(bare(sheet(rows_of(HEADS, *[ROW] * 2000))))
        with zipfile.ZipFile(io.BytesIO(body)) as made:
            info = made.getinfo("xl/worksheets/sheet1.xml")
        size = info.file_size.to_bytes(4, "little")
        assert body.count(size) == 2  # before the part, and in the list at the end
        assert "打不开" in refused(bytes(body.replace(size, (500).to_bytes(4, "little"))))

    def test_a_bomb_of_many_parts(self):
        parts = {f"xl/media/{n}.png": "" for n in range(2100)}
        assert "展开以后太大" in refused(bare(sheet(rows_of(HEADS)), parts=parts))

    def test_entities(self):
        lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        made = sheet(rows_of(HEADS)).replace("<worksheet", lol + "<worksheet")
        assert refused(bare(made))

    def test_more_rows_than_can_be(self, monkeypatch):
        monkeypatch.setattr(grid, "MOST_ROWS", 10)
        assert "行太多了" in refused(book(HEADS, *[ROW] * 80))

    def test_more_columns_than_can_be(self):
        assert "列太多了" in refused(book(HEADS, ["字"] * 61))

    def test_a_million_blank_cells(self, monkeypatch):
        monkeypatch.setattr(xlsx, "MOST_CELLS", 1000)
        rows = "".join(f'<row r="{n}">{"<c/>" * 20}</row>' for n in range(1, 100))
        assert "表格太大了" in refused(bare(sheet(rows)))

    def test_a_part_that_is_not_there(self):
        assert refused(bare(sheet(rows_of(HEADS)), target="worksheets/nowhere.xml"))


HEADS_AS_WRITTEN = {
    "title": "微心愿 心愿内容（必填） 居民需求",
    "kind": "心愿类别 需求类型",
    "detail": "心愿详细说明",
    "due_on": "希望完成时间 截止日期：",
    "estimate": "预算（元）",
    "name": "居民姓名",
    "phone": "联系电话 手_机_号 联系方式*",
    "address": "家庭住址",
    "note": "备注",
    "contact": "同意记录",
    "publish": "本人是否同意公开",
    "community": "所属社区",
    "": "认领人姓名 认领单位 序号 负责人电话 问题",
}


@pytest.mark.parametrize(
    ("head", "field"),
    [(head, field) for field, heads in HEADS_AS_WRITTEN.items() for head in heads.split()],
)
def test_heads_are_understood_as_people_write_them(head, field):
    assert field_of(head) == field


def test_heads_are_found_below_titles_and_remarks():
    found = files.read(
        book(["七塔社区微心愿征集表"], ["填表人：林示例", None, "2026年3月"], HEADS, ROW)
    )
    layout = layout_of(found)
    assert layout.heads == tuple(HEADS)
    assert list(layout.columns) == [
        "title",
        "kind",
        "name",
        "phone",
        "address",
        "contact",
        "publish",
    ]


def test_heads_of_two_rows_that_are_merged():
    rows = [
        ["心愿", "居民信息", None],
        [None, "姓名", "电话"],
        ["想要一把伞", "张示例", "13800000077"],
    ]
    layout = layout_of(files.read(book(*rows, merge=("A1:A2", "B1:C1"))))
    assert (layout.head, dict(layout.columns)) == (1, {"title": 0, "name": 1, "phone": 2})


def test_a_day_in_a_real_cell_of_openpyxl():
    assert read(book(["截止"], [dt.date(2026, 3, 5)]))[1] == ["2026-03-05"]


def test_inline_strings_keep_signs():
    assert read(bare(sheet(f'<row r="1">{inline("A1", "<茶&米>")}</row>'))) == [["<茶&米>"]]
