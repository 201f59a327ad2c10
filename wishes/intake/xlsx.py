"""Reading xlsx as Excel, WPS and others write it, as a stream and within bounds.

Not through openpyxl: its fast mode knows neither merged cells nor whether a blank is a formula without a value, its
other one holds the whole book in memory, and neither asks first how much a file unpacks to. XML that declares
entities is refused, and expat itself stops those that grow.
"""

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError, iterparse

from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import is_date_format

from wishes.intake.grid import BROKEN, UNCOUNTED, Grid, clipped, unreadable

MOST_PARTS = 2000
MOST_UNPACKED = 64 * 1024 * 1024
MOST_RATIO = 150  # of what is more than SMALL once unpacked
SMALL = 4 * 1024 * 1024
MOST_CELLS = 2_000_000  # blank ones with a border count too
MOST_MERGED = 20_000
# Dates by number alone: the usual ones, and those of East Asian Excel.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
DAMAGED = _("这个文件打不开，可能坏了。用 Excel 或 WPS 打开，另存为 xlsx 再传。")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def read(body: bytes) -> Grid:
    """Return the first sheet that is in sight and holds anything.

    Raises:
        NotValid: it is no workbook, damaged, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = _within_bounds(book)
            return _Book(book, parts).grid()
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, OSError, EOFError) as error:
        raise unreadable(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:  # packed or locked as no spreadsheet is
        raise unreadable(DAMAGED) from error


def _within_bounds(book: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Look at what the parts say they unpack to; none is read beyond what it says."""
    parts = book.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    bomb = unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or bomb:
        raise unreadable(_("这个文件展开以后太大了，不能收。请只留要导入的那张表，另存一份再传。"))
    return {part.filename.lstrip("/").lower(): part for part in parts}


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


class _Book:
    """One workbook, read once."""

    def __init__(self, book: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> None:
        self.book = book
        self.parts = parts
        self.shared = list(self._shared())
        self.dates = self._date_styles()
        self.from_1904 = False

    def grid(self) -> Grid:
        paths = self._sheets()
        if not paths:
            raise unreadable(_("这个文件里没有表格。"))
        for path in paths:
            grid = self._sheet(path)
            if grid.rows:
                return grid
        raise unreadable(_("表格是空的。"))

    def _open(self, path: str):
        part = self.book.open(self.parts[path])
        if b"<!DOCTYPE" in part.peek(1024)[:1024]:
            raise unreadable(DAMAGED)
        return part

    def _elements(self, path: str, *names: str) -> Iterator[Element]:
        """Yield elements of these names as they end, and throw them away afterwards."""
        with self._open(path) as part:
            for _event, element in iterparse(part):  # noqa: S314
                if _name(element) in names:
                    yield element
                    element.clear()

    def _sheets(self) -> list[str]:
        """Return the sheets that are not hidden, in their order."""
        targets = {
            each.get("Id"): each.get("Target", "")
            for each in self._elements("xl/_rels/workbook.xml.rels", "Relationship")
        }
        found = []
        for each in self._elements("xl/workbook.xml", "workbookPr", "sheet"):
            if _name(each) == "workbookPr":
                self.from_1904 = each.get("date1904") in ("1", "true")
            elif each.get("state", "visible") == "visible":
                key = next((value for name, value in each.items() if name.endswith("}id")), "")
                path = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lower()
                if path.lstrip("/") in self.parts:
                    found.append(path.lstrip("/"))
        return found

    def _shared(self) -> Iterator[str]:
        if "xl/sharedstrings.xml" in self.parts:
            for element in self._elements("xl/sharedstrings.xml", "si"):
                yield _text(element)

    def _date_styles(self) -> set[int]:
        """Return which styles of cells show a number as a day."""
        if "xl/styles.xml" not in self.parts:
            return set()
        own, styles = {}, set()
        for element in self._elements("xl/styles.xml", "numFmt", "cellXfs"):
            if _name(element) == "numFmt":
                own[element.get("numFmtId")] = element.get("formatCode", "")
                continue
            for at, style in enumerate(element):
                number = style.get("numFmtId", "0")
                if is_date_format(own.get(number)) or (
                    number.isdecimal() and int(number) in DATE_FORMATS
                ):
                    styles.add(at)
        return styles

    def _sheet(self, path: str) -> Grid:
        rows: dict[int, dict[int, str]] = {}
        merged: list[str] = []
        cells = number = 0
        with self._open(path) as part:
            data = None
            for event, element in iterparse(part, ("start", "end")):  # noqa: S314
                name = _name(element)
                if event == "start":
                    data = element if name == "sheetData" else data
                elif name == "row":
                    number = int(element.get("r") or number + 1)
                    cells += len(element)
                    held = self._row(element)
                    if held:
                        rows[number] = held
                    data.clear()
                elif name == "mergeCell":
                    merged.append(element.get("ref", ""))
                if cells > MOST_CELLS or len(merged) > MOST_MERGED:
                    raise unreadable(_("表格太大了。请只留要导入的行和列，另存一份再传。"))
        _fill_down(rows, merged)
        grid = Grid()
        for number in sorted(rows):
            grid.add(number, rows[number])
        return grid

    def _row(self, row: Element) -> dict[int, str]:
        held, at = {}, -1
        for cell in row:
            place = _CELL.match(cell.get("r") or "")
            at = _column(place[1]) if place else at + 1
            if text := clipped(self._value(cell)):
                held[at] = text
        return held

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        value, has_formula = None, False
        for child in cell:
            name = _name(child)
            if name == "v":
                value = child.text
            elif name == "f":
                has_formula = True
            elif name == "is" and kind == "inlineStr":
                return _text(child)
        if value is None:
            return UNCOUNTED if has_formula and kind != "str" else ""
        if kind == "s":
            return self.shared[int(value)] if int(value) < len(self.shared) else ""
        if kind == "b":
            return str(_("是") if value == "1" else _("否"))
        if kind == "e":
            return BROKEN
        if kind in ("str", "inlineStr", "d"):
            return value
        return self._number(value, int(cell.get("s") or 0))

    def _number(self, value: str, style: int) -> str:
        """Return a number as people write it: a day where it is shown as one, no `.0` and no exponent."""
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return value
        if style in self.dates and 1 <= number < 2_958_466:
            return (EPOCHS[self.from_1904] + dt.timedelta(days=int(number))).isoformat()
        if not -15 < number.adjusted() < 30:
            return value
        return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"


def _text(element: Element) -> str:
    """Return the texts inside, without the marks of how they are read aloud."""
    found = []
    for child in element:
        if _name(child) == "t":
            found.append(child.text or "")
        elif _name(child) == "r":
            found += [part.text or "" for part in child if _name(part) == "t"]
    return "".join(found)


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _fill_down(rows: dict[int, dict[int, str]], merged: list[str]) -> None:
    """Give a merged cell's text to each row that it reaches over, as whoever reads the sheet takes it."""
    for ref in merged:
        first, _colon, last = ref.partition(":")
        top, bottom = _CELL.match(first), _CELL.match(last)
        if not (top and bottom) or top[2] == bottom[2]:
            continue
        at = _column(top[1])
        text = rows.get(int(top[2]), {}).get(at)
        if not text:
            continue
        below = range(int(top[2]) + 1, min(int(bottom[2]), max(rows)) + 1)
        for number in below:
            if number in rows:
                rows[number].setdefault(at, text)
