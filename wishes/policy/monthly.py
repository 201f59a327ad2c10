"""Who sets a topic of the month, who says it is settled, and who agrees."""

from django.utils.translation import gettext_lazy as _

from jiangdong.refusals import NotAllowed, NotNow, Refusal
from pairing.standing import Standing, standing_of
from wishes.models import MonthlyTopic
from wishes.models.monthly import TOPIC_TABLE, TopicMove


def may_see_recurring(standing: Standing) -> bool:
    """See what comes back most: the street its own, supervisors and a supervision group all."""
    return standing.street_id is not None or bool(
        standing.roles & {"supervisor", "supervision_group"}
    )


def may_set(standing: Standing) -> bool:
    return standing.is_supervisor


def is_owner(standing: Standing, topic: MonthlyTopic) -> bool:
    """Say whether they answer for it: the owner's liaison."""
    return standing.is_liaison and standing.agency_id == topic.owner_id


def why_not_topic(user, move: str, topic: MonthlyTopic) -> Refusal | None:
    """Return why this person cannot make this move now, or None when they can."""
    standing = standing_of(user)
    allowed = is_owner(standing, topic) if move == TopicMove.REPORT else may_set(standing)
    if not allowed:
        return NotAllowed("not_yours", _("牵头单位的联络员说办结，区督办来确认。"))
    if topic.state != TOPIC_TABLE[move][0]:
        message = _("这一题现在是「%(state)s」，不能这样做。") % {
            "state": topic.get_state_display()
        }
        return NotNow("wrong_state", message, state=topic.state)
    if move == TopicMove.SETTLE and topic.reported_by_id == user.pk:
        message = _("要由另一位同事来确认，自己说的不能自己确认。")
        return NotNow("needs_second_person", message, state=topic.state)
    return None


def topic_moves_open_to(user, topic: MonthlyTopic) -> list[str]:
    """Return the moves of a topic that this person can make now."""
    return [move for move in TopicMove if why_not_topic(user, move, topic) is None]
