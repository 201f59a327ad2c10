"""How a wish leaves its way without the resident's nod: given elsewhere, declined, never answered, ended."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import require
from notices import actions as notices_actions
from wishes import letters
from wishes.actions import changes, gate
from wishes.actions.answers import shut_link
from wishes.actions.asking import decide, drop_asks
from wishes.actions.keeping import keep_for_a_term
from wishes.actions.team import dissolve
from wishes.models import Wish
from wishes.publicity import require_fit_note
from wishes.workflow import Asked, Move


@transaction.atomic
def refer(*, wish: Wish, by: User, to: str, receipt: str, told: str) -> Wish:
    """Give what is no wish to whoever settles such things, with their receipt and a word to the resident.

    Raises:
        NotValid: no receipt, no word to the resident, or one that gives them away.
    """
    wish = gate.begin(Move.REFER, wish, by)
    require(receipt, "receipt", _("请写对方的受理编号或经手人。"))
    require(told, "told", _("请写一句告诉居民的话。"))
    require_fit_note(wish, told, name="told")
    require_fit_note(wish, receipt, name="receipt")
    _leave(wish)
    wish.referred_to, wish.receipt, wish.told = to, receipt, told
    changed = (*changes.LEFT, "referred_to", "receipt", "told")
    gate.finish(
        wish, Move.REFER, by=by, changed=changed, note=f"{wish.get_referred_to_display()} {receipt}"
    )
    letters.referred(wish, by=by)
    return wish


@transaction.atomic
def decline(*, wish: Wish, by: User, told: str) -> Wish:
    """Agree, as second person, that a wish cannot be fulfilled; it stays in every denominator, shown apart.

    Raises:
        NotNow: nobody said so, or one would agree with oneself.
        NotValid: no word to the resident, or one that gives them away.
    """
    wish = gate.begin(Move.DECLINE, wish, by)
    require(told, "told", _("请写一句告诉居民的话。"))
    require_fit_note(wish, told, name="told")
    asked = decide(wish, Asked.DECLINE, by=by, granted=True)
    held = letters.Held.of(wish)
    helpers = _leave(wish)
    wish.told = told
    gate.finish(wish, Move.DECLINE, by=by, changed=(*changes.LEFT, "told"), note=asked.reason)
    letters.declined(wish, asked, held, helpers)
    return wish


@transaction.atomic
def unreached(*, wish: Wish, by: User) -> Wish:
    """Note that the resident answered on none of several days; it never counts as satisfied, and they may yet answer.

    Raises:
        NotNow: not called on enough days, which it says.
    """
    wish = gate.begin(Move.UNREACHED, wish, by)
    wish.left_at = clock.now()
    keep_for_a_term(wish)
    gate.finish(wish, Move.UNREACHED, by=by, changed=("left_at",))
    letters.unreached(wish)
    return wish


@transaction.atomic
def end(*, wish: Wish, by: User, ended_by: str) -> Wish:
    """Stop everything because the resident died or moved away.

    Whoever holds it is told once, so that nobody rings; every other message about it falls silent, and the
    resident's page is shut.
    """
    wish = gate.begin(Move.END, wish, by)
    held = letters.Held.of(wish)
    helpers = _leave(wish)
    changes.ended(wish, by=ended_by)
    shut_link(wish)
    notices_actions.silence(about=wish)
    gate.finish(wish, Move.END, by=by, changed=(*changes.ENDED, "ended_by"))
    letters.ended(wish, held, helpers)
    return wish


def _leave(wish: Wish) -> list[User]:
    """Take a locked wish out of every hand, set the term of what is kept of the resident, and return who helped."""
    helpers = dissolve(wish)
    drop_asks(wish)
    changes.left(wish, at=clock.now())
    keep_for_a_term(wish)
    return helpers
