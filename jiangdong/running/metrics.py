"""The portal's figures for Prometheus, beside what django_prometheus counts of requests and queries."""

import ipaddress
import os
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django_prometheus.middleware import PrometheusAfterMiddleware
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from jiangdong.clients import address_of
from jiangdong.running import figures
from jiangdong.unnamed import is_unnamed


class CountedByView(PrometheusAfterMiddleware):
    """django_prometheus's counts, with words that the asker chose kept out of the labels.

    Doors at which nobody is known are not counted: whoever keeps the counts would know when somebody was there.
    """

    def __call__(self, request):
        return self.get_response(request) if is_unnamed(request) else super().__call__(request)

    def process_view(self, request, *view):
        return None if is_unnamed(request) else super().process_view(request, *view)

    def process_template_response(self, request, response):
        if is_unnamed(request):
            return response
        return super().process_template_response(request, response)

    def process_exception(self, request, exception):
        return None if is_unnamed(request) else super().process_exception(request, exception)

    def process_request(self, request):
        # A length that is no number is no fault of ours; the library would fail on it.
        if not request.META.get("CONTENT_LENGTH", "0").isdecimal():
            request.META["CONTENT_LENGTH"] = "0"
            vars(request).pop("headers", None)
        return super().process_request(request)

    def label_metric(self, metric, request, response=None, **labels):
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response, **labels)


class Collector:
    """Asks the figures anew whenever they are collected, so that any web worker answers for the whole portal."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            now = figures.ask()
        except Error:
            yield _gauge("database_up", "Whether the database answers.", 0)
            return
        yield _gauge("database_up", "Whether the database answers.", 1)
        yield _gauge("broker_up", "Whether the broker answers.", now.queue is not None)
        if now.queue is not None:
            yield _gauge("queue_length", "Tasks that wait for a worker.", now.queue)
        yield _gauge(
            "oldest_undelivered_notice_seconds",
            "How long the longest waiting mail waits.",
            now.oldest_undelivered.total_seconds(),
        )
        yield _gauge(
            "reminders_late", "Lines that fell due and were told nobody.", now.reminders_late
        )
        yield _gauge("mail_given_up", "Mails given up in seven days.", now.mail_given_up)
        yield _gauge("robots_failing", "Group robots that fail.", now.robots_failing)
        yield _gauge("kept_too_long", "Residents to be erased before today.", now.kept_too_long)
        yield _gauge("disk_free_bytes", "Free on the disk of the data.", now.disk_free)
        yield _gauge("disk_total_bytes", "Size of the disk of the data.", now.disk_total)
        done = GaugeMetricFamily(
            "jiangdong_last_done_timestamp_seconds",
            "When what is done again and again was last done.",
            labels=["name"],
        )
        for name, beat in sorted(now.beats.items()):
            done.add_metric([name], beat.at.timestamp())
        yield done


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"jiangdong_{name}", help_text, value=value)


def may_read(request: HttpRequest) -> bool:
    """Let in who comes from a network in METRICS_ALLOWED, or bears METRICS_TOKEN."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(
        token.encode(), settings.METRICS_TOKEN.encode()
    ):
        return True
    try:
        asker = ipaddress.ip_address(address_of(request))
    except ValueError:
        return False
    return any(asker in network for network in settings.METRICS_ALLOWED)


def answer() -> HttpResponse:
    """Return all metrics: those of all web workers together, and the figures of this moment."""
    registry = CollectorRegistry()
    registry.register(Collector())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        counted = b""
    else:
        counted = generate_latest(REGISTRY)
    return HttpResponse(generate_latest(registry) + counted, content_type=CONTENT_TYPE_LATEST)
