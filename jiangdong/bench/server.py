"""One gunicorn with one worker, and how much processor time that worker has used."""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

PATIENCE = 60  # seconds


@dataclass
class Answer:
    """What came back."""

    status: int
    queries: int
    body: bytes


class Server:
    """Serves `jiangdong.bench.settings` on a free port of this machine while the context lasts."""

    def __enter__(self) -> "Server":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            sys.executable, "-m", "gunicorn", "--workers=1", "--worker-class=sync", "--preload",
            f"--bind=127.0.0.1:{self.port}", "--log-level=critical", "jiangdong.wsgi:application",
        ]  # fmt: skip
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "jiangdong.bench.settings",
            "DEMO": "1",
        }
        self.process = subprocess.Popen(command, env=environment)
        self._wait()
        self.worker = psutil.Process(self.process.pid).children()[0]
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
        """Return the worker's processor seconds so far, its own and the kernel's for it."""
        used = self.worker.cpu_times()
        return used.user + used.system

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
