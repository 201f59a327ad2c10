"""Where apps above say what of a person's work goes on when they leave, and hand it over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from accounts.models import User
from pairing.models import Cadre


class HandOver(Protocol):
    """Hands what `of` holds to `to`, or, without anybody, back to whoever answers for it; inside a transaction."""

    def __call__(self, *, of: User, to: Cadre | None, by: User) -> int: ...


@dataclass(frozen=True)
class Duty:
    """A kind of work that somebody must go on with: what it is called, how much of it a person holds, and what.

    `things` names each with its address, for the person and whoever takes it over; without it, what is not
    handed over by somebody who is only away for some days.
    """

    label: Any
    count: Callable[[User], int]
    hand_over: HandOver
    things: Callable[[User], list[tuple[str, str]]] | None = None


duties: list[Duty] = []


def also(duty: Duty) -> Duty:
    """Register a kind of work."""
    duties.append(duty)
    return duty


def held_by(person: User) -> list[tuple[Any, int]]:
    """Return how much of each kind a person holds: numbers, and nothing of what it is."""
    return [(duty.label, duty.count(person)) for duty in duties]
