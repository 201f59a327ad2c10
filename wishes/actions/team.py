"""Fulfilling a wish together (帮帮团): one lead, others who join and leave until it is called done."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, not_valid, require
from pairing import leaving
from pairing.models import Cadre
from pairing.standing import standing_of
from wishes import letters, policy
from wishes.actions import gate
from wishes.models import Helper, Wish
from wishes.publicity import require_fit_reason
from wishes.workflow import GATHER, IN_HAND, Move


@transaction.atomic
def gather(*, wish: Wish, by: User) -> Wish:
    """Ask others to help with a claim that one began alone.

    Raises:
        NotAllowed: neither the lead nor the holder's liaison.
        NotNow: not in hand, or asked already.
    """
    wish = gate.locked(wish)
    if not policy.may_gather(standing_of(by), wish):
        raise NotAllowed("not_yours", _("由经办人请大家一起办。"))
    if wish.archived or wish.state not in IN_HAND or wish.together:
        raise NotNow("wrong_state", _("现在不用请大家一起办。"), state=wish.state)
    wish.together = True
    gate.note(wish, GATHER, by=by, changed=("together",))
    return wish


@transaction.atomic
def join(*, wish: Wish, by: User, share: int = 1) -> Wish:
    """Help the lead, taking a share of a goal that can be split.

    Raises:
        NotNow: the lead asked nobody, one helps already, or the goal is reached.
        NotValid: a share larger than what is left of the goal.
    """
    wish = gate.begin(Move.JOIN, wish, by)
    left = wish.goal - wish.shares_taken if wish.goal else None
    if left is not None and share > left:
        raise not_valid("share", _("只差 %(n)s 份了。") % {"n": left})
    standing = standing_of(by)
    Helper.objects.create(
        wish=wish, user=by, agency_id=standing.agency_id, share=share, joined_at=clock.now()
    )
    wish.shares_taken += share
    del wish.team  # read anew by whoever shows it
    gate.finish(wish, Move.JOIN, by=by, changed=("shares_taken",))
    letters.joined(wish, by)
    return wish


@transaction.atomic
def leave(*, wish: Wish, by: User, reason: str) -> Wish:
    """Stop helping, saying why; what was one's share is open again."""
    wish = gate.begin(Move.LEAVE, wish, by)
    require(reason)
    require_fit_reason(wish, reason)
    _stop_helping(wish, by)
    gate.finish(wish, Move.LEAVE, by=by, changed=("shares_taken",), note=reason)
    letters.left_the_team(wish, by, reason)
    return wish


def dissolve(wish: Wish) -> list[User]:
    """Note that nobody helps any more, because nobody leads, and return who did."""
    helpers = wish.team
    Helper.objects.current().filter(wish=wish).update(left_at=clock.now())
    return [helper.user for helper in helpers]


def take_the_lead(wish: Wish, user: User) -> None:
    """Make room for a helper who becomes the lead: they help no longer, and what was their share is open again."""
    if any(helper.user_id == user.pk for helper in wish.team):
        _stop_helping(wish, user)


def _stop_helping(wish: Wish, user: User) -> None:
    helper = Helper.objects.current().get(wish=wish, user=user)
    helper.left_at = clock.now()
    helper.save(update_fields=("left_at",))
    wish.shares_taken -= helper.share
    del wish.team  # read anew by whoever shows it


def helped_by(person: User) -> QuerySet[Wish]:
    """Return what somebody helps another with now."""
    return Wish.objects.live().filter(state__in=IN_HAND).helped_by(person)


def let_go(*, of: User, to: Cadre | None, by: User) -> int:
    """Let somebody who leaves office help no longer, and return with how many wishes; whoever likes joins."""
    done = 0
    for wish in helped_by(of).order_by("pk"):
        wish = gate.locked(wish)
        if wish.state in IN_HAND and any(helper.user_id == of.pk for helper in wish.team):
            _stop_helping(wish, of)
            reason = str(_("离任了。"))
            gate.finish(wish, Move.LEAVE, by=by, changed=("shares_taken",), note=reason)
            letters.left_the_team(wish, of, reason)
            done += 1
    return done


def register() -> None:
    """Let pairing's leaving reach those who help."""
    leaving.also(
        leaving.Duty(
            label=_("一起办的心愿"),
            count=lambda person: helped_by(person).count(),
            hand_over=let_go,
        )
    )
