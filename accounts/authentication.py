"""Who asks the API. Apart from `accounts.api`: views import their authentication from settings."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme as SessionSchemeOfOthers
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed

from accounts import actions
from accounts.first_things import require_nothing_first
from accounts.models import ApiToken
from jiangdong import clock
from jiangdong.privacy import digest


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`, against unexpired digests."""

    def authenticate(self, request):
        words = authentication.get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("令牌格式不对。"))
        try:
            token = ApiToken.objects.select_related("user").get(
                digest=digest(words[1].decode("latin-1")),
                expires_at__gt=clock.now(),
                user__is_active=True,
            )
        except ApiToken.DoesNotExist as error:
            raise AuthenticationFailed(_("令牌无效或已过期，请重新登录。")) from error
        require_nothing_first(token.user)
        actions.note_use(token=token)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """A session of the pages, unless its owner has something to do there first."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found:
            require_nothing_first(found[0])
        return found


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"}


class SessionScheme(SessionSchemeOfOthers):
    """How the API's description names it."""

    target_class = SessionAuthentication
