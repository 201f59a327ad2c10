"""Signing in to the API: a token for a password."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate, user_logged_in
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from accounts import actions
from accounts.first_things import require_password_enough
from accounts.models import User
from jiangdong.api_errors import LockedOut
from jiangdong.api_views import Door
from jiangdong.privacy import digest


class Credentials(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class IssuedToken(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class AccountThrottle(AnonRateThrottle):
    """So many tries a minute for one account from one address: colleagues behind one address do not add up."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str:
        username = request.data.get("username") if isinstance(request.data, dict) else None
        ident = digest(f"{self.get_ident(request)} {username}")
        return self.cache_format % {"scope": self.scope, "ident": ident}


class AddressThrottle(AnonRateThrottle):
    """And so many from one address for all its accounts together."""

    scope = "token_address"
    rate = "120/min"


class TokenView(Door):
    """Issue a token for a user name and a password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AccountThrottle, AddressThrottle)

    @extend_schema(request=Credentials, responses=IssuedToken, tags=["token"])
    def post(self, request: Request) -> Response:
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = self._user(request._request, **credentials.validated_data)
        text, token = actions.issue_token(to=user)
        return Response(IssuedToken({"token": text, "expires_at": token.expires_at}).data)

    def _user(self, request, username: str, password: str) -> User:
        """Return whose password it is; the lock-out counts failures here as it does for the pages.

        Raises:
            AuthenticationFailed: no such person, another password, or an ended account.
            LockedOut: too many failures before.
            NotAllowed: for this account a password is not enough.
        """
        user = authenticate(request, username=username, password=password)
        if getattr(request, "axes_locked_out", False):
            # Or the middleware would answer with the page for people.
            request.axes_locked_out = False
            raise LockedOut(wait=get_cool_off(request).total_seconds())
        if user is None:
            raise AuthenticationFailed(_("用户名或密码不对；多次不对会暂时锁定。"))
        require_password_enough(user)
        # Ends the count of failures and leaves the moment of signing in, as on the pages.
        user_logged_in.send(sender=type(user), request=request, user=user)
        return user

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"
