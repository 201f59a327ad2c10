"""How a wish is said on a page: its four steps, its due day, its time."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangdong import clock
from notices.workdays import workdays_between
from wishes.models import Wish
from wishes.workflow import EVENT_LABELS, Stage, State

register = template.Library()
TEASER = 48


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Say a day as people do: 3月5日, with the year when it is another one."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    this_year = value.year == clock.today().year
    words = _("{0.month}月{0.day}日") if this_year else _("{0.year}年{0.month}月{0.day}日")
    return words.format(value)


@register.filter
def moment(value: dt.datetime) -> str:
    """Say a time: 今天 16:20, 昨天 09:05, or 3月5日 16:20."""
    local = timezone.localtime(value)
    ago = (clock.today() - local.date()).days
    said = day(local) if ago > 1 or ago < 0 else _("昨天") if ago else _("今天")
    return f"{said} {local:%H:%M}"


@register.filter
def month_in_words(value: dt.date) -> str:
    """Say a month: 2026 年 3 月."""
    return _("%(year)s 年 %(month)s 月") % {"year": value.year, "month": value.month}


@register.filter
def ago(value: dt.datetime) -> str:
    """Say roughly how long ago it was: 12 天前, 3 个月前, 2 年前."""
    days = (clock.today() - timezone.localdate(value)).days
    if days >= 365:
        return _(" %(n)s 年前") % {"n": days // 365}
    if days >= 30:
        return _(" %(n)s 个月前") % {"n": days // 30}
    return _(" %(n)s 天前") % {"n": days} if days else _("今天")


@register.filter
def teaser(text: str) -> str:
    """Cut a text for a card. Django's `truncatechars` looks at each character, for accents that Chinese has none of."""
    return text if len(text) <= TEASER else f"{text[: TEASER - 1]}…"


@register.filter
def due_in_words(wish: Wish) -> str:
    """Say how long is left, in working days: 还剩 4 个工作日, 今天到期, 已过 2 个工作日.

    An archived wish has no clock, and nothing is said of one.
    """
    if wish.due_on is None or wish.archived:
        return ""
    today = clock.today()
    if wish.due_on == today:
        return _("今天到期")
    left = workdays_between(today, wish.due_on)
    if wish.due_on > today:
        return _("还剩 %(n)s 个工作日") % {"n": left}
    return _("已过 %(n)s 个工作日") % {"n": -left} if left else _("刚过约定的日子")


@register.filter
def due_tone(wish: Wish) -> str:
    """Return the tone of what is left: late, soon, or nothing."""
    if wish.due_on is None or wish.archived:
        return ""
    left = workdays_between(clock.today(), wish.due_on)
    if wish.due_on <= clock.today():
        return "late"
    return "soon" if left <= 2 else ""


@register.filter
def move_in_words(event) -> str:
    """Return what an event did, as people say it."""
    return EVENT_LABELS.get(event.move, event.move)


@register.filter
def stage_in_words(wish: Wish) -> str:
    """Say where an open wish stands on the way to somebody who takes it; "" for others."""
    return str(Stage(wish.stage).label) if wish.stage else ""


REACHED = {
    State.DRAFT: 0,
    State.CHECKING: 0,
    State.OPEN: 1,
    State.CLAIMED: 2,
    State.WAITING: 2,
    State.FULFILLED: 3,
    State.CLOSED: 4,
    State.UNREACHED: 3,
}


@register.filter
def steps(wish: Wish) -> list[dict]:
    """Return the four steps for colleagues and passers-by."""
    labels = (_("记下"), _("认领"), _("办理"), _("居民点头"))
    notes = [day(wish.logged_at), day(wish.claimed_at), day(wish.fulfilled_at), day(wish.closed_at)]
    if wish.state == State.CLAIMED:
        notes[2] = due_in_words(wish)
    if wish.state == State.WAITING:
        notes[2] = _("等到%(day)s") % {"day": day(wish.waits_until)}
    return _steps(wish, labels, notes)


@register.filter
def steps_for_resident(wish: Wish) -> list[dict]:
    """Return the four steps in the resident's own words."""
    labels = (_("记下了"), _("有人接了"), _("对方说办好了"), _("您点头"))
    agency = wish.agency.name if wish.agency_id else ""
    return _steps(
        wish, labels, [day(wish.logged_at), agency, day(wish.fulfilled_at), day(wish.closed_at)]
    )


def _steps(wish: Wish, labels: tuple, notes: list[str]) -> list[dict]:
    if wish.state in REACHED:
        reached = REACHED[wish.state]
        states = ["done" if i < reached else "now" if i == reached else "todo" for i in range(4)]
    else:  # it left the way
        states = ["done", "todo", "todo", "todo"]
    return [
        {"label": label, "note": note, "state": state}
        for label, note, state in zip(labels, notes, states, strict=True)
    ]
