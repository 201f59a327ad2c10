"""One wish told twice becomes one: the later leaves with a pointer, and both residents are kept."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from pairing import actions as pairing_actions
from wishes import letters, policy
from wishes.actions import changes, gate
from wishes.actions.answers import follow_link
from wishes.actions.asking import drop_asks
from wishes.actions.team import dissolve
from wishes.models import Wish
from wishes.workflow import MERGE, Move


@transaction.atomic
def merge(*, wish: Wish, into: Wish, by: User) -> Wish:
    """Say that a wish is the same as another one: it leaves as withdrawn, and its resident follows the other.

    Whoever held it is told, as is whoever handles the other. The term of both residents' details ends with the
    other wish. Return the other wish.

    Raises:
        NotAllowed: not the community's or its street's to do.
        NotNow: of another community, the same wish, merged or fulfilled already.
    """
    wish, into = _both_locked(wish, into)
    if refusal := policy.why_not_merge(by, wish, into):
        raise refusal
    held, helpers = letters.Held.of(wish), dissolve(wish)
    drop_asks(wish)
    changes.left(wish, at=clock.now())
    wish.merged_into = into
    wish.merged.update(merged_into=into)
    said = _("和 %(code)s 是同一件") % {"code": into.code}
    gate.finish(wish, Move.WITHDRAW, by=by, changed=(*changes.LEFT, "merged_into"), note=str(said))
    gate.note(into, MERGE, by=by, text=wish.code)
    if wish.resident:
        pairing_actions.keep_on(resident=wish.resident)
    follow_link(wish, into)
    letters.withdrawn(wish, str(said), held, helpers)
    letters.merged(wish, into, by=by)
    return into


def _both_locked(wish: Wish, other: Wish) -> tuple[Wish, Wish]:
    """Lock both in the order of their ids, so that two people merging crosswise wait and do not block."""
    locked = {one.pk: gate.locked(one) for one in sorted((wish, other), key=lambda one: one.pk)}
    return locked[wish.pk], locked[other.pk]
