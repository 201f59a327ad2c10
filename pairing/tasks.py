"""What the portal does to pairing's records by itself."""

from celery import shared_task

from accounts import heartbeats
from jiangdong import clock
from pairing import absence_actions, actions


@shared_task
def erase_expired() -> None:
    """Erase residents' details whose term has run out; running twice erases nothing twice."""
    erased = actions.erase_expired(on=clock.today())
    actions.note_erasures()
    heartbeats.note(heartbeats.ERASE, str(erased))


@shared_task
def begin_absences() -> None:
    """Hand over what those hold who are away from today on; running twice hands nothing over twice."""
    absence_actions.begin_due()
