"""What a database holds, told so that two of them can be compared."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from accounts import trail
from accounts.models import Trailed

# Filled by `migrate` in a database that nobody has used yet.
BOOKKEEPING = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# A row's text depends on these.
WRITTEN_AS = ("datestyle = 'ISO'", "intervalstyle = 'postgres'", "timezone = 'UTC'")
# Rows in any order: the sum of the first 64 bits of their hashes.
COUNT = (
    "SELECT count(*) || ' ' || coalesce(sum("
    "('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric"
    "), 0) FROM public.{table} t"
)


@dataclass(frozen=True)
class Count:
    """How many rows a table has, and a digest of what stands in them."""

    rows: int
    digest: str


@contextmanager
def snapshot() -> Iterator[str]:
    """See the database as it is at this moment for the length of a block; yields the name for pg_dump."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def left_out() -> set[str]:
    """Return the tables whose rows stay out of a backup: whoever reads it must not go on as somebody signed in."""
    return {
        each._meta.db_table for each in apps.get_models() if issubclass(each, AbstractBaseSession)
    }


def tables() -> list[str]:
    """Return the names of the portal's tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
        )
        return [name for (name,) in cursor.fetchall()]


def counted(names: Iterable[str]) -> Iterator[tuple[str, Count]]:
    """Yield each table with its count. Call in a transaction: how rows are written out is set for its length."""
    with connection.cursor() as cursor:
        for setting in WRITTEN_AS:
            cursor.execute(f"SET LOCAL {setting}")
        for name in names:
            cursor.execute(statement(name))
            rows, digest = cursor.fetchone()[0].split()
            yield name, Count(int(rows), digest)


def statement(table: str) -> str:
    """Return the statement that counts a table."""
    return COUNT.format(table=connection.ops.quote_name(table))


def holds_something() -> bool:
    """Tell whether anybody has used this database."""
    with connection.cursor() as cursor:
        for name in tables():
            if name in BOOKKEEPING:
                continue
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT EXISTS (SELECT FROM public.{table})")  # noqa: S608
            if cursor.fetchone()[0]:
                return True
    return False


def heads() -> str:
    """Return one digest over the length and head of every thing's trail."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if issubclass(model, Trailed):
            for head in model._base_manager.order_by("pk").values_list(
                "pk", "trail_n", "trail_head"
            ):
                digest.update(f"{trail.kind_of(model)} {head}\n".encode())
    return digest.hexdigest()


def migrations() -> list[str]:
    """Return the migrations that this database has seen, as `app.name`."""
    return sorted(
        f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
    )
