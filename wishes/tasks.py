"""What the portal does to wishes by itself, by the clock."""

from celery import shared_task

from jiangdong import clock
from notices.workdays import is_workday
from wishes import actions
from wishes.models import Wish
from wishes.numbers import number


@shared_task
def move_on_in_time() -> None:
    """Let clocks go on whose waiting is over, and take back claims that have run out. Safe to run twice.

    On days off nothing is taken from anybody.
    """
    today = clock.today()
    for wish in Wish.objects.waited_out(today).iterator():
        actions.resume_in_time(wish=wish)
    if not is_workday(today):
        return
    run_out = Wish.objects.run_out(today, number("lapse_after"), number("lapse_warning"))
    for wish in run_out.iterator():
        actions.lapse_in_time(wish=wish)
