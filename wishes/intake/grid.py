"""What is read from any file: rows of texts, and how much of a file is too much."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiangdong.refusals import NotValid

MOST_BYTES = 5 * 1024 * 1024  # as it is sent
MOST_ROWS = 10_000
MOST_HEAD_ROWS = 50  # titles and heads above the rows
MOST_COLUMNS = 60
MOST_CHARACTERS = 2000  # in a cell

# What stands for a cell that cannot be read; no file can hold these characters.
UNCOUNTED = "\x00formula"
BROKEN = "\x00error"
TOO_LONG = "\x00long"


@dataclass
class Grid:
    """The rows that are not blank, each with the number that its spreadsheet shows beside it."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def add(self, number: int, cells: dict[int, str]) -> None:
        """Take a row in by its columns; a blank one is left out.

        Raises:
            NotValid: there are too many rows or columns.
        """
        held = {at: text for at, text in cells.items() if text}
        if not held:
            return
        if max(held) >= MOST_COLUMNS:
            raise unreadable(_("列太多了，最多 %(n)s 列。多余的列请删去。"), n=MOST_COLUMNS)
        if len(self.rows) >= MOST_ROWS + MOST_HEAD_ROWS:
            raise unreadable(_("行太多了，一次最多 %(n)s 行。请分成几份。"), n=MOST_ROWS)
        self.numbers.append(number)
        self.rows.append([held.get(at, "") for at in range(max(held) + 1)])

    def dumps(self) -> str:
        """Return it as text."""
        return json.dumps([self.numbers, self.rows], ensure_ascii=False)

    @classmethod
    def loads(cls, text: str) -> "Grid":
        """Read what `dumps` wrote."""
        return cls(*json.loads(text))


def clipped(text: str) -> str:
    """Return a cell's text without blanks around it, or the sign that it is too long."""
    text = text.strip()
    return text if len(text) <= MOST_CHARACTERS else TOO_LONG


def unreadable(message: Any, **facts: Any) -> NotValid:
    """Return the refusal of a whole file, with what to do instead."""
    message = message % facts if facts else message
    return NotValid("unreadable_file", message, fields={"file": [message]})
