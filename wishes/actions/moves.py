"""The moves: each locks, asks, changes, records and tells, or does nothing at all."""

import hashlib
import secrets

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock, photos
from jiangdong.refusals import NotAllowed, NotNow, not_valid, require
from pairing.models import Cadre, CommunityWorker, Pairing
from pairing.standing import standing_of
from wishes import letters, policy
from wishes.actions import answers, changes, gate, handing, recurring
from wishes.actions.asking import drop_asks
from wishes.actions.keeping import keep_for_a_term
from wishes.actions.team import dissolve
from wishes.models import CallBack, Evidence, Wish
from wishes.numbers import number
from wishes.publicity import (
    require_consents,
    require_fit_note,
    require_fit_reason,
    require_fit_text,
)
from wishes.workflow import CALL, How, Move, Origin, Visibility


@transaction.atomic
def submit(*, wish: Wish, by: User) -> Wish:
    """Ask a second person of the community or street to look."""
    wish = gate.begin(Move.SUBMIT, wish, by)
    require_fit_text(wish)
    wish.submitted_by = by
    gate.finish(wish, Move.SUBMIT, by=by, changed=("submitted_by",))
    letters.to_be_checked(wish, to=_second_persons(wish, by))
    return wish


@transaction.atomic
def return_(*, wish: Wish, by: User, reason: str) -> Wish:
    """Hand a wish back to the desk, saying what to change."""
    wish = gate.begin(Move.RETURN, wish, by)
    require(reason)
    require_fit_reason(wish, reason)
    gate.finish(wish, Move.RETURN, by=by, changed=(), note=reason)
    letters.returned(wish, reason)
    return wish


@transaction.atomic
def publish(*, wish: Wish, by: User, visibility: str) -> Wish:
    """Let the wish be seen, and offer it to the paired agency first.

    Raises:
        NotValid: the public text gives the resident away.
        NotNow: a consent or a second person is missing, or there is no paired agency to keep it to.
    """
    wish = gate.begin(Move.PUBLISH, wish, by)
    require_fit_text(wish)
    require_consents(wish, visibility)
    paired = Pairing.objects.agency_of(wish.community_id)
    if visibility == Visibility.PAIRED and paired is None:
        raise NotNow(
            "no_paired_agency", _("本社区现在没有结对单位，请换一种公开方式。"), state=wish.state
        )
    changes.published(
        wish,
        visibility=visibility,
        offered_to_id=paired,
        by_id=by.pk,
        at=clock.now(),
        offer_days=number("offer_days"),
    )
    changed = (*changes.PUBLISHED, *recurring.tie(wish))
    gate.finish(wish, Move.PUBLISH, by=by, changed=changed)
    letters.offered(wish)
    return wish


@transaction.atomic
def claim(
    *, wish: Wish, by: User, for_branch: bool = False, together: bool = False, share: int = 1
) -> Wish:
    """Take a wish, for oneself or, as liaison, for the party branch. Of any number at once one gets it.

    `together` asks others to help; `share` is how much of a goal that can be split one takes oneself.

    Raises:
        NotNow: `already_claimed` names the agency; `offered_first` the day it opens to all.
    """
    wish = gate.begin(Move.CLAIM, wish, by)
    standing = standing_of(by)
    if for_branch and not standing.is_liaison:
        raise NotAllowed("not_liaison", _("只有联络员可以替支部认领。"))
    if wish.goal and share > wish.goal:
        raise not_valid("share", _("一共只要 %(n)s 份。") % {"n": wish.goal})
    drop_asks(wish)  # whoever takes it answers that nobody can
    changes.claimed(
        wish,
        agency_id=standing.agency_id,
        by_id=by.pk,
        handler_id=None if for_branch else by.pk,
        origin=Origin.BRANCH if for_branch else Origin.SELF,
        at=clock.now(),
        together=together or bool(wish.goal and share < wish.goal),
        share=share,
    )
    gate.finish(wish, Move.CLAIM, by=by, changed=changes.CLAIMED)
    letters.claimed(wish, standing.agency_name)
    return wish


@transaction.atomic
def assign(*, wish: Wish, by: User, handler: Cadre) -> Wish:
    """Name who handles it: within the branch, to a colleague, or by the street or supervisor to anybody (交办).

    Raises:
        NotValid: the handler acts for no agency today, or for another than the liaison's own.
    """
    wish = gate.begin(Move.ASSIGN, wish, by)
    _require_handler(wish, by, handler)
    return handing.hand_to(wish, handler, by=by)


def _require_handler(wish: Wish, by: User, handler: Cadre) -> None:
    standing = standing_of(by)
    if handler.agency_id != standing.agency_id and not policy.may_assign_outside(standing, wish):
        raise not_valid("handler", _("只能交给本单位的同事。"))
    if not Cadre.objects.acting().filter(pk=handler.pk).exists():
        raise not_valid("handler", _("这位同事已不在岗，请换一位。"))
    if not Cadre.objects.present().filter(pk=handler.pk).exists():
        raise not_valid("handler", _("这位同事外出了，请换一位。"))
    if wish.handler_id == handler.user_id:
        raise not_valid("handler", _("现在就是这位同事在办。"))


