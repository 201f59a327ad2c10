"""The empty list to download: heads that are understood, choices where there are some, one example row."""

import io
from functools import cache

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wishes.intake.columns import EXAMPLE, FIELDS
from wishes.workflow import Kind

OFFERED = (
    "title", "kind", "detail", "due_on", "estimate", "name", "phone", "address", "note",
    "contact", "publish", "consent_sensitive", "for_child", "sensitive",
)  # fmt: skip
YES_OR_NO = ("contact", "publish", "consent_sensitive", "for_child", "sensitive")
WIDE = {"title": 36, "detail": 36, "address": 24, "note": 24}
LAST = 10_001


@cache
def template(*, with_community: bool) -> bytes:
    """Return the workbook; a street's has a column for the community."""
    names = ("community", *OFFERED) if with_community else OFFERED
    book = Workbook()
    sheet = book.active
    sheet.title = _("心愿")
    sheet.freeze_panes = "A2"
    sheet.append([_("序号"), *(str(FIELDS[name][0]) for name in names)])
    example = _example()
    sheet.append([EXAMPLE, *(example.get(name, "") for name in names)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for cell in sheet[2]:
        cell.font = Font(color="6B6259", italic=True)
        cell.fill = PatternFill("solid", fgColor="F1EBDF")
    for at, name in enumerate(names, start=2):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = WIDE.get(name, 14)
        if name == "kind":
            _offer(sheet, letter, [str(label) for label in Kind.labels])
        elif name in YES_OR_NO:
            _offer(sheet, letter, [_("是"), _("否")])
        elif name in ("phone", "due_on"):
            sheet.column_dimensions[letter].number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer(sheet, letter: str, choices: list[str]) -> None:
    choice = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{LAST}")


def _example() -> dict[str, str]:
    return {
        "community": _("七塔社区"),
        "title": _("想有人陪着去医院配一次药"),
        "kind": str(Kind.COMPANIONSHIP.label),
        "detail": _("大家看得到，不写姓名、电话、住处"),
        "due_on": "2026-03-31",
        "estimate": "0",
        "name": _("张阿姨"),
        "phone": "138 0000 0000",
        "address": _("3 幢 201 室"),
        "note": _("耳朵不好，敲门要响"),
        "contact": _("是"),
        "publish": _("是"),
    }
