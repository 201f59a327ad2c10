"""What the worker does for wishes: by the clock, and when a list is long. Every task may run twice."""

import datetime as dt

from celery import shared_task

from jiangdong import clock
from notices.workdays import is_workday
from wishes import actions
from wishes.actions import intake, recurring
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


@shared_task(name="wishes.tasks.read_intake")
def read_intake(pk: int) -> None:
    """Read and check a list that was uploaded."""
    intake.read(pk=pk)


@shared_task(name="wishes.tasks.bring_intake")
def bring_intake(pk: int) -> None:
    """Make drafts of a list's rows."""
    intake.bring(pk=pk)


@shared_task(name="wishes.tasks.look_after_intakes")
def look_after_intakes() -> None:
    """Erase lists after a day, and go on with those that nobody works on."""
    intake.look_after_intakes()


@shared_task(name="wishes.tasks.tie_recurring")
def tie_recurring() -> None:
    """Tie what comes back to what it repeats, where publishing did not."""
    recurring.tie_recent()


@shared_task
def draw_second_calls() -> None:
    """Draw which nods of the week before the streets ask about again. Safe to run twice."""
    today = clock.today()
    monday = today - dt.timedelta(days=today.weekday())
    actions.draw_second_calls(week=monday - dt.timedelta(days=7))
