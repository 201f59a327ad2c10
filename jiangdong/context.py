"""What every page shows around its own content."""

from django.conf import settings
from django.http import HttpRequest

from jiangdong.navigation import places_for
from notices.models import Notice
from pairing.standing import standing_of


def portal(request: HttpRequest) -> dict:
    """Give templates the four places, the unread count, the elder view and whether this is the demo district.

    Asked once a request: the admin's theme renders many small templates, each with a context of its own.
    """
    if not hasattr(request, "_portal"):
        request._portal = _portal(request)
    return request._portal


def _portal(request: HttpRequest) -> dict:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    unread = Notice.objects.unread_count(user) if signed_in else ""
    return {
        "demo": settings.DEMO,
        "elder": request.COOKIES.get("elder") == "1",
        "unread": unread,
        "nav": places_for(request, unread),
        "standing": standing_of(user) if signed_in else None,
    }
