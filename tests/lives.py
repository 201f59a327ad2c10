"""Wishes led off the main road: to the states they reach beside it. `wish_in` of the cast makes them."""

import datetime as dt
from types import SimpleNamespace

from accounts.models import User
from jiangdong import clock
from wishes import actions
from wishes.models import Wish

TOLD = "这件事社区转给物业了，他们会打电话来。"


def _claimed(wish: Wish, cast: SimpleNamespace, claimant: User, **more) -> Wish:
    return actions.claim(wish=wish, by=claimant, **more)


def _together(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    return _claimed(wish, cast, claimant, together=True)


def _waiting(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    wish = _claimed(wish, cast, claimant)
    until = clock.today() + dt.timedelta(days=14)
    return actions.wait(
        wish=wish, by=claimant, waits_for="goods", until=until, reason="订了货，下周到"
    )


def _joined(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    return actions.join(wish=_together(wish, cast, claimant), by=cast.cadre_b)


def _asked_to_extend(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    wish = _claimed(wish, cast, claimant)
    until = wish.due_on + dt.timedelta(days=7)
    actions.ask(wish=wish, by=claimant, what="extend", reason="药要下周才到", until=until)
    return Wish.objects.get(pk=wish.pk)


def _asked_to_decline(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    wish = _claimed(wish, cast, claimant)
    actions.ask(wish=wish, by=claimant, what="decline", reason="问过几家，都办不到")
    return Wish.objects.get(pk=wish.pk)


def _silent(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    """Claimed, and asked a week ago to be given back."""
    wish = _claimed(wish, cast, claimant)
    with clock.at(clock.now() - dt.timedelta(days=7)):
        actions.ask(wish=wish, by=cast.worker, what="release", reason="一直联系不上")
    return Wish.objects.get(pk=wish.pk)


def _rung_in_vain(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    """Called done some days ago; nobody answered on three of them."""
    moment = clock.now()
    with clock.at(moment - dt.timedelta(days=4)):
        wish = _claimed(wish, cast, claimant)
        wish = actions.fulfil(wish=wish, by=claimant, note="周五上午陪着去配好了药")
    for days in (3, 2, 1):
        with clock.at(moment - dt.timedelta(days=days)):
            actions.note_no_answer(wish=wish, by=cast.worker)
    return Wish.objects.get(pk=wish.pk)


def _unreached(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    return actions.unreached(wish=_rung_in_vain(wish, cast, claimant), by=cast.worker)


def _referred(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    return actions.refer(wish=wish, by=cast.worker, to="property", receipt="物业 0315", told=TOLD)


def _declined(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    actions.ask(wish=wish, by=cast.worker, what="decline", reason="没有人能办到")
    return actions.decline(wish=wish, by=cast.colleague, told="问过几家，都办不到，对不住。")


def _ended(wish: Wish, cast: SimpleNamespace, claimant: User) -> Wish:
    return actions.end(wish=wish, by=cast.worker, ended_by="moved")


# state or what else it is called -> how an open wish gets there
BESIDE_THE_ROAD = {
    "together": _together,
    "joined": _joined,
    "waiting": _waiting,
    "asked to extend": _asked_to_extend,
    "asked to decline": _asked_to_decline,
    "silent": _silent,
    "rung in vain": _rung_in_vain,
    "unreached": _unreached,
    "referred": _referred,
    "declined": _declined,
    "ended": _ended,
}
