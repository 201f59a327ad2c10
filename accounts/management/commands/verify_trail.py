"""`manage.py verify_trail`: prove the event trail whole, or name the first row that is not."""

from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from accounts import anchor_check, trail
from accounts.models import Anchor, Event


class Command(BaseCommand):
    help = "Prove that no event was changed, removed, reordered, forked or cut off, now or since it was anchored."

    def handle(self, **options) -> None:
        faults = list(chain(trail.verify(), anchor_check.verify()))
        for fault in faults[:20]:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                f"the trail does not prove: {len(faults)} places are broken, first {faults[0]}"
            )
        self.stdout.write(f"{Event.objects.count()} events, every chain whole")
        self._tell_anchors()

    def _tell_anchors(self) -> None:
        for day in anchor_check.without_file():
            self.stderr.write(
                f"no file for the anchor of {day}: compare it with the mail of that night"
            )
        if newest := Anchor.objects.order_by("-day").first():
            self.stdout.write(
                f"{Anchor.objects.count()} anchors, the newest of {newest.day}: {newest.digest}"
            )
        else:
            self.stdout.write("no anchors yet")
