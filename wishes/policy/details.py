"""Who comes to a resident's details, and how."""

from dataclasses import dataclass

from pairing.standing import Standing, standing_of
from wishes.models import Wish
from wishes.policy.people import (
    handles,
    is_liaison_of_holder,
    is_of_holder,
    oversees,
    works_there,
)
from wishes.workflow import BEFORE_PUBLIC, IN_HAND, Origin, State


@dataclass(frozen=True)
class DetailsDoor:
    """How a person may come to a resident's details."""

    open: bool
    needs_reason: bool = False


SHUT = DetailsDoor(open=False)


def door_to_details(user, wish: Wish) -> DetailsDoor:
    """Say whether, and whether only with a written reason, this person may see the resident's details.

    The community's workers may; so may the handler who is agency staff while the claim is open. The holder's
    liaison, the street and a supervisor may with a reason, but nobody of an agency before its branch has named
    a handler. Administrators never.
    """
    standing = standing_of(user)
    if wish.resident_id is None:
        return SHUT
    if works_there(standing, wish):
        return DetailsDoor(open=True)
    unnamed = wish.origin == Origin.BRANCH and wish.handler_id is None
    held = wish.state in (*IN_HAND, State.FULFILLED)
    if handles(standing, wish) and standing.is_agency_staff:
        return DetailsDoor(open=held)
    if is_of_holder(standing, wish):
        allowed = (
            is_liaison_of_holder(standing, wish)
            and standing.is_agency_staff
            and held
            and not unnamed
        )
        return DetailsDoor(open=allowed, needs_reason=True)
    may = oversees(standing, wish) or standing.is_supervisor
    return DetailsDoor(open=may and wish.state not in BEFORE_PUBLIC, needs_reason=True)


def may_see_other_wishes(standing: Standing, wish: Wish) -> bool:
    """Be told which other wishes are the same resident's: the community's workers, who may know the resident."""
    return works_there(standing, wish) and wish.resident_id is not None


def may_see_evidence(user, wish: Wish) -> bool:
    """Photos count as details: for those who may see details without asking, and while it is theirs for the handler."""
    door = door_to_details(user, wish)
    held = wish.state in (*IN_HAND, State.FULFILLED)
    return (door.open and not door.needs_reason) or (held and handles(standing_of(user), wish))


def may_show_link(user, wish: Wish) -> bool:
    """Hand the resident's link over: the community's workers alone, while there is anybody to hand it to."""
    there = not wish.archived and wish.state != State.ENDED
    return there and works_there(standing_of(user), wish)


def may_erase(user, wish: Wish) -> bool:
    """Erase a resident's details on request: the community's workers and the street."""
    standing = standing_of(user)
    return wish.resident_id is not None and (
        works_there(standing, wish) or oversees(standing, wish)
    )
