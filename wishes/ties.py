"""Where apps above say what else a wish belongs with, such as the voice that it came from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pairing.standing import Standing
from wishes.models import Wish


@dataclass(frozen=True)
class Tie:
    """Something that a wish belongs with: what it is to it, what it is called, where it is."""

    label: Any
    name: str
    url: str


Finder = Callable[[Wish, Standing], list[Tie]]
finders: list[Finder] = []


def also(finder: Finder) -> Finder:
    """Register what finds ties; it returns those whose other end the person may open."""
    finders.append(finder)
    return finder


def ties_of(wish: Wish, standing: Standing) -> list[Tie]:
    """Return what a wish belongs with, as far as this person may open it."""
    return [tie for finder in finders for tie in finder(wish, standing)]
