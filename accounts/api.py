"""Signing in to the API: a token for a password, and the token on each request."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from accounts import actions
from accounts.models import ApiToken
from jiangdong import clock
from jiangdong.privacy import digest


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, against unexpired digests."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("令牌格式不对。"))
        token = (
            ApiToken.objects.select_related("user")
            .filter(
                digest=digest(words[1].decode("latin-1")),
                expires_at__gt=clock.now(),
                user__is_active=True,
            )
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("令牌无效或已过期，请重新登录。"))
        return token.user, token

    def authenticate_header(self, request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"}


class Credentials(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class IssuedToken(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenThrottle(AnonRateThrottle):
    scope = "token"


class TokenView(APIView):
    """Issue a token for a user name and a password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (TokenThrottle,)

    @extend_schema(request=Credentials, responses=IssuedToken)
    def post(self, request) -> Response:
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        # The plain request: axes counts failures on it, for the API as for the pages.
        user = authenticate(request._request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed(_("用户名或密码不对；多次不对会暂时锁定。"))
        text, token = actions.issue_token(to=user)
        return Response(IssuedToken({"token": text, "expires_at": token.expires_at}).data)

    def get_authenticate_header(self, request) -> str:
        return "Token"
