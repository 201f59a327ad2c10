"""Noting that the portal did what it does by itself, so that somebody sees when it no longer does."""

from accounts.models import Heartbeat
from jiangdong import clock

ANCHOR, BACKUP, DELIVER, ERASE, SWEEP = "anchor", "backup", "deliver", "erase", "sweep"


def note(name: str, detail: str = "") -> None:
    """Note that it was done just now; one statement, whoever else notes the same."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=clock.now(), detail=detail[:200])],
        update_conflicts=True,
        unique_fields=("name",),
        update_fields=("at", "detail"),
    )


def last() -> dict[str, Heartbeat]:
    """Return what was noted, by name."""
    return {beat.name: beat for beat in Heartbeat.objects.all()}
