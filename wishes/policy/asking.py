"""Who may ask a second person for something about a wish, and who may say no to it. Saying yes is a move."""

from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.refusals import NotAllowed, Refusal
from pairing.standing import standing_of
from wishes.models import Wish
from wishes.policy import people
from wishes.policy.conditions import not_now
from wishes.policy.moves import Predicate, wrong_state
from wishes.workflow import IN_HAND, TABLE, Asked, Move, State

MAY_ASK: dict[str, Predicate] = {
    Asked.EXTEND: people.may_ask_extend,
    Asked.DECLINE: people.may_ask_decline,
    Asked.RELEASE: people.may_ask_release,
}
MAY_REFUSE: dict[str, Predicate] = {
    Asked.EXTEND: people.may_extend,
    Asked.DECLINE: people.may_decline,
    Asked.RELEASE: people.may_release,
}


def why_not_ask(user, what: str, wish: Wish) -> Refusal | None:
    """Return why this person cannot ask this of a wish now, or None when they can."""
    standing = standing_of(user)
    if not MAY_ASK[what](standing, wish):
        return NotAllowed("not_yours", _("这件心愿不由你来提。"))
    states = {Asked.EXTEND: (State.CLAIMED,), Asked.RELEASE: IN_HAND}
    if wish.archived or wish.state not in states.get(what, TABLE[Move.DECLINE]):
        return wrong_state(what, wish)
    if what == Asked.EXTEND and wish.due_on < clock.today():
        return not_now(wish, "overdue", _("约定的日子已经过了，延期要在那之前申请。"))
    if what in wish.open_asks:
        return not_now(wish, "asked_already", _("已经有人提了，还没有答复。"))
    return None


def why_not_refuse(user, what: str, wish: Wish) -> Refusal | None:
    """Return why this person cannot say no to what was asked, or None when they can."""
    if not MAY_REFUSE[what](standing_of(user), wish):
        return NotAllowed("not_yours", _("这件事不由你来答复。"))
    if what not in wish.open_asks:
        return not_now(wish, "nothing_asked", _("现在没有要答复的。"))
    return None


def asks_open_to(user, wish: Wish) -> list[str]:
    """Return what this person can ask of a wish now."""
    return [what for what in MAY_ASK if why_not_ask(user, what, wish) is None]


def refusals_open_to(user, wish: Wish) -> list[str]:
    """Return what was asked and this person can say no to."""
    return [what for what in MAY_REFUSE if why_not_refuse(user, what, wish) is None]
