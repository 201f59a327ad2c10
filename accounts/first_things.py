"""What somebody who signed in has to do before anything else: choose a password, set up a second factor.

Asked at one place for pages (`accounts.middleware`) and at one for the API (`accounts.authentication`).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import passwords, second_factor
from accounts.models import User
from jiangdong.refusals import NotAllowed


@dataclass(frozen=True)
class FirstThing:
    """Something to be done first: why, on which page, whether that says why itself, and what is open meanwhile."""

    code: str
    why: Any
    page: str
    open: frozenset[str]
    says_why: bool = False


# Signing out, the elder view and a remark on the portal are open to everybody.
ALWAYS = {"account_logout", "account_reauthenticate", "elder", "feedback"}
CHOOSE_A_PASSWORD = FirstThing(
    code="password_change_required",
    why=_("这个密码是别人给你的，或者已经用得太久。请先换一个只有你知道的。"),
    page="account_change_password",
    open=frozenset({"account_change_password", *ALWAYS}),
)
SET_UP_SECOND_FACTOR = FirstThing(
    code="second_factor_required",
    why=_("你的岗位要求登录时再验一次。请先设好验证器或通行密钥，再办别的事。"),
    page="mfa_index",
    says_why=True,
    open=frozenset(
        {
            "account_change_password",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_list_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_view_recovery_codes",
            *ALWAYS,
        }
    ),
)


def first_thing_for(user: User) -> FirstThing | None:
    """Return what a person who signed in has to do first, or None."""
    if passwords.is_given(user) or passwords.is_too_old(user):
        return CHOOSE_A_PASSWORD
    if second_factor.missing_for(user):
        return SET_UP_SECOND_FACTOR
    return None


def require_nothing_first(user: User) -> None:
    """Refuse whoever has something to do first.

    Raises:
        NotAllowed: `password_change_required` or `second_factor_required`.
    """
    if first := first_thing_for(user):
        raise NotAllowed(first.code, first.why)


def require_password_enough(user: User) -> None:
    """Refuse to let in by a password alone whoever has or needs more than that.

    Raises:
        NotAllowed: `second_factor_required` or `password_change_required`.
    """
    if second_factor.needed_by(user) or second_factor.held_by(user):
        why = _("这个账号登录时要再验一次。请在网页上登录，到「我的资料」里发一个令牌。")
        raise NotAllowed(SET_UP_SECOND_FACTOR.code, why)
    require_nothing_first(user)
