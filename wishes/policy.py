"""Who may do what with a wish. One predicate a move; doors and actions ask here and nowhere else.

A predicate speaks of the person and the thing, not of the state: the table in `workflow` speaks of that.
So a stranger is told "not yours" (403) and a latecomer "not now" (409).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, Refusal
from pairing.standing import Standing, standing_of
from wishes.models import Wish
from wishes.workflow import BEFORE_PUBLIC, TABLE, Kind, Move, Origin, State, Visibility

Predicate = Callable[[Standing, Wish], bool]


def works_there(standing: Standing, wish: Wish) -> bool:
    """Say whether they are a community worker of the wish's community."""
    return standing.community_id == wish.community_id and standing.community_id is not None


def oversees(standing: Standing, wish: Wish) -> bool:
    """Say whether they are staff of the street office the wish's community belongs to."""
    return standing.street_id is not None and standing.street_id == wish.community.street_id


def wrote_it(standing: Standing, wish: Wish) -> bool:
    """Say whether they are a block warden who noted this draft."""
    return standing.warden_of_id == wish.community_id and wish.logged_by_id == standing.user_id


def handles(standing: Standing, wish: Wish) -> bool:
    return wish.handler_id is not None and wish.handler_id == standing.user_id


def is_liaison_of_holder(standing: Standing, wish: Wish) -> bool:
    return (
        standing.is_liaison and wish.agency_id is not None and wish.agency_id == standing.agency_id
    )


def is_of_holder(standing: Standing, wish: Wish) -> bool:
    """Say whether they belong to the agency that holds the wish: its word is not the resident's."""
    return wish.agency_id is not None and wish.agency_id == standing.agency_id


def may_log(standing: Standing) -> bool:
    """Write down a wish: workers, and wardens as drafts."""
    return standing.any_community_id is not None


def may_edit(standing: Standing, wish: Wish) -> bool:
    """Change a draft's words: the community's workers, or the warden who noted it."""
    return works_there(standing, wish) or wrote_it(standing, wish)


def may_publish(standing: Standing, wish: Wish) -> bool:
    """Publish: the community's workers, or the street as second person."""
    return works_there(standing, wish) or (oversees(standing, wish) and wish.state != State.DRAFT)


def may_claim(standing: Standing, wish: Wish) -> bool:
    """Claim: whoever acts for an agency, or only staff of the paired one; what is private is handed to somebody."""
    if wish.visibility == Visibility.PAIRED:
        return standing.is_agency_staff and wish.offered_to_id == standing.agency_id
    return standing.agency_id is not None and wish.visibility != Visibility.PRIVATE


def may_assign_outside(standing: Standing, wish: Wish) -> bool:
    """Hand it to people of any agency (交办): street and supervisor; the worker for what is not public."""
    private = wish.visibility == Visibility.PRIVATE
    return (
        oversees(standing, wish)
        or standing.is_supervisor
        or (private and works_there(standing, wish))
    )


def may_assign(standing: Standing, wish: Wish) -> bool:
    """Name who handles it: to anybody as above, or the holder's liaison to a colleague."""
    return may_assign_outside(standing, wish) or is_liaison_of_holder(standing, wish)


def may_release(standing: Standing, wish: Wish) -> bool:
    return handles(standing, wish) or is_liaison_of_holder(standing, wish)


def may_hear_the_resident(standing: Standing, wish: Wish) -> bool:
    """Take down the resident's word: the worker or the street, never anybody of the holder."""
    return (
        (works_there(standing, wish) or oversees(standing, wish))
        and not handles(standing, wish)
        and not is_of_holder(standing, wish)
    )


def may_withdraw(standing: Standing, wish: Wish) -> bool:
    return (
        works_there(standing, wish)
        or (oversees(standing, wish) and wish.state != State.DRAFT)
        or (wrote_it(standing, wish) and wish.state == State.DRAFT)
    )


def may_remind(standing: Standing, wish: Wish) -> bool:
    """Nudge whoever is to act (提醒一下): the worker, the street, a supervisor, the holder's liaison."""
    return (
        works_there(standing, wish)
        or oversees(standing, wish)
        or standing.is_supervisor
        or is_liaison_of_holder(standing, wish)
    )


MOVES: dict[str, Predicate] = {
    Move.SUBMIT: may_edit,
    Move.RETURN: may_publish,
    Move.PUBLISH: may_publish,
    Move.CLAIM: may_claim,
    Move.ASSIGN: may_assign,
    Move.RELEASE: may_release,
    Move.FULFIL: handles,
    Move.CONFIRM: may_hear_the_resident,
    Move.REOPEN: may_hear_the_resident,
    Move.WITHDRAW: may_withdraw,
}

