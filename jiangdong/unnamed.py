"""Doors at which nobody is known: whoever raises something there leaves no trace of who they are, signed in or not.

Everything behind these addresses is answered as to a passer-by: the cookie of a session is left outside, so nothing
can read, touch or note an account; and no line of the log is written, here as in the proxy (`deploy/nginx`).
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

UNNAMED = re.compile(r"/voices/(?:say|follow)/|/voices/sessions/[0-9]+/ask/|/r/voice/")


def is_unnamed(request: HttpRequest) -> bool:
    """Say whether this address knows nobody."""
    return UNNAMED.match(request.path) is not None


class UnnamedDoors:
    """Take the session's cookie off a request to such a door, before anything looks at it.

    The browser keeps it: elsewhere one is signed in as before.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_unnamed(request):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            request.META.pop("HTTP_AUTHORIZATION", None)
        return self.get_response(request)
