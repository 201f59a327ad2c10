"""Telling people what happened to their account, in case it was not them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import telling
from accounts.models import User
from notices.actions import notify


def register() -> None:
    """Be the one who tells, for `accounts`, a floor below."""
    telling.also(tell_owner)


def tell_owner(user: User, what: Any) -> None:
    """Write a notice, whose mail leaves later: no page waits for it. Robots may stand among others, and only hint."""
    notify(
        to=[user],
        kind="account",
        title=str(what),
        body=_("如果不是你本人做的，也没有请人做，马上告诉系统管理员，并把别处的登录都退出。"),
        url=reverse("sessions"),
        discreet=True,
    )
