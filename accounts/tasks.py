"""What the portal does to accounts by itself."""

from celery import shared_task

from accounts import actions, anchors, heartbeats
from jiangdong import clock


@shared_task
def clear_expired() -> None:
    """Drop sessions and tokens whose time is over; running twice drops nothing twice."""
    actions.clear_expired()


@shared_task
def anchor_trail() -> None:
    """Anchor the trail for today and send it out of the house; running again does what is still missing."""
    made = anchors.anchor(day=clock.today())
    done = heartbeats.last().get(heartbeats.ANCHOR)
    if done is None or done.detail != f"{made.day}":
        sent = anchors.mail(made)
        heartbeats.note(heartbeats.ANCHOR, f"{made.day}" if sent else f"{made.day}, not mailed")
