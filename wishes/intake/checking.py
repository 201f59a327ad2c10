"""Rows become drafts, or problems by row and column, in words. Nothing is asked of the database, and nothing kept."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from jiangdong import keys
from jiangdong.privacy import findings_in, phone_index
from pairing.models import Community, Consent, Details
from wishes.intake import values
from wishes.intake.columns import COMMUNITY, EXAMPLE, FIELDS, Layout
from wishes.intake.grid import Grid
from wishes.intake.values import Unclear
from wishes.models import Draft

# As many characters as the form takes; forms are for doors to import, so a test holds these to it.
MOST = {"title": 40, "detail": 500, "name": 40, "address": 80, "note": 200}
CONSENTS = {
    "contact": Consent.Kind.CONTACT,
    "publish": Consent.Kind.PUBLISH,
    "consent_sensitive": Consent.Kind.SENSITIVE,
}
_END_OF_SENTENCE = re.compile(r"[。！？；!?;\n]")


@dataclass(frozen=True)
class Remark:
    """What is to be said of a row: the number that its spreadsheet shows, the column's head, and a sentence."""

    number: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.column:
            return _("第 %(number)s 行：%(message)s") % vars(self)
        return _("第 %(number)s 行「%(column)s」：%(message)s") % vars(self)


@dataclass
class Row:
    """One row, as far as it is understood: with a problem it is not taken in, a warning is the worker's to weigh."""

    number: int
    index: int
    community: Community | None = None
    draft: Draft | None = None
    digest: str = ""
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """For whom rows may be taken in: one's own community, or any of one's street, by the words for it."""

    own: Community | None
    by_name: Mapping[str, Community]

    @classmethod
    def of(cls, communities: list[Community], own: Community | None) -> "Scope":
        names = {}
        for community in communities:
            words = (community.name, community.name.removesuffix(COMMUNITY), community.code)
            names.update(dict.fromkeys(words, community))
        return cls(own, names)

    def find(self, word: str) -> Community:
        """Return the community that a cell names.

        Raises:
            Unclear: it is none of theirs, or not said.
        """
        if not word and self.own:
            return self.own
        if not word:
            raise Unclear(_("没有写是哪个社区"))
        found = self.by_name.get(word) or self.by_name.get(word.upper())
        if found is None:
            raise Unclear(
                _("不是本社区的，不能在这里导入")
                if self.own
                else _("不是本街道的社区，或者名字不对")
            )
        return found


def check(grid: Grid, layout: Layout, scope: Scope, today: dt.date) -> Iterator[Row]:
    """Yield every row below the heads but examples, checked by itself and against the rows before it."""
    seen: dict[str, int] = {}
    for index in range(layout.head + 1, len(grid.rows)):
        cells = grid.rows[index]
        if _is_example(cells, layout):
            continue
        row = _Reader(grid.numbers[index], index, cells, layout).row(scope, today)
        if row.digest in seen:
            message = _("和第 %(n)s 行一样，只记一次") % {"n": seen[row.digest]}
            row.problems.append(Remark(row.number, "", message))
        elif row.digest:
            seen[row.digest] = row.number
        yield row


def _is_example(cells: list[str], layout: Layout) -> bool:
    at = layout.columns["title"]
    return cells[0] == EXAMPLE or (at < len(cells) and cells[at].startswith(EXAMPLE))


class _Reader:
    """Reads one row's cells, and gathers what is wrong with them."""

    def __init__(self, number: int, index: int, cells: list[str], layout: Layout) -> None:
        self.cells = cells
        self.layout = layout
        self.found = Row(number, index)

    def cell(self, name: str) -> str:
        at = self.layout.columns.get(name, -1)
        return self.cells[at] if 0 <= at < len(self.cells) else ""

    def head(self, name: str) -> str:
        at = self.layout.columns.get(name)
        return str(FIELDS[name][0]) if at is None else self.layout.heads[at]

    def wrong(self, name: str, message: Any) -> None:
        self.found.problems.append(Remark(self.found.number, self.head(name), str(message)))

    def warn(self, name: str, message: Any) -> None:
        self.found.warnings.append(Remark(self.found.number, self.head(name), str(message)))

    def read(self, name: str, understand: Callable, *more: Any, otherwise: Any = "") -> Any:
        """Return what a cell says; what is unclear becomes a problem of its column."""
        try:
            return understand(self.cell(name), *more)
        except Unclear as unclear:
            self.wrong(name, unclear.message)
            return otherwise

    def row(self, scope: Scope, today: dt.date) -> Row:
        row = self.found
        row.community = self.read("community", lambda cell: scope.find(cell), otherwise=None)
        title, detail = self._words()
        details = Details(
            phone=self.read("phone", values.phone),
            **{
                name: self.read(name, values.text, MOST[name])
                for name in ("name", "address", "note")
            },
        )
        consents = frozenset(
            str(kind) for name, kind in CONSENTS.items() if self.read(name, values.yes)
        )
        if details and Consent.Kind.CONTACT not in consents:
            self.wrong("contact", _("没有写本人同意记录，不能记下姓名、电话、住处"))
        row.draft = Draft(
            title=title,
            detail=detail,
            kind=self.read("kind", values.kind),
            due_on=self.read("due_on", values.day, today, otherwise=None),
            estimate=self.read("estimate", values.money, otherwise=None),
            for_child=bool(self.read("for_child", values.yes)),
            sensitive=bool(self.read("sensitive", values.yes)),
            details=details,
            consents=consents,
        )
        self._point_out(title, detail, details)
        if not row.problems:
            row.digest = digest_of(row.community, row.draft)
        return row

    def _words(self) -> tuple[str, str]:
        """Return title and detail; of a wish too long for a title the first sentence, and all of it as detail."""
        title = self.read("title", values.text, MOST["detail"])
        detail = self.read("detail", values.text, MOST["detail"])
        title_in_line = " ".join(title.split())
        if not title_in_line:
            if not self.found.problems:
                self.wrong("title", _("没有写心愿"))
            return "", detail
        if len(title_in_line) <= MOST["title"]:
            return title_in_line, detail
        whole = f"{title}\n{detail}".strip()
        if len(whole) > MOST["detail"]:
            self.wrong("title", _("太长了，最多 %(n)s 个字") % {"n": MOST["title"]})
            return "", detail
        first = _END_OF_SENTENCE.split(title, maxsplit=1)[0].strip()
        short = first if len(first) <= MOST["title"] else f"{first[: MOST['title'] - 1]}…"
        self.warn(
            "title", _("超过 %(n)s 个字，截短了，全文放在「再说几句」里") % {"n": MOST["title"]}
        )
        return short, whole

    def _point_out(self, title: str, detail: str, details: Details) -> None:
        """Warn of what will have to be changed before it can be published."""
        names = [name for name in (details.name, details.address) if name]
        for finding in findings_in(f"{title}\n{detail}", names):
            if finding.hard:
                self.warn("title", _("里面%(why)s，公开前要改") % {"why": finding.why})


def digest_of(community: Community, draft: Draft) -> str:
    """Return by what a row is known again: its words, and whose wish it is, to be read by nobody."""
    details = draft.details
    whose = phone_index(details.phone, community.pk) or f"{details.name}|{details.address}"
    return keys.blind(community.pk, f"{draft.title}|{whose}")
