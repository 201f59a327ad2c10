"""Who may say that two wishes are one, and when."""

from django.utils.translation import gettext_lazy as _

from jiangdong.refusals import NotAllowed, Refusal
from pairing.standing import standing_of
from wishes.models import Wish
from wishes.policy import people
from wishes.policy.conditions import not_now
from wishes.policy.moves import why_not
from wishes.workflow import MERGED_INTO, Move


def may_be_merged(user, wish: Wish) -> bool:
    """Say whether this person could merge the wish into some other one now."""
    return people.may_merge(standing_of(user), wish) and why_not(user, Move.WITHDRAW, wish) is None


def why_not_merge(user, wish: Wish, into: Wish) -> Refusal | None:
    """Return why this person cannot merge the wish into another now, or None when they can."""
    standing = standing_of(user)
    if not (people.may_merge(standing, wish) and people.may_merge(standing, into)):
        return NotAllowed("not_yours", _("由社区或街道来定是不是同一件。"))
    if wish.community_id != into.community_id:
        return not_now(wish, "other_community", _("不是一个社区的心愿，不能并在一起。"))
    if wish.pk == into.pk:
        return not_now(wish, "same_wish", _("这就是同一件心愿。"))
    if wish.merged_into_id:
        return not_now(wish, "merged_already", _("这件心愿已经并到另一件里了。"))
    if into.state not in MERGED_INTO or into.archived:
        message = _("那一件现在是「%(state)s」，不能再并进去。") % {
            "state": into.get_state_display()
        }
        return not_now(into, "wrong_state", message)
    return why_not(user, Move.WITHDRAW, wish)
