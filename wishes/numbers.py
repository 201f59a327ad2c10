"""The workflow's numbers: each with its word, what it is in when nobody changed it, and between what it may be set."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wishes.models.numbers import NumberSetting


@dataclass(frozen=True)
class Number:
    """A number that supervisors may change.

    Attributes:
        unit: the word that stands behind it.
        default, least, most: what holds without a change, and between what it may be changed.
    """

    name: str
    label: Any
    unit: Any
    default: int
    least: int
    most: int


_WORKDAYS = _("个工作日")
_NUMBERS = (
    Number("money_limit", _("超过多少钱要请同事复核"), _("元"), 500, 0, 100_000),
    Number("offer_days", _("先问结对单位几天"), _WORKDAYS, 3, 0, 20),
    Number("wait_cap", _("一件心愿最多等多久"), _WORKDAYS, 20, 1, 120),
    Number("extend_cap", _("一次最多延期多久"), _WORKDAYS, 20, 1, 60),
    Number("silent_days", _("请对方退回，几天没有回音可以收回"), _WORKDAYS, 2, 1, 20),
    Number("lapse_after", _("过了约定的日子多久没有动静就收回"), _WORKDAYS, 10, 5, 60),
    Number("lapse_warning", _("收回前几天先说一声"), _WORKDAYS, 3, 1, 5),
    Number("calls_missed", _("几天没人接算没联系上"), _("天"), 3, 3, 10),
    Number("answer_days", _("督办单和通报要在多久里答复"), _WORKDAYS, 3, 1, 20),
    Number("quiet_days", _("「已电话了解」最多管多久"), _WORKDAYS, 5, 1, 20),
    Number("second_calls", _("街道抽查回访的比例"), "%", 5, 0, 100),
)
NUMBERS: dict[str, Number] = {number.name: number for number in _NUMBERS}


@dataclass(frozen=True)
class InForce:
    """A number with the value that holds now: a supervisor's, or that in the code."""

    number: Number
    value: int
    setting: NumberSetting | None


def in_force() -> list[InForce]:
    """Return every number as it holds now, in one query."""
    rows = {row.name: row for row in NumberSetting.objects.select_related("changed_by")}
    return [
        InForce(each, rows[name].value if name in rows else each.default, rows.get(name))
        for name, each in NUMBERS.items()
    ]


def number(name: str) -> int:
    """Return the number that holds now; asks the database once."""
    set_to = NumberSetting.objects.filter(name=name).values_list("value", flat=True).first()
    return NUMBERS[name].default if set_to is None else set_to
