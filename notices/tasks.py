"""What the worker does for notices; every task may run twice."""

from celery import shared_task

from accounts import heartbeats
from jiangdong import clock
from notices import actions


@shared_task(name="notices.tasks.deliver")
def deliver(ids: list[int]) -> None:
    """Send these notices by mail, as far as they wait."""
    actions.deliver(ids=ids)


@shared_task(name="notices.tasks.deliver_pending")
def deliver_pending() -> None:
    """Send what still waits: after a dead broker, a dead mail server or a killed worker."""
    actions.deliver_pending()
    heartbeats.note(heartbeats.DELIVER)


@shared_task(name="notices.tasks.sweep_reminders")
def sweep_reminders() -> None:
    """Find what has fallen due and tell it in one digest a person."""
    today = clock.today()
    actions.sweep(day=today)
    actions.compose_digests(day=today)
    heartbeats.note(heartbeats.SWEEP)


@shared_task(name="notices.tasks.send_out")
def send_out(ids: list[int]) -> None:
    """Let robots say these, as far as they wait."""
    actions.send_out(ids=ids)


@shared_task(name="notices.tasks.send_pending")
def send_pending() -> None:
    """Let robots say what still waits: after a dead broker, a dead receiver or a killed worker."""
    actions.send_pending()


@shared_task(name="notices.tasks.try_channel")
def try_channel(pk: int) -> None:
    """Let a robot say the trial message that its owner asked for."""
    actions.try_channel(pk=pk)


@shared_task(name="notices.tasks.make_export")
def make_export(pk: int) -> None:
    """Make a file that somebody asked for."""
    actions.make_export(pk=pk)


@shared_task(name="notices.tasks.look_after_exports")
def look_after_exports() -> None:
    """Make what nobody makes, and throw away what is over."""
    actions.make_waiting_exports()
    actions.drop_expired_exports()
