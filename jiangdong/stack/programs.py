"""The portal's own programs: the same commands in `make run` and in the image.

In the image each is a process of its own, `python -m jiangdong.stack web`, which becomes the program.
"""

import os
import sys
from pathlib import Path

from jiangdong import env
from jiangdong.stack import places

NAMES = ("web", "worker", "beat")
# Where the whole portal runs as root, as in a container, Celery's five lines of alarm help nobody.
AS_ROOT = "ignore:You're running the worker with superuser privileges"


def web(bind: str, *, workers: int, threads: int = 1) -> list[str]:
    """Return the web server's command.

    Without threads where a buffering proxy stands in front: workers then answer more (73 against 52 pages a
    second, measured once). With threads where none does: the connections that a browser opens ahead and
    leaves idle stop a worker without threads altogether.
    """
    counts = f"--workers {workers} --threads {threads}"
    patience = "--timeout 60 --graceful-timeout 10"
    return _python(
        "gunicorn jiangdong.wsgi --config python:jiangdong.stack.web_server --preload"
        f" --bind {bind} {counts} {patience} --no-control-socket"
    )


def worker(*, concurrency: int) -> list[str]:
    """Return the command of the worker that runs tasks."""
    return _python(
        f"celery --quiet --app jiangdong worker --concurrency {concurrency}"
        " --without-gossip --without-mingle --loglevel INFO"
    )


def beat(data: Path) -> list[str]:
    """Return the command of the timetable; what it did last stands in the data folder."""
    folder = data / "beat"
    folder.mkdir(mode=0o700, exist_ok=True)
    return [
        *_python("celery --quiet --app jiangdong beat --pidfile="),
        "--schedule",
        str(folder / "schedule"),
    ]


def become(name: str) -> None:
    """Turn this process into one of the programs, as a container of its own: signals reach it directly."""
    data = Path(os.environ.get("DATA") or ".data").resolve()
    places.make_data_folder(data)
    command = {
        "web": lambda: web("0.0.0.0:8000", workers=env.number("WEB_WORKERS", 4, least=1)),
        "worker": lambda: worker(concurrency=env.number("WORKER_CONCURRENCY", 2, least=1)),
        "beat": lambda: beat(data),
    }[name]()
    os.execv(command[0], command)  # noqa: S606 - the program is this interpreter


def _python(words: str) -> list[str]:
    return [sys.executable, "-W", AS_ROOT, "-m", *words.split()]
