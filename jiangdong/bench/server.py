"""One gunicorn, and how much processor time its workers have used."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial

import psutil

from jiangdong.stack.children import end_with_parent

PATIENCE = 60  # seconds


@dataclass
class Answer:
    """What came back."""

    status: int
    queries: int
    body: bytes


class Server:
    """Serves `jiangdong.bench.settings` on a free port of this machine while the context lasts."""

    def __init__(self, workers: int = 1) -> None:
        self.count = workers

    def __enter__(self) -> "Server":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            sys.executable, "-m", "gunicorn", f"--workers={self.count}", "--worker-class=sync", "--preload",
            f"--bind=127.0.0.1:{self.port}", "--log-level=critical", "jiangdong.wsgi:application",
        ]  # fmt: skip
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "jiangdong.bench.settings",
            "DEMO": "1",
        }
        # However this process ends, the server does not outlive it.
        with_us = partial(end_with_parent, signal.SIGTERM)
        self.process = subprocess.Popen(command, env=environment, preexec_fn=with_us)
        self._wait()
        self.workers = psutil.Process(self.process.pid).children()
        return self

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("GET", "/robots.txt")
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.2)
            else:
                return

    def __exit__(self, *exc) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    def cpu(self) -> float:
        """Return the workers' processor seconds so far, their own and the kernel's for them."""
        times = [worker.cpu_times() for worker in self.workers]
        return sum(used.user + used.system for used in times)

    def ask(
        self, method: str, path: str, headers: dict | None = None, body: bytes | None = None
    ) -> Answer:
        """Send one request and read the whole answer; sync workers close after each."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(
                response.status, int(response.headers.get("X-Queries", 0)), response.read()
            )
        finally:
            connection.close()
