"""Finding what has fallen due, and gathering it into one digest a person."""

import datetime as dt
import logging

from django.db import connection as database
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from jiangdong import clock
from notices.actions.sending import queue
from notices.actions.telling import hand_over, one_line
from notices.models import DueLine, Notice
from notices.quiet import is_quiet
from notices.reminders import InForce, Line, Reminder, day_of, in_force, targets_on
from notices.workdays import is_workday

logger = logging.getLogger(__name__)

# Any constant number: the advisory lock that lets one sweep or one gathering work at a time.
SWEEP_LOCK = 365_001


def sweep(*, day: dt.date) -> int:
    """Ask every reminder what is due, and return how many lines wait for a digest.

    Does nothing outside working days and 8:00 to 20:00. Lines that wait since an earlier sweep are
    made anew, so that they read as of today and things settled meanwhile drop out; lines already
    told stay told.
    """
    if not _reminding(day):
        return 0
    with transaction.atomic():
        if _alone():
            active = [each for each in in_force() if each.enabled]
            slugs = [each.reminder.slug for each in active]
            DueLine.objects.waiting().exclude(reminder__in=slugs).delete()
            for each in active:
                _find_due(each, day)
    return DueLine.objects.waiting().count()


def _reminding(day: dt.date) -> bool:
    return is_workday(day) and not is_quiet(clock.now())


def _alone() -> bool:
    """Say whether no other sweep or gathering is at work; holds until the transaction ends."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return cursor.fetchone()[0]


def _find_due(each: InForce, day: dt.date) -> None:
    """Write the lines of one reminder; a reminder that fails does not silence the others."""
    reminder = each.reminder
    targets = targets_on(day, each.offsets)
    try:
        with transaction.atomic():
            DueLine.objects.waiting().filter(reminder=reminder.slug).delete()
            found = [
                _due_line(reminder, line, targets[line.due])
                for line in reminder.lines(day, targets)
            ]
            DueLine.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    except Exception:
        logger.exception("reminder %s failed", reminder.slug)


def _due_line(reminder: Reminder, line: Line, offset: int) -> DueLine:
    return DueLine(
        reminder=reminder.slug,
        thing_kind=reminder.thing_kind,
        thing_id=line.thing_id,
        day=day_of(line.due, offset),
        recipient_id=line.recipient_id,
        what=one_line(line.what, 200),
        why=one_line(line.why, 200),
        act=one_line(line.act, 40),
        url=line.url,
        urgency=line.urgency,
    )


def compose_digests(*, day: dt.date) -> int:
    """Gather the waiting lines into one digest a person, and return how many were made.

    Who had a digest on this day already gets the rest on the next working day.
    """
    if not _reminding(day):
        return 0
    with transaction.atomic():
        if not _alone():
            return 0
        lines = list(DueLine.objects.waiting().select_for_update().most_urgent_first())
        theirs: dict[int, list[DueLine]] = {}
        for line in lines:
            theirs.setdefault(line.recipient_id, []).append(line)
        had = Notice.objects.filter(digest_day=day, recipient__in=theirs).values("recipient")
        people = User.objects.filter(pk__in=theirs, is_active=True).exclude(pk__in=had)
        digests = Notice.objects.bulk_create(
            _digest(person, theirs[person.pk], day) for person in people
        )
        mine = Notice.objects.filter(digest_day=day, recipient=OuterRef("recipient")).values("pk")
        told = [line.pk for digest in digests for line in theirs[digest.recipient_id]]
        DueLine.objects.filter(pk__in=told).update(digest_id=Subquery(mine))
        queue(digests)
        hand_over(digests)
    return len(digests)


def _digest(person: User, lines: list[DueLine], day: dt.date) -> Notice:
    moment = clock.now()
    first = _("最急的：%(what)s，%(why)s") % {"what": lines[0].what, "why": lines[0].why}
    return Notice(
        recipient=person,
        kind=Notice.DIGEST,
        title=_("今天要办的事：%(n)s 件") % {"n": len(lines)},
        body=first,
        url=reverse("notices:digest", args=[day]),
        created_at=moment,
        digest_day=day,
        not_before=moment,
        mail_state=Notice.Mail.PENDING if person.email else Notice.Mail.NONE,
    )
