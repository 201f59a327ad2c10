"""Who issues 督办单 and 通报 and when, who answers them, and who may let reminders rest (已电话了解)."""

from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, Refusal
from pairing.standing import Standing, standing_of
from wishes.models import Escalation, Wish
from wishes.policy.conditions import not_now
from wishes.policy.people import oversees
from wishes.workflow import IN_HAND, State


def answers_for(standing: Standing, agency_id: int) -> bool:
    """Say whether they speak for an agency: its liaisons, and anybody of a street office."""
    speaks = standing.is_liaison or standing.street_id is not None
    return speaks and standing.agency_id == agency_id


def why_not_supervise(user, wish: Wish) -> Refusal | None:
    """Return why this person cannot issue a 督办单 about a wish now, or None: only about what is late."""
    if not standing_of(user).is_supervisor:
        return NotAllowed("not_supervisor", _("督办和通报由区督办发出。"))
    if wish.archived or wish.state not in (State.OPEN, State.CLAIMED):
        return not_now(wish, "wrong_state", _("现在没有要办的事，不用督办。"))
    if not _is_late(wish):
        return not_now(wish, "not_late", _("还没有过约定的日子，先提醒一下。"))
    if wish.agency_id and waits_for_answer(wish, wish.agency_id):
        return asked_already(wish)
    return None


def waits_for_answer(wish: Wish, agency_id: int) -> bool:
    """Say whether an agency has not answered a 督办单 about a wish yet."""
    return wish.escalations.orders().of_agency(agency_id).filter(answered_at=None).exists()


def asked_already(wish: Wish) -> NotNow:
    return not_now(wish, "asked_already", _("上一份督办单还没有答复。"))


def why_not_circulate(user, order: Escalation) -> Refusal | None:
    """Return why this person cannot issue a 通报 after a 督办单 now, or None."""
    if not standing_of(user).is_supervisor:
        return NotAllowed("not_supervisor", _("督办和通报由区督办发出。"))
    wish = order.wish
    if wish.state not in (State.OPEN, *IN_HAND, State.FULFILLED, State.CLOSED, State.UNREACHED):
        return not_now(wish, "wrong_state", _("这件心愿不再办了，不用通报。"))
    if not order.may_be_circulated:
        message = _("要在答复期限过后，没有答复、答复晚了或者还没有办好，才可以通报。")
        return not_now(wish, "not_yet", message)
    if hasattr(order, "bulletin"):
        return not_now(wish, "circulated_already", _("已经发过通报了。"))
    return None


def why_not_answer(user, order: Escalation) -> Refusal | None:
    """Return why this person cannot answer a 督办单 or 通报, or None."""
    if not answers_for(standing_of(user), order.agency_id):
        return NotAllowed("not_yours", _("由该单位的联络员答复。"))
    if order.answered_at:
        return NotNow("answered_already", _("已经答复过了。"), state=order.wish.state)
    if not order.is_answerable:
        return NotNow("wrong_state", _("这件心愿不再办了，不用答复。"), state=order.wish.state)
    return None


def why_not_quiet(user, wish: Wish) -> Refusal | None:
    """Return why this person cannot note that they asked after a late wish, or None."""
    standing = standing_of(user)
    if not (standing.is_supervisor or oversees(standing, wish)):
        return NotAllowed("not_yours", _("由区督办或街道来记。"))
    if wish.archived or wish.state not in (State.OPEN, State.CLAIMED):
        return not_now(wish, "wrong_state", _("现在没有要办的事，本来就不提醒。"))
    quiet = wish.quiets.filter(until__gte=clock.today()).first()
    if quiet:
        message = _("已经有人了解过，到%(day)s以前不再提醒。") % {"day": quiet.until.isoformat()}
        return not_now(wish, "quiet_already", message)
    return None


def _is_late(wish: Wish) -> bool:
    """Say whether it is past its day, or, while nobody has claimed it, past the days for an answer."""
    today = clock.today()
    unclaimed = wish.state == State.OPEN and wish.claim_due_on < today
    return wish.due_on < today or unclaimed
