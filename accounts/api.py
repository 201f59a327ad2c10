"""Signing in to the API: a token for a password, and the token on each request."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from accounts import actions


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
