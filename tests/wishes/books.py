"""Workbooks as people, Excel, WPS and enemies make them, put together part by part."""

import io
import zipfile
from xml.sax.saxutils import escape

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADS = ["心愿", "类别", "姓名", "电话", "住址", "同意记录", "同意公开"]
ROW = ["想有人陪着去医院配一次药", "陪伴", "张示例", "13800000077", "七塔一村9幢301室", "是", "是"]


def book(*rows, merge: tuple[str, ...] = ()) -> bytes:
    """Return a workbook as openpyxl writes it."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for ref in merge:
        made.active.merge_cells(ref)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def inline(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def bare(
    sheet: str, *, target: str = "worksheets/sheet1.xml", parts: dict[str, str] | None = None
) -> bytes:
    """Return a workbook of these bare parts: no shared strings, no styles, unless `parts` brings some."""
    all_parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    return packed(all_parts)


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def rows_of(*rows: list[str]) -> str:
    """Return rows of inline strings, each cell with its place."""
    return "".join(
        f'<row r="{number}">'
        + "".join(inline(f"{chr(65 + at)}{number}", text) for at, text in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
