"""`manage.py restore --from FOLDER`: a backup in place of what is there."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from jiangdong.backup import restoring
from jiangdong.backup.problems import BackupError
from jiangdong.backup.restoring import Restored


class Command(BaseCommand):
    """Restores a backup into a database that nobody uses."""

    help = "Restore a backup, erase again whoever was erased since, and prove the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=Path, required=True, dest="folder")
        parser.add_argument(
            "--check", action="store_true", help="only say whether it could be restored"
        )
        parser.add_argument(
            "--replace", action="store_true", help="although there is something already: it is lost"
        )

    def handle(self, *, folder: Path, check: bool, replace: bool, **options) -> None:
        try:
            if check:
                taken_at = localtime(restoring.check(folder.resolve()).taken_at)
                self.stdout.write(f"whole, as of {taken_at:%Y-%m-%d %H:%M:%S %z}")
                return
            restored = restoring.restore(folder.resolve(), replace=replace)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self._tell(restored)
        call_command("verify_trail", stdout=self.stdout, stderr=self.stderr)

    def _tell(self, restored: Restored) -> None:
        tables = restored.manifest.tables.values()
        self.stdout.write(
            f"restored as of {localtime(restored.manifest.taken_at):%Y-%m-%d %H:%M:%S %z}:"
            f" {sum(count.rows for count in tables)} rows of {len(tables)} tables,"
            f" {restored.photos.kept} photos; everybody signs in anew"
        )
        self.stdout.write(f"erased again since then: {restored.erased_again} residents")
        if restored.unreadable_erasures:
            self.stderr.write(
                f"unreadable lines in the journal of erasures: {restored.unreadable_erasures}"
            )
        for name in restored.photos.missing:
            self.stderr.write(f"missing photo: {name}")
        for name in restored.photos.altered:
            self.stderr.write(f"altered photo: {name}")
