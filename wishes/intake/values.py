"""What people write into cells: days, money, telephones, kinds, yes and no. What is not clear is not guessed."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wishes.intake.grid import BROKEN, TOO_LONG, UNCOUNTED
from wishes.validators import no_control_characters
from wishes.workflow import Kind

MOST_MONEY = Decimal("999999.99")
MOST_PHONE = 30  # characters, as in the form
LEAST_DIGITS = 7
EXCEL_DAYS = range(36526, 73051)  # 2000 to 2099, as Excel counts them
EPOCH = dt.date(1899, 12, 30)
HALF_A_YEAR = dt.timedelta(days=183)

_FULL_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:\s+[\d:.]+)?"
)
_PACKED_DAY = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_SHORT_DAY = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_MONEY = re.compile(
    r"(?:约|大约|大概|[¥￥])*\s*([\d,]+(?:\.\d+)?)\s*(?:元|块|块钱)?\s*(?:左右|以内|上下)?"
)
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")

YES = {
    "是",
    "有",
    "同意",
    "已同意",
    "可以",
    "可",
    "对",
    "√",
    "✓",
    "✔",
    "☑",
    "y",
    "yes",
    "1",
    "true",
    "v",
}
NO = {
    "",
    "否",
    "无",
    "没有",
    "不同意",
    "未同意",
    "不可以",
    "不可",
    "×",
    "✗",
    "☐",
    "x",
    "n",
    "no",
    "0",
    "false",
    "/",
    "-",
    "—",
}
KINDS: dict[str, str] = {
    **{str(label): value for value, label in Kind.choices},
    **dict.fromkeys(("物资", "实物", "用品", "生活用品"), Kind.GOODS),
    **dict.fromkeys(("修理", "维修服务", "家电维修", "水电", "水电维修"), Kind.REPAIR),
    **dict.fromkeys(("陪护", "陪伴服务", "陪同", "关爱", "聊天"), Kind.COMPANIONSHIP),
    **dict.fromkeys(("学习", "教育", "助学类", "辅导", "功课"), Kind.TUTORING),
    **dict.fromkeys(("医疗", "看病", "就医", "医疗健康", "健康服务"), Kind.HEALTH),
    **dict.fromkeys(("法律援助", "维权", "法律服务"), Kind.LEGAL),
    **dict.fromkeys(("代办", "代购", "跑腿服务"), Kind.ERRAND),
    **dict.fromkeys(("卫生", "环境卫生", "绿化"), Kind.ENVIRONMENT),
    **dict.fromkeys(("文化", "体育", "娱乐", "文化体育"), Kind.CULTURE),
    **dict.fromkeys(("工作", "求职", "就业服务"), Kind.EMPLOYMENT),
    **dict.fromkeys(("", "其它", "别的"), Kind.OTHER),
}


class Unclear(Exception):
    """A cell that is not understood; the text says what to write instead."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


def text(cell: str, most: int) -> str:
    """Return a cell's text, if it is one that may be kept.

    Raises:
        Unclear: it cannot be read, is too long, or holds what nobody sees.
    """
    if cell.startswith("\x00"):
        raise Unclear(_UNREAD[cell])
    if len(cell) > most:
        raise Unclear(_("太长了，最多 %(n)s 个字") % {"n": most})
    if not cell.isprintable():
        try:
            no_control_characters(cell)
        except ValidationError as error:
            raise Unclear(error.message) from error
    return cell


_UNREAD = {
    UNCOUNTED: _("是公式，文件里没有存下结果。用 Excel 或 WPS 打开、保存一次，或者改成文字"),
    BROKEN: _("公式出错了，请改成文字"),
    TOO_LONG: _("太长了"),
}


def _half_width(cell: str) -> str:
    return unicodedata.normalize("NFKC", text(cell, 200)).strip()


def day(cell: str, today: dt.date) -> dt.date | None:
    """Return a day, however it is written; without a year the one to come, half a year back at most.

    Raises:
        Unclear: it is no day, or it is over.
    """
    written = _half_width(cell)
    if not written:
        return None
    try:
        found = _day(written, today)
    except ValueError:
        found = None
    if found is None:
        raise Unclear(_("看不懂是哪一天，请写成 2026-03-05 这样"))
    if found < today:
        raise Unclear(_("这个日子已经过了"))
    return found


def _day(written: str, today: dt.date) -> dt.date | None:
    if match := _FULL_DAY.fullmatch(written) or _PACKED_DAY.fullmatch(written):
        return dt.date(*map(int, match.groups()))
    if written.isdecimal() and int(written[:6]) in EXCEL_DAYS:
        return EPOCH + dt.timedelta(days=int(written))
    if match := _SHORT_DAY.fullmatch(written):
        month, at = map(int, match.groups())
        found = dt.date(today.year, month, at)
        return found if today - found < HALF_A_YEAR else found.replace(year=today.year + 1)
    return None


def money(cell: str) -> Decimal | None:
    """Return an amount in yuan.

    Raises:
        Unclear: it is no amount.
    """
    written = _half_width(cell)
    if not written:
        return None
    match = _MONEY.fullmatch(written)
    try:
        amount = Decimal(match[1].replace(",", "")) if match else None
    except InvalidOperation:
        amount = None
    if amount is None:
        raise Unclear(_("看不懂是多少钱，请只写数字，如 300"))
    if amount > MOST_MONEY:
        raise Unclear(_("金额太大了"))
    return amount.quantize(Decimal("0.01"))


def phone(cell: str) -> str:
    """Return a telephone number in half width.

    Raises:
        Unclear: it has lost digits, or is none.
    """
    written = _half_width(cell)
    if not written:
        return ""
    written = written.removesuffix(".0")
    if _EXPONENT.fullmatch(written):
        raise Unclear(_("号码被表格改成了科学计数法，请把这一列设成文本再填"))
    if len(written) > MOST_PHONE or sum(char.isdecimal() for char in written) < LEAST_DIGITS:
        raise Unclear(_("不像电话号码"))
    return written


def kind(cell: str) -> str:
    """Return a kind; a blank is 其他.

    Raises:
        Unclear: nobody knows such a kind.
    """
    written = _half_width(cell).removesuffix("类")
    if written in KINDS:
        return KINDS[written]
    known = "、".join(str(label) for label in Kind.labels)
    raise Unclear(_("没有这一类，请填：%(known)s") % {"known": known})


def yes(cell: str) -> bool:
    """Return whether somebody said yes; a blank is no.

    Raises:
        Unclear: it is neither.
    """
    written = _half_width(cell).lower()
    if written in YES:
        return True
    if written in NO:
        return False
    raise Unclear(_("请填「是」或者留空"))
