"""What every request of somebody who signed in passes through."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts import sessions
from accounts.first_things import first_thing_for


class SessionsInUse:
    """Keep a session alive while it is used. Sessions that nobody asked for in this request stay as they are."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sessions.touch(request.session)
        return response


class FirstThingsFirst:
    """Send whoever has something to do first to its page, from any other.

    The API's doors ask for themselves (`accounts.authentication`): they know tokens too.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: list, kwargs: dict
    ) -> HttpResponse | None:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return None
        first = first_thing_for(request.user)
        if first is None or request.resolver_match.view_name in first.open:
            return None
        if not first.says_why:
            messages.warning(request, first.why)
        if request.htmx:
            return HttpResponseClientRedirect(reverse(first.page))
        return redirect(first.page)
