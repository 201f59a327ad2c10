"""Believable wishes: titles and details put together from the files in `texts/`, never the same twice in a row.

The files are plain text so that whoever writes Chinese best can edit them: a title at the margin, its
details indented, `{a|b}` a choice, `{1}` the title's first choice again. Marks after a title: `¥low-high`
an estimate in yuan, `#child`, `#group`, `@2014` or `@now` where it belongs to one time only.
"""

import itertools
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

KINDS = (
    "goods",
    "repair",
    "companionship",
    "tutoring",
    "health",
    "legal",
    "errand",
    "environment",
    "culture",
    "employment",
    "other",
)
THEN, TODAY = "@2014", "@now"

# How often each kind is wished for, in parts of a hundred.
SHARES = {
    "goods": 24,
    "repair": 16,
    "companionship": 11,
    "tutoring": 9,
    "health": 8,
    "errand": 10,
    "environment": 8,
    "culture": 6,
    "legal": 3,
    "employment": 3,
    "other": 2,
}

# People open a wish in more than one way; the first that fits is varied, evenly.
_OPENERS = (
    ("想请人帮忙", ("希望有人帮忙", "请人帮忙", "能不能帮忙")),
    ("想请人", ("希望有人", "能不能请人", "盼有人")),
    ("想请", ("希望请到", "盼着请")),
    ("孩子想要", ("孩子盼着有", "孩子一直想要")),
    ("想要", ("需要", "缺", "盼着有")),
    ("想有人", ("希望有人", "盼有人")),
    ("想有", ("盼着有", "希望有")),
    ("想学", ("一直想学", "很想学")),
    ("想去", ("一直想去", "盼着去")),
    ("想看", ("一直想看", "盼着看")),
    ("想办", ("盼着办", "希望办")),
    ("想找", ("希望找", "一直想找")),
    ("想和", ("盼着和", "很想和")),
    ("想换", ("需要换", "要换")),
    ("想给", ("打算给", "希望给")),
    ("想在", ("希望在", "盼着在")),
)

_TEXTS = Path(__file__).parent / "texts"
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_ECHO = re.compile(r"\{(\d)\}")
_MARK = re.compile(r"\s+(#\w+|@\w+|¥\d+-\d+)")


@dataclass(frozen=True)
class Pattern:
    """One way to put a wish, with its choices still open."""

    title: str
    marks: frozenset[str]
    details: tuple[str, ...]

    def belongs_to(self, era: str) -> bool:
        """Tell whether people wished for this at that time (THEN or TODAY)."""
        times = self.marks & {THEN, TODAY}
        return not times or era in times

    def choices(self) -> list[tuple[str, ...]]:
        """Return every combination of the title's choices."""
        return list(itertools.product(*(slot.split("|") for slot in _CHOICE.findall(self.title))))


@dataclass(frozen=True)
class WishText:
    """A wish as a community worker writes it down; `estimate` in yuan, for goods."""

    kind: str
    title: str
    detail: str
    for_child: bool
    for_group: bool
    estimate: int | None


