"""The verbs of 每月一题: a supervisor sets it, its owner says it is settled, a supervisor confirms or sends it back."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import findings_in
from jiangdong.refusals import NotAllowed, NotValid, not_valid, require
from pairing.models import Agency
from pairing.standing import standing_of
from wishes import monthly_letters as letters
from wishes.actions import gate
from wishes.models import MonthlyTopic, Wish
from wishes.models.monthly import TOPIC_TABLE, TopicMove, first_of
from wishes.policy import monthly as policy

SET = "set"


@transaction.atomic
def set_topic(
    *,
    month: dt.date,
    title: str,
    why: str,
    owner: Agency,
    due_on: dt.date,
    by: User,
    first: Wish | None = None,
) -> MonthlyTopic:
    """Make something that keeps coming back the topic of a month; the owner's liaisons are told.

    `first` is the first of the wishes that repeat each other: all of them belong to the topic from now on.

    Raises:
        NotAllowed: not a supervisor.
        NotValid: a text that gives somebody away, or the title a second time in the month.
    """
    if not policy.may_set(standing_of(by)):
        raise NotAllowed("not_yours", _("每月一题由区督办来定。"))
    _require_fit(title=title, why=why)
    topic = MonthlyTopic(
        month=first_of(month), title=title, why=why, owner=owner, due_on=due_on, set_by=by
    )
    try:
        with transaction.atomic():
            topic.save(force_insert=True)
    except IntegrityError as error:
        raise not_valid("title", _("这个月已经有这一题了。")) from error
    _record(topic, SET, "", by)
    topic.save(update_fields=trail.TRAIL_FIELDS)
    if first:
        Wish.objects.repeating(first).update(topic=topic)
    letters.topic_set(topic)
    return topic


@transaction.atomic
def report_topic(*, topic: MonthlyTopic, by: User, result: str) -> MonthlyTopic:
    """Say, for the owner, that it is settled and how; supervisors are told.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: no result, or one that gives somebody away.
    """
    topic = _begin(TopicMove.REPORT, topic, by)
    require(result, "result", _("请写办成了什么。"))
    _require_fit(result=result)
    topic.result, topic.reported_by, topic.reported_at = result, by, clock.now()
    _finish(topic, TopicMove.REPORT, by, ("result", "reported_by", "reported_at"))
    letters.topic_reported(topic)
    return topic


@transaction.atomic
def settle_topic(*, topic: MonthlyTopic, by: User) -> MonthlyTopic:
    """Confirm, as second person, that it is settled; the owner's liaisons are told.

    Raises:
        NotAllowed, NotNow: as the policy says.
    """
    topic = _begin(TopicMove.SETTLE, topic, by)
    topic.settled_by, topic.settled_at = by, clock.now()
    _finish(topic, TopicMove.SETTLE, by, ("settled_by", "settled_at"))
    letters.topic_settled(topic)
    return topic


@transaction.atomic
def return_topic(*, topic: MonthlyTopic, by: User, reason: str) -> MonthlyTopic:
    """Send it back to its owner, saying what is missing.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: no reason.
    """
    topic = _begin(TopicMove.RETURN, topic, by)
    require(reason)
    topic.result, topic.reported_by, topic.reported_at = "", None, None
    _finish(topic, TopicMove.RETURN, by, ("result", "reported_by", "reported_at"), reason)
    letters.topic_returned(topic, reason)
    return topic


def _begin(move: str, topic: MonthlyTopic, by: User) -> MonthlyTopic:
    locked = MonthlyTopic.objects.select_for_update(of=("self",)).select_related("owner")
    topic = locked.get(pk=topic.pk)
    if refusal := policy.why_not_topic(by, move, topic):
        raise refusal
    return topic


def _finish(
    topic: MonthlyTopic, move: str, by: User, changed: tuple[str, ...], note: str = ""
) -> None:
    before, topic.state = TOPIC_TABLE[move]
    _record(topic, move, before, by, note)
    topic.save(update_fields=(*changed, "state", *trail.TRAIL_FIELDS))


def _record(topic: MonthlyTopic, move: str, before: str, by: User, note: str = "") -> None:
    trail.record(
        thing=topic,
        move=move,
        from_state=before,
        to_state=topic.state,
        by=by,
        by_label=gate.label_of(by),
        note=note,
    )


def _require_fit(**texts: str) -> None:
    """Refuse what everybody would read and names somebody's telephone, number or home."""
    fields = {
        name: [f"「{one.text}」{one.why}" for one in findings_in(text, ()) if one.hard]
        for name, text in texts.items()
    }
    if found := {name: said for name, said in fields.items() if said}:
        raise NotValid("personal_text", _("大家都看得到，请不要写个人信息。"), fields=found)
