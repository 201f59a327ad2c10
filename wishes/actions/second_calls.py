"""The street's random second call: drawn so that anybody can draw it again, and written down."""

import datetime as dt
import hashlib
import math

from django.db import transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from accounts.models import Anchor, User
from jiangdong import clock
from jiangdong.privacy import findings_in
from jiangdong.refusals import NotAllowed, NotNow, NotValid, not_valid, require
from pairing.actions import names_to_catch
from pairing.models import Street
from pairing.standing import standing_of
from wishes.actions import gate
from wishes.models import SecondCall, Wish
from wishes.numbers import number
from wishes.policy import oversees
from wishes.querysets import WishQuerySet
from wishes.workflow import SECOND_CALL, How

WEEK = dt.timedelta(days=7)


def pool(street: Street, week: dt.date) -> WishQuerySet:
    """Return what a street's draw of a week is from: nods that others heard, not of what the street itself held."""
    begin = make_aware(dt.datetime.combine(week, dt.time.min))
    heard = (
        Wish.objects.confirmed()
        .of_street(street.pk)
        .filter(how__in=(How.PHONE, How.DOOR, How.FAMILY))
    )
    heard = heard.filter(closed_at__gte=begin, closed_at__lt=begin + WEEK)
    return heard.exclude(agency__street=street.pk)


def seed_of(street: Street, week: dt.date) -> str:
    """Return what decides a draw: the week, the street, and the last anchor of the trail, which nobody foresees."""
    anchor = Anchor.objects.order_by("-day").values_list("digest", flat=True).first()
    return f"{week.isoformat()} {street.code} {anchor or ''}".strip()


def drawn(codes: list[str], seed: str, percent: int) -> list[str]:
    """Return which of these wishes a draw falls on: those whose hash with the seed is smallest, at least one."""
    many = math.ceil(len(codes) * percent / 100)
    ranked = sorted(codes, key=lambda code: hashlib.sha256(f"{seed} {code}".encode()).hexdigest())
    return ranked[:many]


def draw_second_calls(*, week: dt.date) -> int:
    """Draw for every street from what was nodded in a week, and return how many were drawn. Safe to repeat."""
    return sum(_draw(street, week) for street in Street.objects.order_by("pk"))


@transaction.atomic
def _draw(street: Street, week: dt.date) -> int:
    street = Street.objects.select_for_update(no_key=True).get(pk=street.pk)
    if SecondCall.objects.of_street(street.pk).filter(week=week).exists():
        return 0
    wishes = {wish.code: wish for wish in pool(street, week)}
    seed = seed_of(street, week)
    calls = [
        SecondCall(
            wish=wishes[code],
            week=week,
            drawn_on=clock.today(),
            seed=seed,
            drawn_from=len(wishes),
        )
        for code in drawn(list(wishes), seed, number("second_calls"))
    ]
    return len(SecondCall.objects.bulk_create(calls))


@transaction.atomic
def call_again(*, call: SecondCall, by: User, outcome: str, note: str = "") -> SecondCall:
    """Write down what a resident said when rung again; the wish stays as it is.

    Raises:
        NotAllowed: not of the street.
        NotNow: written down already, or it was oneself who heard the nod.
        NotValid: another word than was said without saying which, or a note that gives the resident away.
    """
    wish = gate.locked(call.wish)
    call = SecondCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    call.wish = wish
    if not oversees(standing_of(by), wish):
        raise NotAllowed("not_yours", _("由街道来打。"))
    if call.outcome in (SecondCall.Outcome.SAME, SecondCall.Outcome.DIFFERENT):
        raise NotNow("called_already", _("已经打过了。"), state=wish.state)
    if wish.closed_by_id == by.pk:
        raise NotNow("second_person", _("上次是你问的，请换一位同事打。"), state=wish.state)
    if outcome not in SecondCall.Outcome.values:
        raise not_valid("outcome", _("请选一项。"))
    if outcome == SecondCall.Outcome.DIFFERENT:
        require(note, "note", _("请写一句居民怎么说。"))
    if found := [one for one in findings_in(note, names_to_catch(wish.resident)) if one.hard]:
        complaints = [f"「{one.text}」{one.why}" for one in found]
        message = _("这里不写姓名、电话、住处。")
        raise NotValid("personal_text", message, fields={"note": [message, *complaints]})
    call.outcome, call.note = outcome, note
    call.by, call.at, call.heard_on = by, clock.now(), clock.today()
    call.save(update_fields=("outcome", "note", "by", "at", "heard_on"))
    text = f"{call.get_outcome_display()} {note}".strip()
    gate.note(wish, SECOND_CALL, by=by, text=text)
    return call
