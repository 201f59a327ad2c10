"""The whole portal on one machine: servers, schema, demo district, web, worker and beat."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from jiangdong.stack import places, programs, servers
from jiangdong.stack.children import Child, StackError, run_step, say

LOOK_EVERY = 0.2  # seconds between two looks at the children
QUICK_DEATH = 5  # seconds: one that lives no longer has not really started
QUICK_DEATHS_ALLOWED = 5
ANSWER_WITHIN = 60  # seconds


class Service(Protocol):
    """What is kept running: a server or a program."""

    name: str

    def start(self) -> None:
        """Start it, or start it again."""

    def ended(self) -> int | None:
        """Return the exit code, or None while it runs."""


def run(data: Path, port: int) -> None:
    """Run the portal until a signal ends us.

    Raises:
        StackError: it cannot be started, or one of its programs keeps dying.
    """
    _refuse_taken_port(port)
    with ExitStack() as at_the_end:
        services: list[Service] = []
        if servers.brought_along():
            services += at_the_end.enter_context(servers.serving(data))
        else:
            places.make_data_folder(data)
        os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
        given = servers.environment(data)
        say("schema and demo district")
        if code := run_step([sys.executable, "-m", "jiangdong.stack.prepare"], env=given):
            raise StackError(f"schema and demo district failed with {code}")
        web, *others = ours = _programs(given, data, port)
        at_the_end.callback(_stop_together, ours)
        web.start()
        _wait_for_answer(port, web)
        for program in others:  # what they take to start does not keep the web waiting
            program.start()
        services += ours
        say(f"ready http://127.0.0.1:{port}/ (the same portal: http://localhost:{port}/)")
        _keep_running(services)


def _programs(given: Mapping[str, str], data: Path, port: int) -> list[Child]:
    commands = {
        "web": programs.web(f"127.0.0.1:{port}", workers=2, threads=4),
        "worker": programs.worker(concurrency=2),
        "beat": programs.beat(data),
    }
    return [Child(name, command, env=given) for name, command in commands.items()]


def _stop_together(ours: list[Child]) -> None:
    for program in ours:
        program.ask_to_stop()
    for program in ours:
        program.stop()


def _keep_running(services: list[Service]) -> None:
    """Start again whatever ends by itself; give up on one that never lives for long."""
    started = dict.fromkeys((service.name for service in services), time.monotonic())
    quick_deaths = dict.fromkeys(started, 0)
    while True:
        time.sleep(LOOK_EVERY)
        for service in services:
            if (code := service.ended()) is None:
                continue
            lived = time.monotonic() - started[service.name]
            quick_deaths[service.name] = (
                quick_deaths[service.name] + 1 if lived < QUICK_DEATH else 0
            )
            if quick_deaths[service.name] > QUICK_DEATHS_ALLOWED:
                raise StackError(f"{service.name} keeps ending ({code}); its own lines say why")
            say(f"{service.name} ended ({code}) and is started again")
            service.start()
            started[service.name] = time.monotonic()


def _wait_for_answer(port: int, web: Child) -> None:
    deadline = time.monotonic() + ANSWER_WITHIN
    while not _answers(port):
        if (code := web.ended()) is not None:
            raise StackError(f"web ended ({code}) before the portal was ready")
        if time.monotonic() > deadline:
            raise StackError(f"the portal does not answer within {ANSWER_WITHIN} s")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StackError(f"port {port} is taken: choose another with PORT=") from error
