"""`python -m jiangdong.stack healthy NAME`: whether the program of this container lives."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from jiangdong import env
from jiangdong.stack.children import StackError

BEAT_SAVES_WITHIN = 600  # seconds: Celery's beat writes its schedule every three minutes


def check(name: str) -> None:
    """Return if the program lives.

    Raises:
        StackError: it does not; the text says what is wrong.
    """
    {"web": _web, "worker": _worker, "beat": _beat}[name]()


def _web() -> None:
    try:
        with urllib.request.urlopen("http://127.0.0.1:8000/health/live", timeout=5):
            return
    except OSError as error:
        raise StackError(f"web does not answer: {error}") from error


def _worker() -> None:
    """Ask through the broker: a worker that has lost it does no work either."""
    ask = [sys.executable, "-m", "celery", "--quiet", "--app", "jiangdong", "inspect", "ping"]
    if subprocess.run([*ask, "--timeout", "10"], check=False, capture_output=True).returncode:
        raise StackError("worker does not answer")


def _beat() -> None:
    folder = Path(env.text("DATA")) / "beat"
    saved = max((path.stat().st_mtime for path in folder.glob("schedule*")), default=0)
    if time.time() - saved > BEAT_SAVES_WITHIN:
        raise StackError("beat has not written its schedule for long")