@transaction.atomic
def release(*, wish: Wish, by: User, reason: str) -> Wish:
    """Give a claim back to the board, saying why."""
    wish = gate.begin(Move.RELEASE, wish, by)
    require(reason)
    require_fit_reason(wish, reason)
    held = letters.Held.of(wish)
    helpers = dissolve(wish)
    drop_asks(wish)
    changes.released(wish, on=clock.today())
    gate.finish(wish, Move.RELEASE, by=by, changed=changes.RELEASED, note=reason)
    letters.released(wish, reason, held, helpers, by=by)
    return wish


@transaction.atomic
def fulfil(*, wish: Wish, by: User, note: str, photo: UploadedFile | None = None) -> Wish:
    """Say it is done, in a sentence the resident will read; a photo of the thing is optional and never forced.

    Raises:
        NotValid: no note, one that gives the resident away, or a photo that cannot be read.
    """
    evidence = photos.cleaned(photo) if photo else None
    wish = gate.begin(Move.FULFIL, wish, by)
    require(note, "note", _("请用一句话说说办了什么。"))
    require_fit_note(wish, note)
    drop_asks(wish)
    changes.fulfilled(wish, note=note, by_id=by.pk, at=clock.now())
    if evidence:
        _keep(evidence, wish, by)
    answers.open_link(wish)
    gate.finish(wish, Move.FULFIL, by=by, changed=changes.FULFILLED, note=note)
    letters.fulfilled(wish)
    return wish


def _keep(photo: ContentFile, wish: Wish, by: User) -> None:
    name = f"{secrets.token_hex(12)}.jpg"
    sha256 = hashlib.sha256(photo.read()).hexdigest()
    likeness = photos.likeness_of(photo)
    evidence = Evidence(
        wish=wish, sha256=sha256, likeness=likeness, added_by=by, added_at=clock.now()
    )
    evidence.photo.save(name, photo, save=True)


@transaction.atomic
def confirm(*, wish: Wish, by: User, rating: str, how: str, words: str = "") -> Wish:
    """Take down that the resident says it is done, and how they judge it.

    Raises:
        NotAllowed: the claimant's side cannot answer for the resident.
        NotValid: `how` is a scan, which only the resident's own link can be.
    """
    wish = gate.begin(Move.CONFIRM, wish, by)
    if how == How.SCAN:
        raise not_valid("how", _("扫码只能由居民本人来做。"))
    CallBack.objects.create(wish=wish, by=by, at=clock.now(), outcome=CallBack.Outcome.DONE)
    return answers.close(wish, by=by, rating=rating, words=words, how=how)


@transaction.atomic
def reopen(*, wish: Wish, by: User, reason: str) -> Wish:
    """Take down that the resident says it was not done: it goes back to the holder, with five working days."""
    wish = gate.begin(Move.REOPEN, wish, by)
    require(reason)
    require_fit_reason(wish, reason)
    CallBack.objects.create(wish=wish, by=by, at=clock.now(), outcome=CallBack.Outcome.NOT_DONE)
    return answers.reopen_for(wish, by=by, reason=reason)


@transaction.atomic
def note_no_answer(*, wish: Wish, by: User) -> CallBack:
    """Note a call that nobody answered; the wish stays on the list for another day.

    Raises:
        NotAllowed, NotNow: as for taking down the resident's word.
    """
    wish = gate.locked(wish)
    if refusal := policy.why_not(by, Move.CONFIRM, wish):
        raise refusal
    call = CallBack.objects.create(
        wish=wish, by=by, at=clock.now(), outcome=CallBack.Outcome.NO_ANSWER
    )
    gate.note(wish, CALL, by=by)
    return call


@transaction.atomic
def withdraw(*, wish: Wish, by: User, reason: str) -> Wish:
    """Take a wish back before it is fulfilled, saying why; whoever holds it is told."""
    wish = gate.begin(Move.WITHDRAW, wish, by)
    require(reason)
    require_fit_reason(wish, reason)
    held = letters.Held.of(wish)
    helpers = dissolve(wish)
    drop_asks(wish)
    changes.left(wish, at=clock.now())
    keep_for_a_term(wish)
    gate.finish(wish, Move.WITHDRAW, by=by, changed=changes.LEFT, note=reason)
    letters.withdrawn(wish, reason, held, helpers)
    return wish


def _second_persons(wish: Wish, by: User) -> list[User]:
    """Return who may look before publishing: the community's other workers, or the street where it has none."""
    workers = CommunityWorker.objects.acting().workers().filter(community=wish.community_id)
    others = workers.exclude(user__in=[by.pk, wish.logged_by_id])
    found = [worker.user for worker in others.select_related("user")]
    if found:
        return found
    staff = Cadre.objects.acting().filter(agency__street=wish.community.street_id)
    return [cadre.user for cadre in staff.select_related("user")]
