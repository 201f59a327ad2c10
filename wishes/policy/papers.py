"""Who may take what of a wish along: a text for a group, a card for the visit, a slip, a date."""

from pairing.standing import Standing
from wishes.models import Wish
from wishes.policy.people import handles, helps, works_there
from wishes.workflow import BEFORE_PUBLIC, IN_HAND, State, Visibility


def may_share(standing: Standing, wish: Wish) -> bool:
    """Put it into a chat group: whoever is signed in, what everybody sees and nobody has claimed."""
    is_public = wish.visibility == Visibility.PUBLIC and wish.state == State.OPEN
    return standing.user_id is not None and is_public and not wish.archived


def may_visit(standing: Standing, wish: Wish) -> bool:
    """Take the card along to the door: who handles it, and the worker who brings them there, while it is in hand."""
    goes = handles(standing, wish) or works_there(standing, wish)
    return goes and wish.state in (*IN_HAND, State.FULFILLED) and not wish.archived


def may_note_day(standing: Standing, wish: Wish) -> bool:
    """Put the agreed day into one's calendar: whoever promised it, alone or with others."""
    holds = handles(standing, wish) or helps(standing, wish)
    return holds and wish.state in IN_HAND and not wish.archived


def may_hand_over(standing: Standing, wish: Wish) -> bool:
    """Hand the resident's link over, until everything about the wish has ended."""
    there = works_there(standing, wish) and not wish.archived
    return there and wish.state not in (*BEFORE_PUBLIC, State.ENDED)
