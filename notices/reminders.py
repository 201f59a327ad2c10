"""The registry of reminders: what falls due is stated by the app that owns the thing, and told here.

An app writes one small class per reminder and registers it in its `AppConfig.ready`:

    class WishDue(Reminder):
        slug = "wish-due"
        label = _("认领的心愿快到期")
        description = _("提醒认领人。从约定的日子算起。")
        thing_kind = "wishes.wish"
        offsets = (-3, 0, 1, 3)

        def lines(self, day, targets):
            wishes = Wish.objects.being_done().filter(due_on__in=targets)
            for wish in wishes.values("id", "code", "title", "due_on", "claimed_by_id"):
                left = workdays_between(day, wish["due_on"])
                yield Line(
                    recipient_id=wish["claimed_by_id"],
                    thing_id=wish["id"],
                    due=wish["due_on"],
                    what=wish["title"],
                    why=_("还剩 %(n)s 个工作日") % {"n": left},
                    act=_("去办理"),
                    url=reverse("wishes:detail", args=[wish["code"]]),
                    urgency=-left,
                )

    register(WishDue())

A reminder tells one kind of recipient; a ladder (claimant, then liaison, then street) is several
reminders over the same things, each with its own offsets.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices.models import DueLine, ReminderSetting
from notices.workdays import add_workdays, is_workday

# How many working days back a sweep looks for what no sweep told.
CATCH_UP = 5


@dataclass(frozen=True, slots=True)
class Line:
    """What one person is to be told of one thing.

    Attributes:
        due: the day the reminder counts from; one of the targets that `lines` was given.
        what: the thing, in the words people know it by.
        why: why it is told today.
        act: the one thing to do, a verb on a button.
        url: the path of the page where it is done.
        urgency: working days past the due day, negative before it; larger comes first.
    """

    recipient_id: int
    thing_id: int
    due: dt.date
    what: str
    why: str
    act: str
    url: str
    urgency: int = 0


class Reminder:
    """Something that people are told of some working days before or after a day.

    Attributes:
        slug: the name under which what was told is kept; never changed.
        label: the heading of its group in a digest.
        description: whom it tells and what its days count from, for supervisors.
        thing_kind: `model._meta.label_lower` of the things.
        offsets: working days from the due day: negative before, 0 on the day, positive after.
    """

    slug: ClassVar[str]
    label: ClassVar[Any]
    description: ClassVar[Any] = ""
    thing_kind: ClassVar[str]
    offsets: ClassVar[tuple[int, ...]]

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        """Yield whom to tell of what on this day, from one query over things due on one of the targets.

        `targets` maps each due day to the offset that was reached for it last. A target may be told
        again on later days: lines told before are dropped by the caller.
        """
        raise NotImplementedError


REGISTRY: dict[str, Reminder] = {}


def register(*reminders: Reminder) -> None:
    """Add reminders to those the sweep asks.

    Raises:
        ValueError: the slug is taken.
    """
    for reminder in reminders:
        if reminder.slug in REGISTRY:
            raise ValueError(f"there is a reminder {reminder.slug!r} already")
        REGISTRY[reminder.slug] = reminder


@dataclass(frozen=True)
class InForce:
    """A reminder with the numbers that hold now: a supervisor's, or those in the code."""

    reminder: Reminder
    offsets: tuple[int, ...]
    enabled: bool
    setting: ReminderSetting | None = None


def in_force(*slugs: str) -> list[InForce]:
    """Return every registered reminder, or those of these slugs, with its numbers, in one query."""
    settings = {row.reminder: row for row in ReminderSetting.objects.select_related("changed_by")}
    return [
        _in_force(reminder, settings.get(slug))
        for slug, reminder in REGISTRY.items()
        if not slugs or slug in slugs
    ]


def _in_force(reminder: Reminder, setting: ReminderSetting | None) -> InForce:
    if setting is None:
        return InForce(reminder, reminder.offsets, enabled=True)
    return InForce(reminder, tuple(setting.offsets), setting.enabled, setting)


def day_of(due: dt.date, offset: int) -> dt.date:
    """Return the day on which a reminder is due.

    "On the day" of a weekend is the last working day before it, when something can still be done.
    """
    if offset == 0 and not is_workday(due):
        return add_workdays(due, -1)
    return add_workdays(due, offset)


def last_reached(day: dt.date, offset: int) -> dt.date:
    """Return the latest due day from which an offset is reached on this day or was before: `day_of` turned round."""
    due = add_workdays(day, -offset)
    one = dt.timedelta(days=1)
    while day_of(due, offset) > day:
        due -= one
    while day_of(due + one, offset) <= day:
        due += one
    return due


def targets_on(day: dt.date, offsets: Collection[int]) -> dict[dt.date, int]:
    """Return the due days to be told of on a working day, each with the offset it reached last.

    They include those reached during the CATCH_UP working days before, in case no sweep ran then.
    """
    since = add_workdays(day, -CATCH_UP)
    due = add_workdays(since, -max(offsets) - 1)
    last = add_workdays(day, -min(offsets) + 1)
    targets = {}
    while due <= last:
        reached = [offset for offset in offsets if day_of(due, offset) <= day]
        if reached and day_of(due, max(reached)) >= since:
            targets[due] = max(reached)
        due += dt.timedelta(days=1)
    return targets


@dataclass(frozen=True)
class Group:
    """The lines of one reminder in a digest, most urgent first."""

    label: Any
    lines: list[DueLine]


def grouped(lines: Iterable[DueLine]) -> list[Group]:
    """Group lines that come most urgent first; the group of the most urgent line comes first."""
    groups: dict[str, list[DueLine]] = {}
    for line in lines:
        groups.setdefault(line.reminder, []).append(line)
    return [
        Group(REGISTRY[slug].label if slug in REGISTRY else _("其他"), found)
        for slug, found in groups.items()
    ]


def in_words(offsets: Iterable[int]) -> str:
    """Say offsets as people do: 前 3 个工作日、当天、后 1 个工作日."""
    return "、".join(_day_in_words(offset) for offset in offsets)


def _day_in_words(offset: int) -> str:
    if offset == 0:
        return gettext("当天")
    if offset < 0:
        return gettext("前 %(n)s 个工作日") % {"n": -offset}
    return gettext("后 %(n)s 个工作日") % {"n": offset}
