"""Rules for passwords, after the second level of 等保2.0 (GB/T 22239): long, mixed, and one's own.

They are not made to expire by default: who is forced to change a good password takes a worse one
(NIST SP 800-63B 3.1.1.2). An inspection that insists sets PASSWORD_MAX_AGE_DAYS.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from jiangdong import clock


class LongEnoughValidator:
    """Ten characters at least."""

    LEAST = 10

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < self.LEAST:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        return _("太短了，至少要有%(least)s个字符。") % {"least": self.LEAST}


class TwoKindsValidator:
    """Letters, digits, anything else: a password holds at least two of the three."""

    def validate(self, password: str, user: User | None = None) -> None:
        kinds = {self._kind(character) for character in password}
        if len(kinds) < 2:
            raise ValidationError(self.get_help_text(), code="password_of_one_kind")

    def _kind(self, character: str) -> str:
        if character.isdecimal():
            return "digit"
        return "letter" if character.isalpha() else "other"

    def get_help_text(self) -> str:
        return _("字母、数字、其他符号，至少要有两种。")


def is_given(user: User) -> bool:
    """Say whether somebody else gave this password, so that its owner is to choose another."""
    return user.password_set_on is None


def is_too_old(user: User) -> bool:
    """Say whether the password is older than the days allowed here, if there is such a number."""
    days = settings.PASSWORD_MAX_AGE_DAYS
    if not days or user.password_set_on is None:
        return False
    return user.password_set_on + dt.timedelta(days=days) <= clock.today()
