"""The clock of a claim: stopped for a reason, set on for a reason, run out."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import not_valid, require
from notices.workdays import add_workdays, workdays_between
from wishes import letters
from wishes.actions import changes, gate
from wishes.actions.asking import decide, drop_asks
from wishes.actions.team import dissolve
from wishes.models import Wish
from wishes.numbers import number
from wishes.publicity import require_fit_reason
from wishes.workflow import Asked, Move


@transaction.atomic
def wait(*, wish: Wish, by: User, waits_for: str, until: dt.date, reason: str) -> Wish:
    """Stop the clock until a day: the resident is away, the goods have not come.

    Raises:
        NotNow: overdue, or it has waited as long as a wish may.
        NotValid: a day that is not to come, or beyond what is left of the cap.
    """
    wish = gate.begin(Move.WAIT, wish, by)
    require(reason)
    today = clock.today()
    last = add_workdays(today, number("wait_cap") - wish.waited)
    if not today < until <= last:
        raise not_valid(
            "until", _("从明天起，最晚等到%(day)s。") % {"day": date_format(last, "n月j日")}
        )
    require_fit_reason(wish, reason)
    drop_asks(
        wish
    )  # standing still answers who asked for more days, and shows that somebody is there
    changes.waiting(wish, waits_for=waits_for, until=until, on=today)
    gate.finish(wish, Move.WAIT, by=by, changed=changes.WAITING, note=reason)
    letters.waiting(wish, reason)
    return wish


@transaction.atomic
def resume(*, wish: Wish, by: User) -> Wish:
    """Go on before the day one waited for: only the working days that passed are added."""
    wish = gate.begin(Move.RESUME, wish, by)
    return _go_on(wish, by=by)


@transaction.atomic
def resume_in_time(*, wish: Wish) -> Wish | None:
    """Let the clock of a wish go on whose day has come; None where somebody was quicker. Safe to repeat."""
    wish = gate.locked(wish)
    if wish.waits_until is None or wish.waits_until > clock.today():
        return None
    wish = _go_on(wish, by=None)
    letters.resumed(wish)
    return wish


def _go_on(wish: Wish, *, by: User | None) -> Wish:
    changes.resumed(wish, on=clock.today())
    gate.finish(wish, Move.RESUME, by=by, label=gate.BY_PORTAL, changed=changes.WAITING)
    return wish


@transaction.atomic
def extend(*, wish: Wish, by: User) -> Wish:
    """Grant the extension that was asked for; the resident reads the new day and why.

    Raises:
        NotNow: nothing was asked, or one would grant one's own.
        NotValid: the day that was asked for has passed meanwhile.
    """
    wish = gate.begin(Move.EXTEND, wish, by)
    ask = decide(wish, Asked.EXTEND, by=by, granted=True)
    if ask.until <= max(clock.today(), wish.due_on):
        raise not_valid("until", _("申请的日子已经过了，请重新申请。"))
    wish.due_on = ask.until
    gate.finish(wish, Move.EXTEND, by=by, changed=("due_on",), note=ask.reason)
    letters.extended(wish, ask)
    return wish


@transaction.atomic
def lapse(*, wish: Wish, by: User) -> Wish:
    """Take a claim back to the board whose holder was asked to release it and said nothing."""
    wish = gate.begin(Move.LAPSE, wish, by)
    return _take_back(wish, by=by, note=wish.open_asks[Asked.RELEASE].reason)


@transaction.atomic
def lapse_in_time(*, wish: Wish) -> Wish | None:
    """Take a claim back that nobody moved for too long past its day; None where somebody did. Safe to repeat."""
    wish = gate.locked(wish)
    claims = Wish.objects.filter(pk=wish.pk).run_out(
        clock.today(), number("lapse_after"), number("lapse_warning")
    )
    if not claims.exists():
        return None
    late = workdays_between(wish.due_on, clock.today())
    note = _("约定的日子过了 %(n)s 个工作日，没有动静。") % {"n": late}
    return _take_back(wish, by=None, note=str(note))


def _take_back(wish: Wish, *, by: User | None, note: str) -> Wish:
    held = letters.Held.of(wish)
    helpers = dissolve(wish)
    drop_asks(wish)
    changes.released(wish, on=clock.today())
    gate.finish(wish, Move.LAPSE, by=by, label=gate.BY_PORTAL, changed=changes.RELEASED, note=note)
    letters.lapsed(wish, held, helpers, note)
    return wish
