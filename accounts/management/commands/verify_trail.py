"""`manage.py verify_trail`: prove the event trail whole, or name the first row that is not."""

from django.core.management.base import BaseCommand, CommandError

from accounts import trail
from accounts.models import Event


class Command(BaseCommand):
    help = "Prove that no event was changed, removed or reordered."

    def handle(self, **options) -> None:
        faults = list(trail.verify())
        for fault in faults[:20]:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                f"the trail does not prove: {len(faults)} chains are broken, first {faults[0]}"
            )
        self.stdout.write(f"{Event.objects.count()} events, every chain whole")
