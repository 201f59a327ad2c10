"""A database of its own beside the one at hand, for as long as the measuring takes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.core.management import call_command
from django.db import connection, connections

SUFFIX = "_bench_scale"


@contextmanager
def scratch() -> Iterator[None]:
    """Point this process, and those it starts, at a new database with the demo district; drop it in the end."""
    before = connection.settings_dict["NAME"]
    name = before + SUFFIX
    _administer(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    # One backend does all of a query, so that its processor time is the query's; nothing is waited for on disk.
    _administer(
        f'ALTER DATABASE "{name}" SET max_parallel_workers_per_gather = 0',
        f'ALTER DATABASE "{name}" SET synchronous_commit = off',
    )
    _point_at(name)
    try:
        call_command("migrate", verbosity=0)
        call_command("seed_demo", verbosity=0)
        yield
    finally:
        _point_at(before)
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _point_at(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    address = urlsplit(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = address._replace(path=f"/{quote(name)}").geturl()
