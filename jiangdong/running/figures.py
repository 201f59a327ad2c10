"""What an operator is told, asked of the database, the broker and the disk: figures only, nothing of anybody."""

import datetime as dt
import shutil
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from accounts import heartbeats
from accounts.models import Heartbeat
from jiangdong import clock
from notices.models import Channel, DueLine, Notice
from notices.quiet import after_quiet
from notices.workdays import add_workdays, calendar_known, is_workday
from pairing.models import Resident

LATE_AT = dt.time(9)  # what fell due before today is told by the first sweep of a working day
GIVEN_UP_SINCE = dt.timedelta(days=7)


@dataclass(frozen=True)
class Figures:
    """How the portal is doing at a moment.

    Attributes:
        queue: tasks that wait for a worker; None where the broker does not answer.
        oldest_undelivered: how long the longest waiting mail waits, quiet hours before its first try left out.
        reminders_late: lines that fell due on an earlier day and that nobody has been told.
        mail_given_up: notices of the last seven days whose mail was given up.
        robots_failing: group robots that refused or did not answer when last asked.
        kept_too_long: residents whose details should have been erased before today.
        beats: when things were last done, by name.
        disk_free, disk_total: of the data folder, in bytes.
        holidays_until: the last year whose holidays are known.
    """

    at: dt.datetime
    queue: int | None
    oldest_undelivered: dt.timedelta
    reminders_late: int
    mail_given_up: int
    robots_failing: int
    kept_too_long: int
    beats: dict[str, Heartbeat]
    disk_free: int
    disk_total: int
    holidays_until: int


def ask() -> Figures:
    """Ask everything, in a handful of queries that read small indexes."""
    now = clock.now()
    disk = shutil.disk_usage(existing_folder())
    failed = Notice.objects.filter(
        mail_state=Notice.Mail.FAILED, created_at__gte=now - GIVEN_UP_SINCE
    )
    overdue = Resident.objects.filter(
        erase_after__lt=clock.today() - dt.timedelta(days=1), erased_at=None
    )
    return Figures(
        at=now,
        queue=queue_length(),
        oldest_undelivered=_oldest_undelivered(now),
        reminders_late=_reminders_late(now),
        mail_given_up=failed.count(),
        robots_failing=Channel.objects.failing().count(),
        kept_too_long=overdue.count(),
        beats=heartbeats.last(),
        disk_free=disk.free,
        disk_total=disk.total,
        holidays_until=_holidays_until(clock.today().year),
    )


def existing_folder():
    """Return the data folder, or what it will be made in: whose disk is asked about."""
    folder = settings.DATA_DIR
    return next(each for each in (folder, *folder.parents) if each.exists())


def queue_length() -> int | None:
    """Return how many tasks wait for a worker, or None where the broker does not answer."""
    try:
        with current_app.connection_for_read() as broker:
            channel = broker.default_channel
            return channel._size(current_app.conf.task_default_queue)
    except (OperationalError, KombuError, OSError):
        return None


def _oldest_undelivered(now: dt.datetime) -> dt.timedelta:
    oldest = (
        Notice.objects.filter(mail_state=Notice.Mail.PENDING)
        .order_by("created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return max(now - after_quiet(oldest), dt.timedelta()) if oldest else dt.timedelta()


def _reminders_late(now: dt.datetime) -> int:
    local = timezone.localtime(now)
    today = local.date()
    swept = is_workday(today) and local.time() >= LATE_AT
    return (
        DueLine.objects.waiting()
        .filter(day__lt=today if swept else add_workdays(today, -1))
        .count()
    )


def _holidays_until(year: int) -> int:
    while calendar_known(dt.date(year, 1, 1)):
        year += 1
    return year - 1


def migrations_missing() -> bool:
    """Tell whether the database is older than this release."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
