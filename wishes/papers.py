"""What a wish can be taken along as: a text for a group, a card for the visit, slips, a date for one's calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pairing.standing import Standing, standing_of
from wishes import policy
from wishes.models import Wish
from wishes.workflow import BEFORE_PUBLIC, IN_HAND, State, Visibility


def may_share(standing: Standing, wish: Wish) -> bool:
    """Put it into a chat group: whoever is signed in, what everybody sees and nobody has claimed."""
    is_public = wish.visibility == Visibility.PUBLIC and wish.state == State.OPEN
    return standing.user_id is not None and is_public and not wish.archived


def may_visit(standing: Standing, wish: Wish) -> bool:
    """Take the card along to the door: who handles it, and the worker who brings them there, while it is in hand."""
    goes = policy.handles(standing, wish) or policy.works_there(standing, wish)
    return goes and wish.state in (*IN_HAND, State.FULFILLED)


def may_note_day(standing: Standing, wish: Wish) -> bool:
    """Put the agreed day into one's calendar: whoever promised it, alone or with others."""
    holds = policy.handles(standing, wish) or policy.helps(standing, wish)
    return holds and wish.state in IN_HAND


def _may_hand_over_link(standing: Standing, wish: Wish) -> bool:
    there = policy.works_there(standing, wish) and not wish.archived
    return there and wish.state not in (*BEFORE_PUBLIC, State.ENDED)


@dataclass(frozen=True)
class Paper:
    """One of them, under its address."""

    name: str
    label: Any
    may: Callable[[Standing, Wish], bool]


PAPERS = (
    Paper("visit", _("上门前看的卡片"), may_visit),
    Paper("handover", _("交接单（不是一定要签）"), may_visit),
    Paper("calendar", _("放进日历（.ics）"), may_note_day),
    Paper("share", _("复制到微信群"), may_share),
    Paper("slip", _("给居民的链接和二维码"), _may_hand_over_link),
)


def papers_of(user, wish: Wish) -> list[tuple[str, Any]]:
    """Return address and words of what this person may take along."""
    standing = standing_of(user)
    return [
        (reverse(f"wishes:{paper.name}", args=[wish.code]), paper.label)
        for paper in PAPERS
        if paper.may(standing, wish)
    ]