WHY_NOT_YOURS = {
    Move.CLAIM: _("只有单位里的人可以认领；只给结对单位看的由结对单位认领，不公开的由专人办理。"),
    Move.FULFIL: _("只有经办人可以说办好了。"),
    Move.CONFIRM: _("居民的话由社区或街道记下，认领的一方不能代答。"),
    Move.REOPEN: _("居民的话由社区或街道记下，认领的一方不能代答。"),
}


def needs_second_person(wish: Wish) -> bool:
    """Say whether somebody else must publish it: a child, health, sensitive, or money over the limit."""
    over = wish.estimate is not None and wish.estimate > settings.WISH_MONEY_LIMIT
    return wish.kind == Kind.HEALTH or wish.for_child or wish.sensitive or over


def why_not(user, move: str, wish: Wish) -> Refusal | None:
    """Return why this person cannot make this move now, or None when they can.

    The wish's community must be at hand (`select_related("community")`), or this costs a query.
    """
    standing = standing_of(user)
    if not MOVES[move](standing, wish):
        return NotAllowed("not_yours", WHY_NOT_YOURS.get(move, _("这件心愿不由你来办这一步。")))
    if wish.state not in TABLE[move]:
        return _wrong_state(move, wish)
    if wish.archived:
        return NotNow("archived", _("这是已归档的心愿，不再变动。"), state=wish.state)
    return _condition(standing, move, wish)


def _wrong_state(move: str, wish: Wish) -> NotNow:
    if move == Move.CLAIM and wish.agency_id:
        message = _("刚刚由%(agency)s认领了，看看别的心愿吧。") % {"agency": wish.agency.name}
        return NotNow("already_claimed", message, state=wish.state, agency=wish.agency.name)
    message = _("心愿现在是「%(state)s」，不能这样做。") % {"state": wish.get_state_display()}
    return NotNow("wrong_state", message, state=wish.state)


def _condition(standing: Standing, move: str, wish: Wish) -> NotNow | None:
    """Return what else stands in the way of a move that the person and the state allow."""
    if move == Move.PUBLISH and needs_second_person(wish):
        if wish.state == State.DRAFT:
            message = _("这件心愿公开前要请另一位同事看过，请先点「请同事复核」。")
            return NotNow("needs_check", message, state=wish.state)
        if standing.user_id in (wish.logged_by_id, wish.submitted_by_id):
            message = _("要由另一位同事或街道来公开，自己记的不能自己复核。")
            return NotNow("needs_second_person", message, state=wish.state)
    if move == Move.CLAIM and not _is_offered_to(standing, wish):
        message = _("先问结对单位，%(day)s起大家都可以认领。") % {
            "day": wish.open_to_all_on.isoformat()
        }
        return NotNow(
            "offered_first", message, state=wish.state, opens_on=wish.open_to_all_on.isoformat()
        )
    return None


def _is_offered_to(standing: Standing, wish: Wish) -> bool:
    """Say whether the days of first offer bind this person no longer, or not at all."""
    if wish.offered_to_id is None or (
        standing.is_agency_staff and wish.offered_to_id == standing.agency_id
    ):
        return True
    return wish.open_to_all_on <= clock.today()


def moves_open_to(user, wish: Wish) -> list[str]:
    """Return the moves this person can make now: exactly the buttons a page shows."""
    return [move for move in MOVES if why_not(user, move, wish) is None]


def may_watch(standing: Standing) -> bool:
    """Read every wish that was published, in the admin: supervisors, who act, and a supervision group."""
    return bool(standing.roles & {"supervisor", "supervision_group"})


def is_insider(standing: Standing, wish: Wish) -> bool:
    """Say whether they see more of a wish than the public does: its course, its holder's note, its handler.

    Of an association that holds it, that is the handler and the liaison, not its hundreds of members.
    """
    of_holder = is_of_holder(standing, wish) and (standing.is_agency_staff or standing.is_liaison)
    return (
        works_there(standing, wish)
        or wrote_it(standing, wish)
        or oversees(standing, wish)
        or of_holder
        or handles(standing, wish)
        or bool(standing.roles & {"supervisor", "supervision_group"})
    )


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
    held = wish.state in (State.CLAIMED, State.FULFILLED)
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
    held = wish.state in (State.CLAIMED, State.FULFILLED)
    return (door.open and not door.needs_reason) or (held and handles(standing_of(user), wish))


def may_show_link(user, wish: Wish) -> bool:
    """Hand the resident's link over: the community's workers alone."""
    return works_there(standing_of(user), wish) and not wish.archived


def may_erase(user, wish: Wish) -> bool:
    """Erase a resident's details on request: the community's workers and the street."""
    standing = standing_of(user)
    return wish.resident_id is not None and (
        works_there(standing, wish) or oversees(standing, wish)
    )
