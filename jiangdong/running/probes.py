"""What machines ask: does it live, is it ready, and its metrics. No library: the one for health opens a connection of
its own for each question, tells names of machines and folders, and knows nothing of migrations.
"""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from jiangdong.running import figures, metrics

OK, DOWN = "ok", "down"


class Probes:
    """Answers probes before anything else does: they come by address instead of name, without TLS and sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._answers = {"/health/live": live, "/health/ready": ready, "/metrics": measured}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._answers.get(request.path)
        if answer is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = answer(request) or self.get_response(request)
        response["Cache-Control"] = "no-store"
        return response


def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked, so that a dead database starts no web anew."""
    return JsonResponse({"live": OK})


def ready(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be served: 503 without the database, with an older schema, or with the disk full.

    Without the broker pages still work, and mail waits: that is told, and takes no web out of service.
    """
    found = {"database": _database(), "disk": _disk()}
    status = 200 if set(found.values()) == {OK} else 503
    found["broker"] = DOWN if figures.queue_length() is None else OK
    return JsonResponse(found, status=status)


def _database() -> str:
    try:
        return "to be migrated" if figures.migrations_missing() else OK
    except Error:
        return DOWN


def _disk() -> str:
    free = shutil.disk_usage(figures.existing_folder()).free
    return OK if free >= settings.DISK_LEAST_MB * 1024 * 1024 else "full"


def measured(request: HttpRequest) -> HttpResponse | None:
    """Answer whoever may read metrics; for everybody else there is no such page."""
    return metrics.answer() if metrics.may_read(request) else None
