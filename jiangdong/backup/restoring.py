"""Restoring a backup: all of it or nothing, into a database that nobody is using."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts import anchors
from jiangdong import erasures
from jiangdong.backup import counting, photos, programs
from jiangdong.backup.manifest import DUMP, PHOTOS, Manifest
from jiangdong.backup.photos import Found
from jiangdong.backup.problems import BackupError
from pairing import actions as pairing

# In the transaction that fills it again: where that fails, what was there stays.
EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
# psql takes the end of its input for the end of the work: a script that broke off is found by what is missing.
PROOF = """
DO $$ BEGIN
IF ({statement}) <> '{rows} {digest}' THEN
RAISE EXCEPTION 'table {table} is not as it was when the backup was taken';
END IF; END $$;
"""
AS_SCRIPT = ("--no-owner", "--no-privileges", "--file=-")


@dataclass(frozen=True)
class Restored:
    """What restoring did."""

    manifest: Manifest
    erased_again: int
    unreadable_erasures: int
    photos: Found


def restore(folder: Path, *, replace: bool) -> Restored:
    """Put a backup in place of what is there, and erase again whoever was erased since it was taken.

    Raises:
        BackupError: the backup is damaged, altered, newer than this release or sealed with other keys; somebody uses
            the database; or it holds something and `replace` is not said. Nothing was changed then.
    """
    manifest = check(folder)
    _refuse_used(replace=replace)
    with photos.unpacked(folder / PHOTOS) as fresh:
        _load(folder / DUMP, manifest)
        photos.put_in_place(fresh)
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # or the first hours are slow
    cache.clear()
    anchors.set_aside()
    erased_again = pairing.erase_again()
    _journal, unreadable = erasures.noted()
    return Restored(manifest, erased_again, unreadable, photos.missing_or_altered())


def check(folder: Path) -> Manifest:
    """Return a backup's sheet if it could be restored here; nothing is touched.

    Raises:
        BackupError: it is damaged, altered, newer than this release or server, or sealed with other keys.
    """
    manifest = Manifest.read(folder)
    manifest.check_files(folder)
    _refuse_newer(manifest)
    return manifest


def _refuse_newer(manifest: Manifest) -> None:
    connection.ensure_connection()
    ours = connection.pg_version // 10000
    if manifest.postgresql > ours:
        raise BackupError(f"the backup is from PostgreSQL {manifest.postgresql}, this is {ours}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(f"the backup is from a newer release, which knows {unknown[0]}")


def _refuse_used(*, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if others := cursor.fetchone()[0]:
            raise BackupError(f"{others} others use the database: stop web, worker and beat first")
    if not replace and (counting.holds_something() or photos.are_there()):
        raise BackupError("the database or the photo folder is not empty: say --replace to lose it")


def _load(dump: Path, manifest: Manifest) -> None:
    """Load the dump in one transaction that ends by proving every table."""
    connection.close()
    with tempfile.TemporaryDirectory() as scratch:
        before, after, said = (Path(scratch) / name for name in ("before.sql", "after.sql", "said"))
        before.write_text(EMPTY)
        after.write_text(_proofs(manifest))
        words = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        words += ["--output=/dev/null", f"--file={before}", "--file=-", f"--file={after}"]
        with (
            said.open("w") as errors,
            programs.running("pg_restore", *AS_SCRIPT, dump, stdout=PIPE, stderr=errors) as script,
            programs.running("psql", *words, stdin=script.stdout, stderr=errors) as psql,
        ):
            psql.wait()
        if psql.returncode:
            raise BackupError(f"nothing was restored: {said.read_text()[-500:].strip()}")


def _proofs(manifest: Manifest) -> str:
    settings = "".join(f"SET LOCAL {setting};\n" for setting in counting.WRITTEN_AS)
    return settings + "".join(
        PROOF.format(
            statement=counting.statement(table),
            rows=count.rows,
            digest=count.digest,
            table=table.replace("'", "''"),
        )
        for table, count in manifest.tables.items()
    )
