"""The Celery application and its timetable: what the portal does without being asked."""

import os

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangdong.settings")

app = Celery("jiangdong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def _log_as_the_portal_does(**settings) -> None:
    """Keep Celery from setting up a log of its own: one that is set up by somebody is left alone."""


@receiver(bind_extra_task_metadata)
def _name_the_task(task=None, **facts) -> None:
    """Have every line of a task say which it is of."""
    structlog.contextvars.bind_contextvars(task=task.name)


app.conf.beat_schedule = {
    "deliver what is still undelivered": {
        "task": "notices.tasks.deliver_pending",
        "schedule": 60.0,
    },
    "say what robots have not said yet": {
        "task": "notices.tasks.send_pending",
        "schedule": 60.0,
    },
    "make lists that nobody makes, and drop old ones": {
        "task": "notices.tasks.look_after_exports",
        "schedule": 60.0,
    },
    "find what has fallen due": {
        "task": "notices.tasks.sweep_reminders",
        "schedule": crontab(hour=8, minute=5),
    },
    "catch up on what has fallen due": {
        "task": "notices.tasks.sweep_reminders",
        "schedule": crontab(hour="9-19", minute=5),
    },
    "go on with uploaded lists, and erase old ones": {
        "task": "wishes.tasks.look_after_intakes",
        "schedule": 300.0,
    },
    "tie what comes back to what it repeats": {
        "task": "wishes.tasks.tie_recurring",
        "schedule": crontab(hour=2, minute=20),
    },
    # Every hour of the morning, in case one was missed.
    "hand over what those hold who are away": {
        "task": "pairing.tasks.begin_absences",
        "schedule": crontab(hour="0,6-12", minute=10),
    },
    # The first of the day draws, the others what it could not.
    "draw which nods the streets ask about again": {
        "task": "wishes.tasks.draw_second_calls",
        "schedule": crontab(day_of_week=1, hour="6-10", minute=15),
    },
    "move wishes on whose time has come": {
        "task": "wishes.tasks.move_on_in_time",
        "schedule": crontab(hour="7-19", minute=50),
    },
    # Every hour of the night: the first does it, the others what the first could not.
    "anchor the trail": {
        "task": "accounts.tasks.anchor_trail",
        "schedule": crontab(hour="0-5", minute=40),
    },
    "erase residents' details after their term": {
        "task": "pairing.tasks.erase_expired",
        "schedule": crontab(hour=3, minute=20),
    },
    # Catches up every hour; what is dropped in today stays in the box until tomorrow.
    "empty the letterbox of voices": {
        "task": "voices.tasks.empty_box",
        "schedule": crontab(hour="7-19", minute=50),
    },
    "open and close live question sessions": {
        "task": "voices.tasks.turn_sessions",
        "schedule": 60.0,
    },
    "destroy keys of voices long over": {
        "task": "voices.tasks.destroy_keys",
        "schedule": crontab(hour=3, minute=50),
    },
    "drop sessions and tokens whose time is over": {
        "task": "accounts.tasks.clear_expired",
        "schedule": crontab(hour=3, minute=40),
    },
}
