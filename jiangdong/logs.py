"""Logs that help an operator and give nobody away: structured lines, with what is personal masked or left out.

In production each line is JSON, on the console and in a file a day that is kept for LOG_DAYS. An exception is
told by its type and its places in the code: its own words may hold what somebody typed.
"""

import datetime as dt
import logging
import os
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from jiangdong.privacy import IDENTITY_NUMBER, MOBILE

HIDDEN = "…"
Line = MutableMapping[str, Any]
# What follows /r/ opens a resident's page; other long words in an address open something as well.
_TOKENS = (
    (re.compile(r"(/r/)[^/\s?#\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<=/)[\w=-]{20,}(?=[/?#\s\"']|$)", re.ASCII), HIDDEN),
)
_PERSONAL = (IDENTITY_NUMBER, MOBILE, re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"))
_OURS = frozenset({"timestamp", "level", "logger", "request_id", "task_id", "parent_task_id"})
_PLACES = 12  # of an exception, the innermost


def mask(text: str) -> str:
    """Return a text without link tokens, telephone and identity numbers, and mail addresses."""
    for pattern, instead in _TOKENS:
        text = pattern.sub(instead, text)
    for pattern in _PERSONAL:
        text = pattern.sub(HIDDEN, text)
    return text


def masked(logger: Any, method: str, line: Line) -> Line:
    """Mask every value that is not our own."""
    for name, value in line.items():
        if name in _OURS or name.startswith("_") or isinstance(value, int | float | None | list):
            continue
        line[name] = mask(str(value))
    return line


def wordless(logger: Any, method: str, line: Line) -> Line:
    """Tell an exception by its type and places, and take its words out of the message too."""
    told = line.pop("exc_info", None)
    line.pop("error", None)
    if not told:
        return line
    error = told if isinstance(told, BaseException) else _of(told)
    if error is None:
        return line
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = str(line.get("event", ""))
    for said in filter(None, (repr(error), str(error))):
        words = words.replace(said, kind)
    return {**line, "event": words, "exception": kind, "places": _places(error)}


def _of(told: Any) -> BaseException | None:
    return told[1] if isinstance(told, tuple) else sys.exc_info()[1]


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


_BEFORE = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure_structlog() -> None:
    """Send what structlog's loggers are told through the standard library's, so that there is one stream."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_BEFORE,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def config(*, production: bool, folder: Path | None = None, days: int = 0) -> dict[str, Any]:
    """Return the configuration of logging: JSON in production, lines for people in development.

    With a folder, lines go into a file a day there too, and files older than so many days are removed.
    """
    everywhere = ["console"]
    handlers = {
        "console": {"class": "logging.StreamHandler", "formatter": "lines"},
        "nowhere": {"class": "logging.NullHandler"},
    }
    if folder:
        everywhere.append("files")
        handlers["files"] = {
            "class": "jiangdong.logs.DailyFile",
            "formatter": "lines",
            "folder": folder,
            "days": days,
        }
    # With no handler at all Python would print it as it is.
    quiet = {"handlers": ["nowhere"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _last(production),
                "foreign_pre_chain": _BEFORE,
            }
        },
        "handlers": handlers,
        "root": {"handlers": everywhere, "level": "INFO"},
        "loggers": {
            # Says with the whole address what `jiangdong.request_log` says without.
            "django.request": quiet,
            # Each task's line is django_structlog's.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "ERROR"},
        },
    }


def _last(production: bool) -> list:
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if production:
        return [meta, wordless, masked, structlog.processors.JSONRenderer(ensure_ascii=False)]
    console = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    return [meta, _masked_but_exceptions, console]


def _masked_but_exceptions(logger: Any, method: str, line: Line) -> Line:
    told = line.pop("exc_info", None)
    line = masked(logger, method, line)
    return {**line, "exc_info": told} if told else line


class DailyFile(logging.Handler):
    """A file a day, to which any number of processes add whole lines; old files go."""

    def __init__(self, folder: Path, days: int) -> None:
        super().__init__()
        self._folder = folder
        self._days = days
        self._day: dt.date | None = None
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode()
            # The wall clock: a day's file is for whoever reads it, and tests hold our own clock still.
            self._turn_to(dt.date.today())  # noqa: DTZ011
            os.write(
                self._file, line
            )  # one call, at the end of the file: lines of two processes never mix
        except Exception:
            self.handleError(record)

    def _turn_to(self, day: dt.date) -> None:
        if day == self._day:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = os.open(self._folder / f"{day}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._let_go()
        self._file, self._day = fresh, day
        oldest = f"{day - dt.timedelta(days=self._days)}.log"
        for path in self._folder.glob("????-??-??.log"):
            if path.name < oldest:
                path.unlink(missing_ok=True)

    def _let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, None

    def close(self) -> None:
        self._let_go()
        super().close()
