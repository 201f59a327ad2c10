"""`manage.py bench`: what requests cost in processor time, against the barest view of the same rows."""

import logging
import statistics

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from jiangdong.bench.scale.report import measure
from jiangdong.bench.scenes import Request, Scene, scenes
from jiangdong.bench.server import Server


class Command(BaseCommand):
    help = "Measure processor time and queries a request, as ratios within one run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rounds", type=int, default=7, help="how often ours and bare take turns"
        )
        parser.add_argument("--each", type=int, default=40, help="requests a turn")
        parser.add_argument(
            "--scale",
            type=int,
            nargs="+",
            metavar="WISHES",
            help="how it grows: fill a scratch database to each of these numbers",
        )

    def handle(self, *, rounds: int, each: int, scale: list[int] | None, **options) -> None:
        logging.disable(logging.WARNING)  # signing in, as told by libraries
        if scale:
            measure(scale, rounds, each, self._say)
            return
        if not User.objects.filter(username="worker").exists():
            raise CommandError("there is no demo district to measure: run seed_demo first")
        prepared = scenes(rounds, each)
        self.stdout.write(
            f"{'':34}{'ours ms':>9}{'bare ms':>9}{'ratio':>8}{'aim':>6}{'queries':>10}"
        )
        with Server() as server:
            for scene in prepared:
                self._report(scene, *_measure(server, scene, rounds, each))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _report(
        self, scene: Scene, ours: list[float], bare: list[float], queries: tuple[int, int]
    ) -> None:
        ratios = [a / b for a, b in zip(ours, bare, strict=True)]
        ratio = statistics.median(ratios)
        self.stdout.write(
            f"{scene.name:34}{statistics.median(ours):9.2f}{statistics.median(bare):9.2f}"
            f"{ratio:8.2f}{scene.aim:6.1f}{queries[0]:6} / {queries[1]}"
            f"   {'met' if ratio <= scene.aim else 'missed'} ({min(ratios):.2f}–{max(ratios):.2f})"
        )


def _measure(
    server: Server, scene: Scene, rounds: int, each: int
) -> tuple[list[float], list[float], tuple[int, int]]:
    """Let ours and bare take turns, after one turn to warm up; count queries apart from the timing."""
    queries = (_queries(server, scene.ours), _queries(server, scene.bare))
    _turn(server, scene.ours, each // 2)
    _turn(server, scene.bare, each // 2)
    ours, bare = [], []
    for _round in range(rounds):
        ours.append(_turn(server, scene.ours, each))
        bare.append(_turn(server, scene.bare, each))
    return ours, bare, queries


def _queries(server: Server, request: Request) -> int:
    headers = {**request.headers, "X-Count": "1"}
    # The first request of a connection also asks about the connection.
    server.ask(request.method, request.address(), headers, request.body)
    return server.ask(request.method, request.address(), headers, request.body).queries


def _turn(server: Server, request: Request, each: int) -> float:
    """Send one request so many times, and return the worker's milliseconds for each."""
    before = server.cpu()
    for _n in range(each):
        answer = server.ask(request.method, request.address(), request.headers, request.body)
        if answer.status != request.status:
            raise CommandError(f"{request.path} answered {answer.status}: {answer.body[:200]!r}")
    return (server.cpu() - before) * 1000 / each
