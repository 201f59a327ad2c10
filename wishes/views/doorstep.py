"""The log form without a network: a page that holds nobody's data, and who may use what a phone keeps."""

import base64
import datetime as dt
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.session_store import BEGAN
from jiangdong import clock
from pairing.models import Community
from pairing.standing import standing_of
from wishes.forms import LogForm


@cache
def shell() -> str:
    """Return the log form that phones keep. Made without a request, no session, token or name can get into it."""
    return get_template("wishes/offline.html").render({"form": LogForm(), "demo": settings.DEMO})


@require_safe
def log_offline(request: HttpRequest) -> HttpResponse:
    """Give the form that a phone keeps for when it has no network: the same to whoever asks."""
    return HttpResponse(shell())


@require_safe
@never_cache
def log_who(request: HttpRequest) -> JsonResponse:
    """Tell a phone who is signed in: their key for what it keeps, until when, and their community.

    401 when nobody is: the phone then drops the key. Not a redirect, which a program would take for an answer.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("请先登录。")}, status=401)
    standing = standing_of(request.user)
    community = Community.objects.filter(pk=standing.any_community_id).first()
    began = request.session.get(BEGAN)
    since = dt.datetime.fromisoformat(began) if began else clock.now()
    return JsonResponse(
        {
            "owner": str(request.user.pk),
            "key": base64.b64encode(_key_of(request.user)).decode(),
            "until": since + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
            "community": community.code if community else "",
            "place": community.name if community else "",
            "elder": request.COOKIES.get("elder") == "1",
            "csrf": get_token(request),
        }
    )


def _key_of(user: User) -> bytes:
    """Return 32 bytes under which a phone seals what this person writes down.

    The same at every sign-in, so that entries survive a session that ended; kept nowhere, so that neither the
    database nor a phone without a session opens them. With another SECRET_KEY they are lost, and the phone says so.
    """
    return salted_hmac("wishes.doorstep", str(user.pk), algorithm="sha256").digest()
