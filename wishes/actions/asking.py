"""Asking a second person: for more days, that it cannot be done, that a silent claimant give it back."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import not_valid, require
from notices.workdays import add_workdays
from pairing.standing import standing_of
from wishes import letters, policy
from wishes.actions import gate
from wishes.models import Ask, Wish
from wishes.numbers import number
from wishes.publicity import require_fit_reason
from wishes.workflow import REFUSE, Asked


@transaction.atomic
def ask(*, wish: Wish, by: User, what: str, reason: str, until: dt.date | None = None) -> Ask:
    """Ask for something that a second person decides; the clock goes on meanwhile.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: no reason, or an extension to a day that is none.
    """
    wish = gate.locked(wish)
    if refusal := policy.why_not_ask(by, what, wish):
        raise refusal
    require(reason)
    require_fit_reason(wish, reason)
    if what == Asked.EXTEND:
        _require_later(wish, until)
    standing = standing_of(by)
    asked = Ask.objects.create(
        wish=wish,
        what=what,
        reason=reason,
        until=until if what == Asked.EXTEND else None,
        agency_id=wish.agency_id if policy.is_of_holder(standing, wish) else None,
        asked_by=by,
        asked_label=gate.label_of(by),
        asked_at=clock.now(),
    )
    gate.note(wish, f"ask_{what}", by=by, text=reason)
    letters.asked(wish, asked)
    return asked


def _require_later(wish: Wish, until: dt.date | None) -> None:
    last = add_workdays(wish.due_on, number("extend_cap"))
    if until is None or not wish.due_on < until <= last:
        message = _("要在原来约定的日子以后，最晚%(day)s。") % {"day": date_format(last, "n月j日")}
        raise not_valid("until", message)


@transaction.atomic
def refuse(*, wish: Wish, by: User, what: str, reason: str) -> Ask:
    """Say no to what was asked, and why; a claimant says so that they go on.

    Raises:
        NotAllowed, NotNow: as the policy says.
    """
    wish = gate.locked(wish)
    if refusal := policy.why_not_refuse(by, what, wish):
        raise refusal
    require(reason)
    require_fit_reason(wish, reason)
    refused = decide(wish, what, by=by, granted=False)
    gate.note(wish, REFUSE, by=by, text=reason)
    letters.refused(wish, refused, reason)
    return refused


def decide(wish: Wish, what: str, *, by: User | None, granted: bool) -> Ask:
    """Write down the answer to what was asked of a locked wish, and return what that was."""
    asked = wish.open_asks.pop(what)
    asked.decided_by, asked.decided_at, asked.granted = by, clock.now(), granted
    asked.save(update_fields=("decided_by", "decided_at", "granted"))
    return asked


def drop_asks(wish: Wish) -> None:
    """Let go of what was asked about a claim that is over."""
    for what in list(wish.open_asks):
        decide(wish, what, by=None, granted=False)
