"""The days of a voice, counted in working days; and which earlier voice it follows."""

import datetime as dt

from jiangdong import clock
from notices.workdays import add_workdays
from voices.models import Voice

ANSWER_WORKDAYS = 3
SETTLE_WORKDAYS = 13
REOPENED_WORKDAYS = 5
RECURS_WITHIN = dt.timedelta(days=90)

ASKED = (
    "agency",
    "first_asked_on",
    "response_due_on",
    "answer_due_on",
    "settle_due_on",
)
UNSETTLED = ("settled_on", "settled_by", "settlement")


def start(voice: Voice) -> None:
    """Let the days for the agency that is asked now run from today; those of the rate run from the first asking."""
    today = clock.today()
    voice.answer_due_on = answer_due(today, urgent=voice.urgent)
    if voice.first_asked_on is None:
        voice.first_asked_on, voice.response_due_on = today, voice.answer_due_on
        voice.settle_due_on = add_workdays(today, SETTLE_WORKDAYS)


def answer_due(today: dt.date, *, urgent: bool) -> dt.date:
    """Return the last day for an answer: the same day when it is urgent, else three working days on."""
    return today if urgent else add_workdays(today, ANSWER_WORKDAYS)


def reopen(voice: Voice) -> None:
    """Give an unsettled voice back with five working days, for the answer as for the rest."""
    voice.settled_on = voice.settled_by = None
    voice.settlement = ""
    voice.answer_due_on = voice.settle_due_on = add_workdays(clock.today(), REOPENED_WORKDAYS)
    voice.reopened += 1


def followed_by(voice: Voice) -> Voice | None:
    """Return the latest earlier voice of the same topic and community within 90 days, which this one repeats."""
    if voice.topic_id is None or voice.community_id is None:
        return None
    earlier = Voice.objects.filter(
        topic=voice.topic_id,
        community=voice.community_id,
        noted_on__gte=voice.noted_on - RECURS_WITHIN,
        noted_on__lte=voice.noted_on,
        pk__lt=voice.pk,
        first_asked_on__isnull=False,
    )
    return earlier.order_by("-noted_on", "-pk").first()
