"""Writing rows as xlsx or csv, one after another: no file's length is ever held in memory."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

# What a spreadsheet would run, full width included: it turns that into half width by itself.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML cannot hold, whatever stands for it.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BOM = "\ufeff"  # without it Excel reads csv in the system's own encoding


class Format(TextChoices):
    XLSX = "xlsx", "Excel (.xlsx)"
    CSV = "csv", "CSV (.csv)"


CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FONT = '<font>{}<sz val="11"/><name val="Calibri"/></font>'
# A workbook around its one sheet: style 0 is plain, style 1 bold.
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2">{_FONT.format("")}{_FONT.format("<b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def cell_of(value: Any) -> str | int | float:
    """Return a value as a cell holds it: days as people write them, and no text that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int | float):
        return value
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d")
    text = UNWRITABLE.sub("", str(value))
    return f"'{text}" if text.startswith(RUNS) else text


def write_xlsx(out: IO[bytes], heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook of one sheet, its heads bold and always in sight.

    Written here and not by openpyxl: that takes five times as long, and leaves the rows in the system's temporary
    folder when one of them fails.
    """
    heads = [str(head) for head in heads]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        for name, text in PARTS.items():
            book.writestr(name, HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((HEAD + _opening(heads)).encode())
            for row in rows:
                sheet.write(f"<row>{''.join(map(_xml_cell, row))}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


def _opening(heads: Sequence[str]) -> str:
    """Return a sheet up to its first row: frozen heads, columns as wide as their heads need at least."""
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{12 + 2 * len(head)}" customWidth="1"/>'
        for at, head in enumerate(heads, start=1)
    )
    bold = "".join(_text_cell(cell_of(head), ' s="1"') for head in heads)
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{bold}</row>"
    )


def _xml_cell(value: Any) -> str:
    held = cell_of(value)
    if isinstance(held, str):
        return _text_cell(held) if held else "<c/>"
    return f"<c><v>{held}</v></c>"


def _text_cell(text: str, attributes: str = "") -> str:
    return f'<c{attributes} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def csv_lines(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a csv file line by line, with the mark by which Excel knows that it is UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow([cell_of(str(head)) for head in heads])
    yield BOM + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([cell_of(value) for value in row])
        yield line.getvalue()


def write(
    out: IO[bytes], file_format: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows in a format into a file that is open for bytes."""
    if file_format == Format.XLSX:
        write_xlsx(out, heads, rows)
    else:
        out.writelines(line.encode() for line in csv_lines(heads, rows))
