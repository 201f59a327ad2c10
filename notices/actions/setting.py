"""Supervisors changing the numbers of a reminder."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.trail import TRAIL_FIELDS, record
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotValid
from notices import policy
from notices.models import ReminderSetting
from notices.reminders import in_force

# Working days before and after the day a reminder counts from.
EARLIEST, LATEST = -30, 60
MOST_OFFSETS = 8


@transaction.atomic
def set_reminder(
    *, reminder: str, offsets: Collection[int], enabled: bool, by: User
) -> ReminderSetting:
    """Change on which working days a reminder is told, or turn it off.

    Raises:
        NotAllowed: only supervisors may.
        NotValid: no such reminder, or numbers that make no sense.
    """
    if not policy.may_set_reminders(by):
        raise NotAllowed("not_supervisor", _("只有区督办可以改提醒的天数。"))
    before = {each.reminder.slug: each for each in in_force()}.get(reminder)
    if before is None:
        raise _not_valid("reminder", _("没有这种提醒。"))
    values = {
        "offsets": _checked(offsets),
        "enabled": enabled,
        "changed_at": clock.now(),
        "changed_by": by,
    }
    rows = ReminderSetting.objects.select_for_update(of=("self",))
    setting, _created = rows.get_or_create(reminder=reminder, defaults=values)
    for name, value in values.items():
        setattr(setting, name, value)
    record(
        thing=setting,
        move="set_reminder",
        from_state=_state(before.enabled),
        to_state=_state(enabled),
        by=by,
        by_label=str(_("区督办")),
        note=f"{list(before.offsets)} → {setting.offsets}",
    )
    setting.save(update_fields=[*values, *TRAIL_FIELDS])
    return setting


def _state(enabled: bool) -> str:
    return "on" if enabled else "off"


def _checked(offsets: Collection[int]) -> list[int]:
    values = sorted(set(offsets))
    if not values:
        raise _not_valid("offsets", _("至少写一个数；不想提醒，就把它关掉。"))
    if len(values) != len(offsets) or len(values) > MOST_OFFSETS:
        raise _not_valid("offsets", _("每个数只写一次，最多八个。"))
    if values[0] < EARLIEST or values[-1] > LATEST:
        raise _not_valid("offsets", _("只能写到期前 30 到到期后 60 个工作日之间的数。"))
    return values


def _not_valid(field: str, message) -> NotValid:
    return NotValid("bad_reminder", message, fields={field: [message]})
