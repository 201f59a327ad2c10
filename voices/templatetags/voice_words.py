"""How a voice is said on a page: its four steps, its due day, its tone."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from jiangdong import clock
from notices.workdays import workdays_between
from voices.models import Voice
from voices.workflow import EVENT_LABELS, UNSETTLED, State
from wishes.templatetags.wish_words import day

register = template.Library()

# Badges wear the colours of the wish that stands at the like step.
TONES = {
    State.NOTED: "draft",
    State.ASKED: "open",
    State.RETURNED: "open",
    State.ANSWERED: "claimed",
    State.SETTLED: "fulfilled",
    State.CLOSED: "closed",
}
STEPS = {
    State.NOTED: 0,
    State.ASKED: 1,
    State.RETURNED: 1,
    State.ANSWERED: 2,
    State.SETTLED: 3,
    State.CLOSED: 4,
    State.RESTED: 3,
    State.WITHDRAWN: 0,
    State.DISMISSED: 0,
}


@register.filter
def tone(voice: Voice) -> str:
    return TONES.get(voice.state, "over")


@register.filter
def move_in_words(event) -> str:
    """Return what an event did, as people say it."""
    return EVENT_LABELS.get(event.move, event.move)


@register.filter
def due_on(voice: Voice) -> dt.date | None:
    """Return the day that counts now: of the answer, then of the settlement."""
    if voice.state == State.ASKED:
        return voice.answer_due_on
    return voice.settle_due_on if voice.state in UNSETTLED else None


@register.filter
def due_in_words(voice: Voice) -> str:
    """Say what is due and how long is left, in working days: 3 个工作日内答复, 今天要办结."""
    due = due_on(voice)
    if due is None:
        return ""
    what = _("答复") if voice.state == State.ASKED else _("办结")
    today = clock.today()
    if due == today:
        return _("今天要%(what)s") % {"what": what}
    left = workdays_between(today, due)
    if due > today:
        return _("%(n)s 个工作日内%(what)s") % {"n": left, "what": what}
    return _("%(what)s已过期 %(n)s 个工作日") % {"n": -left, "what": what}


@register.filter
def due_tone(voice: Voice) -> str:
    """Return the tone of what is left: late, soon, or nothing."""
    due = due_on(voice)
    if due is None:
        return ""
    if due <= clock.today():
        return "late"
    return "soon" if workdays_between(clock.today(), due) <= 1 else ""


@register.filter
def steps(voice: Voice) -> list[dict]:
    """Return the four steps for colleagues and passers-by."""
    return _steps(voice, (_("记下"), _("答复"), _("办结"), _("提的人点头")))


@register.filter
def steps_for_asker(voice: Voice) -> list[dict]:
    """Return the four steps in the asker's own words."""
    return _steps(voice, (_("收到了"), _("单位答复"), _("对方说办结了"), _("您点头")))


def _steps(voice: Voice, labels: tuple[str, ...]) -> list[dict]:
    reached = STEPS[voice.state]
    closed = voice.closed_on if voice.state == State.CLOSED else None
    days = (voice.noted_on, voice.answered_on, voice.settled_on, closed)
    over = voice.state in (State.WITHDRAWN, State.DISMISSED, State.RESTED)
    rows = []
    for n, (label, on) in enumerate(zip(labels, days, strict=True)):
        # Noting is over once an agency is asked, and its day is that of the first step all the same.
        state = "done" if n < reached or (over and n == 0) else "now" if n == reached else "todo"
        if over and state == "now":
            state = "todo"
        note = day(on) if n <= reached else ""
        rows.append({"label": label, "note": note, "state": state})
    return rows
