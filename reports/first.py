"""先办这些: what is late, the longest first, each with the one act that helps."""

from dataclasses import dataclass

from django.db.models import Case, F, When
from django.db.models.functions import Least

from jiangdong import clock
from notices.workdays import workdays_between
from pairing.standing import standing_of
from wishes import policy
from wishes.actions.reminding import reminded_lately
from wishes.lists import LISTS, watched
from wishes.models import Wish
from wishes.workflow import Move, State

ROWS = 8


@dataclass(frozen=True)
class FirstRow:
    """A late wish: how many working days, and what this person can do about it now.

    `act` is the slug of a move or of a nudge, or empty; `is_reminded` says that it was nudged already.
    """

    wish: Wish
    late: int
    act: str
    is_reminded: bool


def first_rows(user) -> list[FirstRow]:
    """Return the ROWS wishes that have been late longest. Two queries."""
    wishes = list(
        LISTS["first"]
        .of(watched())
        .select_related("community__street", "agency", "handler")
        .annotate(
            late_since=Case(
                When(state=State.OPEN, then=Least("due_on", "claim_due_on")),
                default=F("due_on"),
            )
        )
        .order_by("late_since", "pk")[:ROWS]
    )
    reminded = reminded_lately(wish.pk for wish in wishes)
    today = clock.today()
    return [
        FirstRow(
            wish=wish,
            late=workdays_between(wish.late_since, today),
            act=_act_for(user, wish),
            is_reminded=wish.pk in reminded,
        )
        for wish in wishes
    ]


def _act_for(user, wish: Wish) -> str:
    """Return what helps: an open wish is handed to somebody, a claimed one brought to mind."""
    if wish.state == State.OPEN:
        return Move.ASSIGN if policy.why_not(user, Move.ASSIGN, wish) is None else ""
    return "remind" if policy.may_remind(standing_of(user), wish) else ""
