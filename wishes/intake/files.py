"""Which kind of file it is, by what it holds and not by its name."""

import csv
import io

from django.utils.translation import gettext_lazy as _

from wishes.intake import xlsx
from wishes.intake.grid import MOST_BYTES, Grid, clipped, unreadable

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # the same box holds xlsx with a password
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",\t;"


def read(body: bytes) -> Grid:
    """Return what a file holds.

    Raises:
        NotValid: it is of no kind that is taken, damaged, or too much; the sentence says what to do.
    """
    if len(body) > MOST_BYTES:
        raise unreadable(_("文件太大了，最多 5 MB。请删去图片和不用的表，另存一份再传。"))
    if body.startswith(ZIP):
        return xlsx.read(body)
    if body.startswith(OLD_EXCEL):
        raise unreadable(
            _("这是旧式的 .xls，或者设了密码。用 Excel 或 WPS 打开，去掉密码，另存为 xlsx 再传。")
        )
    return _read_csv(_decoded(body))


def _decoded(body: bytes) -> str:
    """Return the text of a csv file: as portals write it, as Chinese Excel does, or as Excel's Unicode text."""
    for encoding in ("utf-16",) if body.startswith(UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        # What is no text at all decodes as something, and is full of what no text holds.
        if not any(char < " " and char not in "\t\r\n" for char in text[:4000]):
            return text.replace("\x00", "")
    raise unreadable(_("认不出这个文件。请用 xlsx 或 csv。"))


def _read_csv(text: str) -> Grid:
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    grid = Grid()
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, cells in enumerate(lines, start=1):
            grid.add(number, {at: clipped(cell) for at, cell in enumerate(cells)})
    except csv.Error as error:
        raise unreadable(
            _("这个 csv 的格式不对。用 Excel 或 WPS 打开，另存为 xlsx 再传。")
        ) from error
    if not grid.rows:
        raise unreadable(_("表格是空的。"))
    return grid
