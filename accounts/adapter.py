"""How allauth's flows fit this portal: accounts are made by administrators, and nobody signs up."""

import base64
import hashlib
import time
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import actions, policy, second_factor, sessions, telling
from accounts.models import User


class InvitationOnly(DefaultAccountAdapter):
    """allauth with the door for strangers shut, and sessions that know where they are."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        admin = policy.may_enter_admin(user)
        sessions.describe(
            request,
            idle=settings.SESSION_IDLE_MINUTES_ADMIN if admin else settings.SESSION_IDLE_MINUTES,
        )

    def set_password(self, user: User, password: str) -> None:
        this = self.request.session.session_key if self.request else None
        actions.choose_password(of=user, password=password, this=this)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict | None = None,
        email: str | None = None,
    ) -> None:
        """Have a change of second factors told; of passwords the action that keeps them tells."""
        if what := telling.BY_MAIL.get(template_prefix):
            telling.tell(user, what)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask nobody again who has just signed in."""
        records = get_authentication_records(context.request, context.request.user)
        just_now = time.time() - REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > just_now for record in records)


class SecondFactors(DefaultMFAAdapter):
    """Apps and passkeys: secrets encrypted at rest, and none goes that somebody's role asks for."""

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.must_keep(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        there = Authenticator.objects.filter(user=user, type=type).count()
        return _("通行密钥") if not there else _("通行密钥%(n)s") % {"n": there + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "江东365"}


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box_of(secrets: tuple[str, ...]) -> MultiFernet:
    """Return the box for second factors: the first secret shuts it, any opens it."""
    keys = [hashlib.sha256(f"second factor {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class DistrictSignIn(DefaultSocialAccountAdapter):
    """The district's own sign-in opens accounts that are there already, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom we know by their number over there, or this once by their e-mail; say to others whom to ask.

        Nobody binds a number to an account they are in: who sat down at an open one could come back for ever.
        """
        if sociallogin.state.get("process") != "login":
            page = render(request, "socialaccount/authentication_error.html", status=403)
            raise ImmediateHttpResponse(page)
        if sociallogin.is_existing:
            return
        user = actions.match_sign_in(
            provider=sociallogin.account.provider,
            subject=sociallogin.account.uid,
            emails=[address.email for address in sociallogin.email_addresses if address.verified],
        )
        if user is None:
            page = render(request, "socialaccount/unknown.html", status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.user = user