@cache
def patterns_of(kind: str) -> tuple[Pattern, ...]:
    """Read the patterns of one kind."""
    found: list[tuple[str, list[str]]] = []
    for line in _lines(kind):
        if line.startswith("="):
            break
        if line.startswith(" "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return tuple(_pattern(title, details) for title, details in found)


@cache
def sections_of(name: str) -> dict[str, tuple[str, ...]]:
    """Read the lines under each `= heading` of a file."""
    sections: dict[str, list[str]] = {}
    heading = None
    for line in _lines(name):
        if line.startswith("="):
            heading = sections.setdefault(line.strip("= "), [])
        elif heading is not None:
            heading.append(line.strip())
    return {heading: tuple(lines) for heading, lines in sections.items()}


def endings_of(kind: str) -> tuple[str, ...]:
    """Return the closing sentences that go with any wish of this kind."""
    return sections_of(kind)["结尾"]


def phrases(heading: str) -> tuple[str, ...]:
    """Return what people write along a wish's way: `fulfil goods`, `words satisfied`, `release`, …

    Raises:
        KeyError: there is no such heading in words.txt.
    """
    return sections_of("words")[heading]


def _lines(name: str) -> list[str]:
    text = (_TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _pattern(line: str, details: list[str]) -> Pattern:
    marks = frozenset(_MARK.findall(line))
    return Pattern(title=_MARK.sub("", line).strip(), marks=marks, details=tuple(details))


def fill(template: str, chosen: tuple[str, ...]) -> str:
    """Put the chosen words into a title, each choice in turn."""
    words = iter(chosen)
    return _CHOICE.sub(lambda _: next(words), template)


def echo(line: str, chosen: tuple[str, ...]) -> str:
    """Put the title's choices into a detail where it says `{1}`, `{2}`."""
    return _ECHO.sub(lambda match: chosen[int(match.group(1)) - 1], line)


def openings_of(title: str) -> list[str]:
    """Return a title and the other ways in which people would open it."""
    for opener, others in _OPENERS:
        if opener in title:
            return [title, *(title.replace(opener, other, 1) for other in others)]
    return [title]


@dataclass
class WishWriter:
    """Writes wishes of one time, seeded: patterns come in turn, and a title returns only when its pattern is spent."""

    rng: random.Random
    era: str
    _patterns: dict[str, list[Pattern]] = field(default_factory=dict)
    _choices: dict[Pattern, list[tuple[str, ...]]] = field(default_factory=dict)
    _used: Counter = field(default_factory=Counter)

    def write(self, kind: str | None = None) -> WishText:
        """Write one wish, of the kind given or of any by its share."""
        kind = kind or self.rng.choices(list(SHARES), list(SHARES.values()))[0]
        pattern = self._next_pattern(kind)
        chosen = self._next_choice(pattern)
        return WishText(
            kind=kind,
            title=self._title(pattern, chosen),
            detail=self._detail(kind, pattern, chosen),
            for_child="#child" in pattern.marks,
            for_group="#group" in pattern.marks,
            estimate=self._estimate(pattern),
        )

    def phrase(self, heading: str, kind: str = "") -> str:
        """Return one of the phrases under a heading of words.txt, or under the same heading for this kind."""
        own = sections_of("words").get(f"{heading} {kind}", ())
        return self.rng.choice((*phrases(heading), *own, *own))

    def _next_pattern(self, kind: str) -> Pattern:
        deck = self._patterns.get(kind)
        if not deck:
            deck = self._patterns[kind] = self._shuffled_deck(kind)
        return deck.pop()

    def _shuffled_deck(self, kind: str) -> list[Pattern]:
        """Lay out a kind's patterns in random order; one with many choices comes more often than one with few."""
        deck = [
            pattern
            for pattern in patterns_of(kind)
            if pattern.belongs_to(self.era)
            for _ in range(1 + (len(pattern.choices()) > 4))
        ]
        self.rng.shuffle(deck)
        return deck

    def _next_choice(self, pattern: Pattern) -> tuple[str, ...]:
        left = self._choices.get(pattern)
        if not left:
            left = self._choices[pattern] = pattern.choices()
            self.rng.shuffle(left)
        return left.pop()

    def _title(self, pattern: Pattern, chosen: tuple[str, ...]) -> str:
        """Return the way of opening this title that was used least so far."""
        ways = openings_of(fill(pattern.title, chosen))
        self.rng.shuffle(ways)
        title = min(ways, key=self._used.__getitem__)
        self._used[title] += 1
        return title

    def _detail(self, kind: str, pattern: Pattern, chosen: tuple[str, ...]) -> str:
        """Put together one sentence of the pattern's, sometimes both, and in the main an ending of the kind's."""
        count = 2 if self.rng.random() < 0.15 else 1
        lines = self.rng.sample(pattern.details, count)
        if self.rng.random() < 0.6:
            lines.append(self.rng.choice(endings_of(kind)))
        return "".join(self._sentence(line, chosen) for line in lines)

    def _sentence(self, line: str, chosen: tuple[str, ...]) -> str:
        settled = _CHOICE.sub(lambda match: self.rng.choice(match.group(1).split("|")), line)
        return echo(settled, chosen)

    def _estimate(self, pattern: Pattern) -> int | None:
        for mark in pattern.marks:
            if mark.startswith("¥"):
                low, high = map(int, mark[1:].split("-"))
                return self.rng.randrange(low, high + 1, 10)
        return None
