"""What any door refuses in a wish's fields, whatever the form of the door."""

import datetime as dt
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jiangdong import clock

KEPT = "\n\r\t"
# Control characters, those that turn the writing round or hide between letters, and halves of pairs.
UNSEEN = ("Cc", "Cf", "Cs")
JOINER = "\u200d"  # families of emoji are joined by it


def no_control_characters(text: str) -> None:
    """Refuse characters that nobody can see and that turn text round or break exports.

    Raises:
        ValidationError: there is one.
    """
    if any(unicodedata.category(char) in UNSEEN and char not in KEPT + JOINER for char in text):
        raise ValidationError(_("里面有看不见的控制字符，请重新输入。"), code="control_characters")


def one_line(text: str) -> None:
    """Refuse what `no_control_characters` does, and line breaks too.

    Raises:
        ValidationError: there is one.
    """
    no_control_characters(text)
    if any(char in KEPT for char in text):
        raise ValidationError(_("请写在一行里，不要换行。"), code="line_break")


def not_in_the_past(day: dt.date) -> None:
    """Refuse a day before today.

    Raises:
        ValidationError: it is over.
    """
    if day < clock.today():
        raise ValidationError(_("这个日子已经过了，请选今天或以后。"), code="past")
