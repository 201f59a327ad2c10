"""Taking a backup while the portal runs."""

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from accounts import heartbeats
from jiangdong import clock
from jiangdong.backup import counting, photos, programs
from jiangdong.backup.manifest import DUMP, NAME, PHOTOS, Manifest
from jiangdong.backup.photos import Found
from jiangdong.backup.problems import BackupError

Step = Callable[[], object]


def take(folder: Path, *, expect: Callable[[int], object], step: Step) -> Manifest:
    """Back up into a folder that does not exist yet; it appears whole or not at all.

    `expect` is told how many steps are to come, and `step` is called after each.

    Raises:
        BackupError: the folder exists, or pg_dump fails.
    """
    if folder.exists():
        raise BackupError(f"{folder} exists already: a backup never overwrites")
    with _appearing_whole(folder) as fresh:
        with counting.snapshot() as snapshot:
            taken_at = clock.now()
            names = sorted(set(counting.tables()) - counting.left_out())
            named = list(photos.named())
            expect(2 * len(names) + len(named))
            tables = {}
            for name, count in counting.counted(names):
                tables[name] = count
                step()
            heads, migrations = counting.heads(), counting.migrations()
            _dump(fresh / DUMP, snapshot, step)
        found = photos.pack(named, fresh / PHOTOS, step)
        manifest = Manifest(
            taken_at=taken_at,
            postgresql=connection.pg_version // 10000,
            migrations=migrations,
            tables=tables,
            heads=heads,
            photos_missing=found.missing,
            photos_altered=found.altered,
        )
        manifest.write(fresh)
    _remember(folder, found)
    return manifest


def remove_older(parent: Path, than: dt.datetime) -> list[Path]:
    """Remove the backups in a folder that were taken before a moment, and return them."""
    old = [
        folder
        for folder in sorted(parent.iterdir())
        if (folder / NAME).exists() and Manifest.time_of(folder) < than
    ]
    for folder in old:
        shutil.rmtree(folder)
    return old


@contextmanager
def _appearing_whole(folder: Path) -> Iterator[Path]:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkdtemp makes it for us alone: photos lie in it as they are.
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        for path in fresh.iterdir():
            _keep(path)
        _keep(fresh)
        fresh.rename(folder)
        _keep(folder.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _keep(path: Path) -> None:
    """Have the disk hold what was written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _dump(into: Path, snapshot: str, step: Step) -> None:
    """Dump what the snapshot sees; pg_dump tells of each table as it comes to it."""
    left_out = [f"--exclude-table-data=public.{name}" for name in sorted(counting.left_out())]
    words = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--verbose"]
    words += [f"--snapshot={snapshot}", "--lock-wait-timeout=60s", *left_out]
    said = []
    with programs.running(
        "pg_dump", *words, "--file", into, stderr=subprocess.PIPE, text=True
    ) as dump:
        for line in dump.stderr:
            said.append(line)
            if "dumping contents of table" in line:
                step()
        if dump.wait():
            raise BackupError(f"pg_dump failed: {''.join(said[-5:]).strip()}")


def _remember(folder: Path, found: Found) -> None:
    """Note the backup for the operator, and what was wrong with the photos."""
    wrong = [f"{len(found.missing)} photos missing"] if found.missing else []
    wrong += [f"{len(found.altered)} photos altered"] if found.altered else []
    heartbeats.note(heartbeats.BACKUP, ", ".join([folder.name, *wrong]))
