"""Whose hands a wish is in: given to a person, back to the branch, and what somebody who leaves still holds."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from pairing import leaving
from pairing.models import Cadre
from wishes import letters
from wishes.actions import changes, gate
from wishes.actions.asking import drop_asks
from wishes.actions.team import dissolve, take_the_lead
from wishes.models import Wish
from wishes.workflow import IN_HAND, Move, Origin


def hand_to(wish: Wish, handler: Cadre, *, by: User) -> Wish:
    """Put a locked wish into somebody's hands, past policy and table, and tell them."""
    helpers: list[User] = []
    if wish.state in IN_HAND and wish.agency_id == handler.agency_id:
        take_the_lead(wish, handler.user)
        wish.handler_id = handler.user_id
        changed: tuple[str, ...] = ("handler", "shares_taken")
    else:
        helpers = dissolve(wish)
        changes.claimed(
            wish,
            agency_id=handler.agency_id,
            by_id=by.pk,
            handler_id=handler.user_id,
            origin=Origin.ASSIGNED,
            at=clock.now(),
        )
        changed = changes.CLAIMED
    drop_asks(wish)  # they were asked by, or of, whoever had it before
    gate.finish(wish, Move.ASSIGN, by=by, changed=changed, note=handler.agency.name)
    letters.assigned(wish, handler.user)
    letters.team_dissolved(wish, helpers)
    return wish


def hand_back(wish: Wish, *, by: User) -> Wish:
    """Give a locked claim back to the branch of the agency that holds it, whose liaison is to name another handler."""
    changes.handed_back(wish, at=clock.now())
    drop_asks(wish)
    gate.finish(wish, Move.ASSIGN, by=by, changed=changes.HANDED_BACK, note=wish.agency.name)
    letters.left_without_handler(wish)
    return wish


def in_hand_of(person: User) -> QuerySet[Wish]:
    """Return what somebody is handling now. What they did and the resident has not nodded to stays done by them."""
    return Wish.objects.live().filter(handler=person, state__in=IN_HAND)


def hand_over(*, of: User, to: Cadre | None, by: User) -> int:
    """Hand over all that somebody who leaves is handling, and return how many wishes that were."""
    wishes = [gate.locked(wish) for wish in in_hand_of(of).order_by("pk")]
    theirs = [wish for wish in wishes if wish.handler_id == of.pk and wish.state in IN_HAND]
    for wish in theirs:
        if to:
            hand_to(wish, to, by=by)
        else:
            hand_back(wish, by=by)
    return len(theirs)


def register() -> None:
    """Let pairing's leaving reach wishes."""
    leaving.also(
        leaving.Duty(
            label=_("正在办的心愿"),
            count=lambda person: in_hand_of(person).count(),
            hand_over=hand_over,
            things=lambda person: [
                (str(wish), wish.get_absolute_url()) for wish in in_hand_of(person).order_by("pk")
            ],
        )
    )
