"""One line a request: which page, for which account, how it ended and how long it took; nothing that was typed."""

import time
import uuid

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty
from django_structlog.middlewares import RequestMiddleware

from jiangdong.clients import address_of
from jiangdong.logs import HIDDEN, mask
from jiangdong.unnamed import is_unnamed


class RequestLog(RequestMiddleware):
    """django_structlog's middleware, told what to leave out.

    An address is written without its query and with tokens masked; one that leads nowhere is not written at
    all. Where a request came from is written for everybody but residents on their own page. Of doors at which
    nobody is known there is no line, for a line's time alone would join what was said there to somebody; only a
    fault of ours is told.
    """

    def prepare(self, request: HttpRequest) -> None:
        """Give the request its id; that it began is no line of its own."""
        request.began = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if is_unnamed(request) and response.status_code < 500:
            structlog.contextvars.clear_contextvars()
            return
        facts = {"ms": round((time.monotonic() - request.began) * 1000)}
        if match := request.resolver_match:
            facts["view"] = match.view_name
        if not request.path.startswith("/r/"):
            facts["ip"] = address_of(request)
        # Only now, and not at the beginning: tasks handed over meanwhile carry the request's id along, and no more.
        structlog.contextvars.bind_contextvars(**facts)
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {mask(request.path) if request.resolver_match else HIDDEN}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Bind the account of a request that has asked for it; asking here would cost every page two queries."""
        user = getattr(request, "user", None)
        if isinstance(user, LazyObject) and user._wrapped is empty:
            return
        if user is not None and user.pk:
            structlog.contextvars.bind_contextvars(user_id=user.pk)
