"""A portal of its own for one run, and its programs as processes that can be killed."""

import datetime as dt
import http.client
import os
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from jiangdong.stack import places
from jiangdong.stack.children import Child, StackError, say_into
from jiangdong.stack.valkey import free_port
from notices.workdays import is_workday

START_WITHIN = 120  # seconds
WEB_WORKERS = 2  # as the stack starts them
MID_MORNING = dt.time(10)
CHINA = ZoneInfo("Asia/Shanghai")
NOT_OURS = {"DATABASE_URL", "REDIS_URL", "DATA", "PRODUCTION"}


def seconds_back() -> int:
    """Return how long ago the last working day's ten o'clock was."""
    now = dt.datetime.now(CHINA)
    then = dt.datetime.combine(now.date(), MID_MORNING, CHINA)
    while then > now or not is_workday(then.date()):
        then -= dt.timedelta(days=1)
    return int((now - then).total_seconds())


class Portal:
    """Runs `jiangdong.stack run` on a free port with an empty DATA while the context lasts."""

    def __enter__(self) -> "Portal":
        self.port = free_port()
        self.data = Path(tempfile.mkdtemp(prefix="jiangdong365-faults-")).resolve()
        places.make_data_folder(self.data)
        self._lines = (self.data / "lines.log").open("w+", buffering=1, encoding="utf-8")
        say_into(self._lines)
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        given = {**kept, "DATA": str(self.data), "PORT": str(self.port), "DEMO": "no"}
        command = [sys.executable, "-m", "jiangdong.stack", "run"]
        self._child = Child("stack", command, env=given, patience=90)
        try:
            self._child.start()
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc) -> None:
        self._child.stop()
        self._lines.close()
        say_into(sys.stdout)
        places.remove_data_folder(self.data)

    def _wait(self) -> None:
        until = time.monotonic() + START_WITHIN
        while "ready http" not in self.lines():
            if self._child.ended() is not None or time.monotonic() > until:
                raise StackError(f"the portal did not start:\n{self.lines()}")
            time.sleep(0.2)
        self.stack = next(
            child for child in psutil.Process().children() if "jiangdong.stack" in child.cmdline()
        )

    def lines(self) -> str:
        """Return what the programs have said so far."""
        return (self.data / "lines.log").read_text(encoding="utf-8")

    def lives(self) -> bool:
        """Say whether what holds the programs together still runs."""
        return self._child.ended() is None

    def programs(self) -> dict[str, psutil.Process]:
        """Return the programs that run now, by name; of the web's workers the youngest, when there are all."""
        found = {}
        for process in self.stack.children():
            try:
                name = _name_of(process)
                found[name] = process
                workers = process.children() if name == "web" else []
                if len(workers) == WEB_WORKERS:
                    found["web worker"] = max(workers, key=psutil.Process.create_time)
            except psutil.Error:
                continue
        return found

    def family(self) -> list[psutil.Process]:
        """Return all that runs below the stack."""
        return self.stack.children(recursive=True)

    def is_ready(self) -> bool:
        """Say whether the web calls itself ready, database and all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _name_of(process: psutil.Process) -> str:
    words = process.cmdline()
    names = {"gunicorn": "web", "worker": "worker", "beat": "beat"}
    servers = {"postgres": "database", "valkey-server": "broker"}
    return servers.get(process.name()) or next(
        (name for word, name in names.items() if word in words), "other"
    )


def leftovers(family: list[psutil.Process]) -> list[psutil.Process]:
    """Return which of these processes still run after a few seconds."""
    return psutil.wait_procs(family, timeout=15)[1]
