"""Supervisors changing a number of the workflow."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.trail import TRAIL_FIELDS, record
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotValid
from pairing.standing import standing_of
from wishes import policy
from wishes.models import NumberSetting
from wishes.numbers import NUMBERS


@transaction.atomic
def set_number(*, name: str, value: int, by: User) -> NumberSetting:
    """Change a number; it holds from now on, and what was counted with the one before stays as it is.

    Raises:
        NotAllowed: only supervisors may.
        NotValid: no such number, or one outside what makes sense.
    """
    if not policy.may_set_numbers(standing_of(by)):
        raise NotAllowed("not_supervisor", _("只有区督办可以改期限和限额。"))
    rule = NUMBERS.get(name)
    if rule is None:
        raise _not_valid("name", _("没有这个数字。"))
    if not rule.least <= value <= rule.most:
        message = _("只能写 %(least)s 到 %(most)s 之间的整数。")
        raise _not_valid("value", message % {"least": rule.least, "most": rule.most})
    values = {"value": value, "changed_at": clock.now(), "changed_by": by}
    rows = NumberSetting.objects.select_for_update(of=("self",))
    setting, created = rows.get_or_create(name=name, defaults=values)
    before = rule.default if created else setting.value
    for field, now in values.items():
        setattr(setting, field, now)
    record(
        thing=setting,
        move="set_number",
        from_state="set",
        to_state="set",
        by=by,
        by_label=str(_("区督办")),
        note=f"{before} → {value}",
    )
    setting.save(update_fields=[*values, *TRAIL_FIELDS])
    return setting


def _not_valid(field: str, message) -> NotValid:
    return NotValid("bad_number", message, fields={field: [message]})
