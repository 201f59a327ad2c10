"""What the portal does to pairing's records by itself."""

from celery import shared_task

from accounts import heartbeats
from jiangdong import clock
from pairing import actions


@shared_task
def erase_expired() -> None:
    """Erase residents' details whose term has run out; running twice erases nothing twice."""
    erased = actions.erase_expired(on=clock.today())
    actions.note_erasures()
    heartbeats.note(heartbeats.ERASE, str(erased))
