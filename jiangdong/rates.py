"""Rates as contract and practice judge by, each with what it counts and how sure it can be."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

ENOUGH = 10  # cases under which nothing is compared
Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Interval:
    """A rate with its Wilson 95 % interval, in percent."""

    percent: float
    low: float
    high: float


def wilson(yes: int, of: int) -> Interval | None:
    """Return the share of `yes` in `of` with its interval, or None where there is nothing to share.

    Wilson's, and not the plain normal one: few cases and rates near the ends keep a sensible interval.
    """
    if of <= 0:
        return None
    share = yes / of
    spread = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    middle, scale = share + Z * Z / (2 * of), 1 + Z * Z / of
    low, high = (middle - spread) / scale, (middle + spread) / scale
    # At the ends the sums above round past the rate itself.
    return Interval(100 * share, 100 * low if yes else 0.0, 100 * high if yes < of else 100.0)


class Counted(Protocol):
    """A figure: a number, with a label and the address of the list behind it where it is shown."""

    number: int


@dataclass(frozen=True)
class Rate:
    """A share of one figure in another. Under ENOUGH cases it is not to be compared."""

    label: Any
    counts: Any
    yes: Counted
    of: Counted

    @property
    def interval(self) -> Interval | None:
        return wilson(self.yes.number, self.of.number)

    @property
    def is_enough(self) -> bool:
        return self.of.number >= ENOUGH
