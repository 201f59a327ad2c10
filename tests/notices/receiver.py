"""A place on this machine that answers as the robots' servers do, or fails in their ways."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TAKEN = {"errcode": 0, "code": 0}


class Receiver(ThreadingHTTPServer):
    """Keeps what it was told as (path, payload); `status`, `answer` and `hangs` say how it behaves."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[str, dict]] = []
        self.status = 200
        self.answer: dict | list | None = TAKEN
        self.hangs = False
        self.let_go = threading.Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def texts(self) -> list[str]:
        """Return what the group would read, oldest first."""
        return [
            (payload.get("text") or payload["content"]).get("content") or payload["content"]["text"]
            for _path, payload in self.heard
        ]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        if self.server.hangs:
            self.server.let_go.wait(10)
            return
        words = b"<html>" if self.server.answer is None else json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        if self.server.status in (301, 302):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *args) -> None:
        """Keep the tests' output clean."""


@contextmanager
def listening() -> Iterator[Receiver]:
    """Serve until the end of the block."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        receiver.shutdown()
        thread.join()
        receiver.server_close()
