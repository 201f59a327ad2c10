"""What the portal does to accounts by itself."""

from celery import shared_task

from accounts import actions


@shared_task
def clear_expired() -> None:
    """Drop sessions and tokens whose time is over; running twice drops nothing twice."""
    actions.clear_expired()
