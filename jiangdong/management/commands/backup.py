"""`manage.py backup --to FOLDER`, or `--into FOLDER` under a name made of the time."""

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime
from tqdm import tqdm

from jiangdong import clock
from jiangdong.backup import taking
from jiangdong.backup.manifest import Manifest
from jiangdong.backup.problems import BackupError
from pairing import actions


class Command(BaseCommand):
    """Takes a backup while the portal runs."""

    help = "Back up the database and the photos. Keys are not in it: keep them elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--to", type=Path, help="a folder that does not exist yet")
        where.add_argument("--into", type=Path, help="a folder of backups, each named by its time")
        parser.add_argument(
            "--keep-days", type=int, help="with --into: remove those taken before so many days"
        )

    def handle(
        self, *, to: Path | None, into: Path | None, keep_days: int | None, **options
    ) -> None:
        if to and keep_days is not None:
            raise CommandError("--keep-days goes with --into")
        self._note_erasures()
        folder = (to or into / f"{localtime(clock.now()):%Y-%m-%d-%H%M%S}").resolve()
        try:
            manifest = self._take(folder)
        except (BackupError, OSError) as error:
            raise CommandError(f"no backup was taken: {error}") from error
        self._tell(folder, manifest)
        if keep_days is not None:
            self._remove(into, keep_days)

    def _note_erasures(self) -> None:
        try:
            actions.note_erasures()
        except OSError as error:  # without a backup things would only be worse
            self.stderr.write(f"the journal of erasures cannot be written: {error}")

    def _take(self, folder: Path) -> Manifest:
        with tqdm(disable=None, unit="", desc="backing up") as bar:
            return taking.take(folder, expect=bar.reset, step=bar.update)

    def _tell(self, folder: Path, manifest: Manifest) -> None:
        rows = sum(count.rows for count in manifest.tables.values())
        self.stdout.write(f"{folder}: {rows} rows of {len(manifest.tables)} tables, and the photos")
        self.stdout.write(
            "keys are not in it: keep SECRET_KEY, RESIDENT_KEYS and INDEX_KEY apart from it"
        )
        for name in manifest.photos_missing:
            self.stderr.write(f"missing photo: {name}")
        for name in manifest.photos_altered:
            self.stderr.write(f"altered photo: {name}")

    def _remove(self, into: Path, days: int) -> None:
        for folder in taking.remove_older(into, clock.now() - dt.timedelta(days=days)):
            self.stdout.write(f"removed {folder}")
