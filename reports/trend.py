"""The last weeks: what was logged, claimed for the first time, confirmed; with the drawing's measures."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from reports.figures import Figure, figures_by_week

WEEKS = 12
SERIES = (("logged", _("记下")), ("first_claimed", _("认领")), ("confirmed", _("居民点头")))

# Units of the drawing: it is stretched to whatever room the page has.
WEEK_WIDTH, BAR, GAP = 60, 14, 2
HEIGHT = 180


@dataclass(frozen=True)
class Bar:
    """One bar: a figure, where it stands and how high, from the axis at 0."""

    figure: Figure
    label: Any
    x: int
    y: float
    height: float
    tone: str


@dataclass(frozen=True)
class Week:
    """A week with its three figures."""

    monday: dt.date
    figures: list[Figure]
    bars: list[Bar]
    middle: int
    is_this: bool


@dataclass(frozen=True)
class Line:
    """A line across the drawing, with the number it stands for."""

    number: int
    y: float


@dataclass(frozen=True)
class Trend:
    """Weeks and lines, and the drawing's size."""

    weeks: list[Week]
    lines: list[Line]
    width: int = WEEKS * WEEK_WIDTH
    height: int = HEIGHT
    series = SERIES


def trend() -> Trend:
    """Return the last WEEKS weeks with the present one, in one query."""
    today = clock.today()
    this = today - dt.timedelta(days=today.weekday())
    mondays = [this - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    slugs = [slug for slug, _label in SERIES]
    found = figures_by_week(mondays[0], *slugs)
    rows = []
    for monday in mondays:
        at = found.get(monday, {})
        rows.append([at.get(slug) or Figure(slug, 0, "week", monday) for slug in slugs])
    top = top_of(max(figure.number for row in rows for figure in row))
    weeks = [
        Week(
            monday=monday,
            figures=row,
            bars=_bars(row, n * WEEK_WIDTH, top),
            middle=n * WEEK_WIDTH + WEEK_WIDTH // 2,
            is_this=monday == this,
        )
        for n, (monday, row) in enumerate(zip(mondays, rows, strict=True))
    ]
    lines = [Line(number, HEIGHT - HEIGHT * number / top) for number in (0, top // 2, top)]
    return Trend(weeks, lines)


def _bars(row: list[Figure], left: int, top: int) -> list[Bar]:
    begin = left + (WEEK_WIDTH - len(row) * BAR - (len(row) - 1) * GAP) // 2
    bars = []
    for n, (figure, (slug, label)) in enumerate(zip(row, SERIES, strict=True)):
        height = HEIGHT * figure.number / top
        bars.append(Bar(figure, label, begin + n * (BAR + GAP), HEIGHT - height, height, slug))
    return bars


def top_of(most: int) -> int:
    """Return the end of an axis that begins at 0: an even round number not under the most."""
    if most <= 4:
        return 4
    step = 10 ** math.floor(math.log10(most))
    for part in (1, 2, 4, 6, 8, 10):
        if part * step >= most and part * step % 2 == 0:
            return part * step
    return 10 * step
