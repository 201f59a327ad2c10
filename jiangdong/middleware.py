"""What every request passes through that is ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jiangdong.refusals import Refusal


class RefusalMiddleware:
    """Turn a refusal that a page let through into a page that says why, with its status: never a 500."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "refused.html", {"refusal": exception}, status=exception.status)


class ReferrerPolicyForLinks:
    """Keep secret addresses secret: a resident's own page is neither referred nor cached; only the wall is indexed.

    Referred is the host alone: with no referrer at all browsers post `Origin: null`, and the resident's own
    answer would be taken for a forgery.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/r/"):
            response["Referrer-Policy"] = "strict-origin"
            response["Cache-Control"] = "private, no-store"
        if request.path != "/" and not request.path.startswith(("/static/", "/wall/")):
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response
