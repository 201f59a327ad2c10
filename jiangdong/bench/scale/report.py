"""Measures everything at one size after the other, and says how it grew."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.core.management.base import CommandError
from django.utils import translation

from jiangdong.bench.scale import cpu
from jiangdong.bench.scale.chores import chores
from jiangdong.bench.scale.filling import fill_up_to
from jiangdong.bench.scale.pages import Page, pages
from jiangdong.bench.scale.scratch import scratch
from jiangdong.bench.scenes import Request
from jiangdong.bench.server import Server
from wishes.models import Wish

WORKERS = 2
TURN = 5  # seconds
TICK = 0.01  # seconds: what the kernel counts processor time in


def measure(sizes: list[int], rounds: int, each: int, say: Callable[[str], object]) -> None:
    """Fill a scratch database to each of these sizes in turn, measure there, and say it line by line."""
    first: dict[str, float] = {}
    with scratch(), translation.override("zh-hans"):
        for size in sorted(sizes):
            fill_up_to(size)
            say(f"\n{Wish.objects.live().count()} wishes")
            say(f"{'':36}{'CPU ms':>10}{'database':>10}{'÷ bare':>8}{'÷ first':>9}{'queries':>9}")
            with Server(WORKERS) as server:
                for page in pages((rounds + 2) * each + 3):
                    say(_line_of_page(server, page, rounds, each, first))
            for done in chores():
                mean = done.seconds * 1000 / max(done.rows, 1)
                growth = mean / first.setdefault(done.name, mean)
                say(
                    f"{done.name:36}{done.seconds * 1000:10.0f}{'':>10}{done.seconds / max(done.bare, TICK):8.1f}"
                    f"{growth:9.2f}   {done.rows} rows; {done.said}"
                )


def _line_of_page(
    server: Server, page: Page, rounds: int, each: int, first: dict[str, float]
) -> str:
    """Let ours and bare take turns, after one turn to warm up, and compare with the first size."""
    queries = _queries(server, page.ours)
    _turn(server, page.ours, each, page.clients)
    _turn(server, page.bare, each, page.clients)
    ours, bare = [], []
    for _round in range(rounds):
        ours.append(_turn(server, page.ours, each, page.clients))
        bare.append(_turn(server, page.bare, each, page.clients))
    whole = statistics.median(sum(turn) for turn in ours)
    database = statistics.median(turn[1] for turn in ours)
    ratio = whole / statistics.median(sum(turn) for turn in bare)
    growth = whole / first.setdefault(page.name, whole)
    met = "" if growth == 1 else "   met" if growth <= page.aim else f"   missed {page.aim}"
    return f"{page.name:36}{whole:10.2f}{database:10.2f}{ratio:8.2f}{growth:9.2f}{queries:9}{met}"


def _queries(server: Server, request: Request) -> int:
    """Count the queries of a request on a connection that is in use."""
    headers = {**request.headers, "X-Count": "1"}
    counted = [
        server.ask(request.method, request.address(), headers, request.body).queries
        for _n in range(3)
    ]
    return min(counted)


def _turn(server: Server, request: Request, each: int, clients: int) -> tuple[float, float]:
    """Send a request so many times, fewer where that takes long; return the milliseconds for each.

    The first are those of the workers, the second those of the database.
    """
    addresses = [request.address() for _n in range(each)]
    until = time.monotonic() + TURN
    asked = []

    def ask(address: str) -> None:
        if asked and time.monotonic() > until:
            return
        asked.append(address)
        answer = server.ask(request.method, address, request.headers, request.body)
        if answer.status != request.status:
            raise CommandError(f"{address} answered {answer.status}: {answer.body[:200]!r}")

    workers, database = server.cpu(), cpu.backends()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, addresses))
    spent = (server.cpu() - workers, cpu.backends() - database)
    return spent[0] * 1000 / len(asked), spent[1] * 1000 / len(asked)
