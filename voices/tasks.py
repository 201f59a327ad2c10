"""What the portal does to voices by itself; every task may run twice."""

from celery import shared_task

from jiangdong import clock
from voices import actions
from voices.actions import sessions


@shared_task(name="voices.tasks.empty_box")
def empty_box() -> None:
    """Make voices of what was dropped into the letterbox on days before today."""
    actions.empty_box(on=clock.today())


@shared_task(name="voices.tasks.turn_sessions")
def turn_sessions() -> None:
    """Open and close live question sessions whose time has come."""
    sessions.turn_by_the_clock()


@shared_task(name="voices.tasks.destroy_keys")
def destroy_keys() -> None:
    """Destroy the askers' keys of voices long over."""
    actions.destroy_keys(on=clock.today())
