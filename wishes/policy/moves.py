"""Who may make which move. Doors and actions ask here and nowhere else.

A predicate speaks of the person and the thing, not of the state: the table in `workflow` speaks of that.
So a stranger is told "not yours" (403) and a latecomer "not now" (409).
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _

from jiangdong.refusals import NotAllowed, NotNow, Refusal
from pairing.standing import Standing, standing_of
from wishes.models import Wish
from wishes.policy import people
from wishes.policy.conditions import in_the_way
from wishes.workflow import TABLE, Move

Predicate = Callable[[Standing, Wish], bool]

MOVES: dict[str, Predicate] = {
    Move.SUBMIT: people.may_edit,
    Move.RETURN: people.may_publish,
    Move.PUBLISH: people.may_publish,
    Move.CLAIM: people.may_claim,
    Move.ASSIGN: people.may_assign,
    Move.RELEASE: people.may_release,
    Move.FULFIL: people.handles,
    Move.CONFIRM: people.may_hear_the_resident,
    Move.REOPEN: people.may_hear_the_resident,
    Move.WITHDRAW: people.may_withdraw,
    Move.JOIN: people.may_join,
    Move.LEAVE: people.helps,
    Move.WAIT: people.may_release,
    Move.RESUME: people.may_release,
    Move.EXTEND: people.may_extend,
    Move.LAPSE: people.may_ask_release,
    Move.REFER: people.may_settle,
    Move.DECLINE: people.may_decline,
    Move.UNREACHED: people.may_hear_the_resident,
    Move.END: people.may_settle,
}

WHY_NOT_YOURS = {
    Move.CLAIM: _("只有单位里的人可以认领；只给结对单位看的由结对单位认领，不公开的由专人办理。"),
    Move.FULFIL: _("只有经办人可以说办好了。"),
    Move.CONFIRM: _("居民的话由社区或街道记下，认领的一方不能代答。"),
    Move.REOPEN: _("居民的话由社区或街道记下，认领的一方不能代答。"),
}


def why_not(user, move: str, wish: Wish) -> Refusal | None:
    """Return why this person cannot make this move now, or None when they can.

    The wish's community must be at hand (`select_related("community")`), or this costs a query.
    """
    standing = standing_of(user)
    if not MOVES[move](standing, wish):
        return NotAllowed("not_yours", WHY_NOT_YOURS.get(move, _("这件心愿不由你来办这一步。")))
    if wish.state not in TABLE[move]:
        return wrong_state(move, wish)
    if wish.archived:
        return NotNow("archived", _("这是已归档的心愿，不再变动。"), state=wish.state)
    return in_the_way(standing, move, wish)


def wrong_state(move: str, wish: Wish) -> NotNow:
    if move == Move.CLAIM and wish.agency_id:
        message = _("刚刚由%(agency)s认领了，看看别的心愿吧。") % {"agency": wish.agency.name}
        return NotNow("already_claimed", message, state=wish.state, agency=wish.agency.name)
    message = _("心愿现在是「%(state)s」，不能这样做。") % {"state": wish.get_state_display()}
    return NotNow("wrong_state", message, state=wish.state)


def moves_open_to(user, wish: Wish, among: Iterable[str] = MOVES) -> list[str]:
    """Return the moves this person can make now: exactly the buttons a page shows."""
    return [
        move for move in among if wish.state in TABLE[move] and why_not(user, move, wish) is None
    ]
