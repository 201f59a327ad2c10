"""`manage.py rotate_keys`: residents' details under the newest key, and the index of telephones filled."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from jiangdong import keys
from jiangdong.running import sealed

ROUNDS = 5  # for rows that somebody held during the rounds before
PAUSE = 0.5  # seconds between two rounds


class Command(BaseCommand):
    """Seals anew what older keys sealed. May be stopped and started again, and run while the portal runs."""

    help = "Seal residents' details and links with the newest of RESIDENT_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--index",
            action="store_true",
            help="go through everything: after an upgrade or with a new INDEX_KEY, so that telephones are found",
        )

    def handle(self, *, index: bool, **options) -> None:
        unreadable: list[str] = []
        for column in sealed.COLUMNS:
            unreadable += self._reseal(column, everything=index)
        self._tell()
        if unreadable:
            raise CommandError(
                f"{len(unreadable)} texts are opened by no key at hand, first {unreadable[0]}: keep every key"
            )

    def _reseal(self, column: sealed.Column, *, everything: bool) -> list[str]:
        label = column.model._meta.label
        todo = column.rows if everything else column.by_old_keys()
        unreadable: set[int] = set()
        with tqdm(total=todo.count(), disable=None, unit="", desc=label) as bar:
            for attempt in range(ROUNDS):
                if attempt:
                    time.sleep(PAUSE)
                for done in sealed.reseal(column, everything=everything and not attempt):
                    bar.update(done.rows)
                    unreadable.update(done.unreadable)
                if not column.by_old_keys().exclude(pk__in=unreadable).exists():
                    break
        return [f"{label} {pk}" for pk in sorted(unreadable)]

    def _tell(self) -> None:
        in_use = sealed.in_use()
        newest = keys.newest()
        self.stdout.write(f"key {newest}: {in_use.pop(newest, 0)} texts")
        for version, count in sorted(in_use.items()):
            name = "a key without version" if version == keys.UNVERSIONED else f"key {version}"
            self.stdout.write(f"{name}: still {count} texts, do not drop it; run this again")
        for version in [v for v in settings.RESIDENT_KEYS if v != newest and not in_use.total()]:
            self.stdout.write(
                f"key {version}: no text needs it; drop it once every backup that you keep was taken after now"
            )
