"""What else stands in the way of a move that the person and the state allow."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.refusals import NotNow
from notices.workdays import add_workdays
from pairing.standing import Standing
from wishes.models import Ask, Wish
from wishes.numbers import number
from wishes.policy.people import helps
from wishes.workflow import Asked, Kind, Move, State


def needs_second_person(wish: Wish) -> bool:
    """Say whether somebody else must publish it: a child, health, sensitive, or money over the limit."""
    if wish.kind == Kind.HEALTH or wish.for_child or wish.sensitive:
        return True
    return wish.estimate is not None and wish.estimate > number("money_limit")


def in_the_way(standing: Standing, move: str, wish: Wish) -> NotNow | None:
    """Return what else stands in the way of a move that the person and the state allow."""
    condition = CONDITIONS.get(move)
    return condition(standing, wish) if condition else None


def not_now(wish: Wish, code: str, message, **facts) -> NotNow:
    return NotNow(code, message, state=wish.state, **facts)


def _to_publish(standing: Standing, wish: Wish) -> NotNow | None:
    if not needs_second_person(wish):
        return None
    if wish.state == State.DRAFT:
        message = _("这件心愿公开前要请另一位同事看过，请先点「请同事复核」。")
        return not_now(wish, "needs_check", message)
    if standing.user_id in (wish.logged_by_id, wish.submitted_by_id):
        message = _("要由另一位同事或街道来公开，自己记的不能自己复核。")
        return not_now(wish, "needs_second_person", message)
    return None


def _to_claim(standing: Standing, wish: Wish) -> NotNow | None:
    if _is_offered_to(standing, wish):
        return None
    day = wish.open_to_all_on.isoformat()
    message = _("先问结对单位，%(day)s起大家都可以认领。") % {"day": day}
    return not_now(wish, "offered_first", message, opens_on=day)


def _to_join(standing: Standing, wish: Wish) -> NotNow | None:
    if not wish.together:
        return not_now(wish, "not_together", _("对方没有请大家一起办。"))
    if helps(standing, wish):
        return not_now(wish, "joined_already", _("你已经在一起办了。"))
    if wish.goal and wish.shares_taken >= wish.goal:
        return not_now(wish, "goal_reached", _("要的份数已经够了，看看别的心愿吧。"))
    return None


def _to_wait(standing: Standing, wish: Wish) -> NotNow | None:
    if wish.handler_id is None:
        return not_now(wish, "no_handler", _("先定一位经办人。"))
    if wish.due_on < clock.today():
        message = _("约定的日子已经过了，不能再停表；请尽快办，或者退回。")
        return not_now(wish, "overdue", message)
    if wish.waited and wish.waited >= number("wait_cap"):
        return not_now(wish, "waited_enough", _("这件心愿等的日子已经到上限了。"))
    return None


def _to_extend(standing: Standing, wish: Wish) -> NotNow | None:
    return _to_decide(standing, wish, Asked.EXTEND, _("现在没有人申请延期。"))


def _to_decline(standing: Standing, wish: Wish) -> NotNow | None:
    return _to_decide(standing, wish, Asked.DECLINE, _("现在没有人提出办不了。"))


def _to_decide(standing: Standing, wish: Wish, what: str, nothing) -> NotNow | None:
    """Return what stands in the way of granting what was asked: nothing was, or one would grant one's own."""
    ask = wish.open_asks.get(what)
    if ask is None:
        return not_now(wish, "nothing_asked", nothing)
    if ask.asked_by_id == standing.user_id:
        return not_now(wish, "needs_second_person", _("要由另一位同事来定，自己提的不能自己同意。"))
    return None


def _to_lapse(standing: Standing, wish: Wish) -> NotNow | None:
    ask = wish.open_asks.get(Asked.RELEASE)
    if ask is None:
        return not_now(wish, "nothing_asked", _("请先点「请对方退回」，没有回音再收回。"))
    opens_on = silent_until(ask)
    if clock.today() <= opens_on:
        day = date_format(opens_on, "n月j日")
        message = _("再等等对方的回音，%(day)s以后可以收回。") % {"day": day}
        return not_now(wish, "not_silent_yet", message)
    return None


def _to_be_unreached(standing: Standing, wish: Wish) -> NotNow | None:
    missed = wish.days_without_answer()
    if not missed:
        return not_now(wish, "calls_missing", _("先打电话问居民，没人接再记一笔。"), days=0)
    wanted = number("calls_missed")
    if missed >= wanted:
        return None
    message = _("要在 %(wanted)s 天里都打过电话没人接，现在是 %(missed)s 天。") % {
        "wanted": wanted,
        "missed": missed,
    }
    return not_now(wish, "calls_missing", message, days=missed)


def silent_until(ask: Ask) -> dt.date:
    """Return the last day on which a claimant who was asked to give it back may still answer."""
    return add_workdays(timezone.localdate(ask.asked_at), number("silent_days"))


def _is_offered_to(standing: Standing, wish: Wish) -> bool:
    """Say whether the days of first offer bind this person no longer, or not at all."""
    if wish.offered_to_id is None or (
        standing.is_agency_staff and wish.offered_to_id == standing.agency_id
    ):
        return True
    return wish.open_to_all_on <= clock.today()


CONDITIONS: dict[str, Callable[[Standing, Wish], NotNow | None]] = {
    Move.PUBLISH: _to_publish,
    Move.CLAIM: _to_claim,
    Move.JOIN: _to_join,
    Move.WAIT: _to_wait,
    Move.EXTEND: _to_extend,
    Move.DECLINE: _to_decline,
    Move.LAPSE: _to_lapse,
    Move.UNREACHED: _to_be_unreached,
}
