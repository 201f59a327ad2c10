"""Forms that take a second factor's code: guessing is counted, and no code is taken twice."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import lockout

# Longer than any code is good for, with the step of tolerance before and after it.
REMEMBERED = 120  # seconds


class Counted:
    """Counts wrong codes towards the lock-out."""

    def clean_code(self) -> str:
        lockout.require_open(context.request, self.user)
        try:
            code = super().clean_code()
            self.refuse_twice(code)
        except ValidationError:
            lockout.count_failure(context.request, self.user)
            raise
        lockout.forget_failures(context.request, self.user)
        return code

    def refuse_twice(self, code: str) -> None:
        """Refuse a code that opened something before: who read it over a shoulder comes too late."""
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        digits = "".join(filter(str.isdecimal, code))
        if not cache.add(f"second-factor:{self.user.pk}:{digits}", "used", REMEMBERED):
            raise get_adapter().validation_error("incorrect_code")


def _code_field(label: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attributes))


class CodeForm(Counted, AuthenticateForm):
    """The second step of signing in."""

    code = _code_field(_("验证器上的六位数字，或一个备用码"))


class CodeAgainForm(Counted, ReauthenticateForm):
    """The code once more, before something that could shut its owner out."""

    code = _code_field(_("验证器上的六位数字，或一个备用码"))


class FirstCodeForm(ActivateTOTPForm):
    """The first code, which shows that the app has the secret. It opens nothing, so nothing is counted."""

    code = _code_field(_("验证器上现在的六位数字"))
