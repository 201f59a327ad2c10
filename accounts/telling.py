"""What the owner of an account is told of it. Who tells registers here: that is `notices`, a floor above."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User

Teller = Callable[[User, Any], None]
tellers: list[Teller] = []

PASSWORD_CHANGED = _("你的密码改了")
PASSWORD_GIVEN = _("管理员给你换了一个密码")
FACTORS_TAKEN = _("你的第二重验证被管理员清除了")
# By the name under which allauth would mail it.
BY_MAIL = {
    "mfa/email/totp_activated": _("你的账号添了一个验证器"),
    "mfa/email/totp_deactivated": _("你的账号去掉了验证器"),
    "mfa/email/webauthn_added": _("你的账号添了一个通行密钥"),
    "mfa/email/webauthn_removed": _("你的账号去掉了一个通行密钥"),
    "mfa/email/recovery_codes_generated": _("你的账号换了一套备用码"),
}


def also(teller: Teller) -> Teller:
    """Register somebody who tells."""
    tellers.append(teller)
    return teller


def tell(user: User, what: Any) -> None:
    """Tell somebody what happened to their account, in the caller's transaction: it may not have been them."""
    for teller in tellers:
        teller(user, what)
