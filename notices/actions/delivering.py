"""Sending by mail what waits for it."""

import datetime as dt
import logging
from collections.abc import Collection

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Prefetch, Q

from jiangdong import clock
from notices.mail import message_for
from notices.models import DueLine, Notice
from notices.quiet import after_quiet, is_quiet

logger = logging.getLogger(__name__)

Mail = Notice.Mail

# A try is given this long, doubled with each; so a message is lost only after a day and more of refusals.
FIRST_WAIT = dt.timedelta(minutes=2)
LONGEST_WAIT = dt.timedelta(hours=4)
MOST_ATTEMPTS = 12
# Older mail is no news any more; the notice stands in the inbox.
STALE = dt.timedelta(days=3)
AT_ONCE = 200


def deliver_pending() -> int:
    """Send what waits and may leave now, give up on what cannot be sent, and return how many were sent."""
    moment = clock.now()
    if is_quiet(moment):
        return 0
    Notice.objects.undelivered(moment).filter(_hopeless(moment)).update(mail_state=Mail.FAILED)
    return deliver(
        ids=list(Notice.objects.undelivered(moment).values_list("pk", flat=True)[:AT_ONCE])
    )


def _hopeless(moment: dt.datetime) -> Q:
    return Q(mail_attempts__gte=MOST_ATTEMPTS) | Q(created_at__lt=moment - STALE)


def deliver(*, ids: Collection[int]) -> int:
    """Send these notices by mail as far as they wait and may leave now, and return how many were sent.

    Each is taken by a conditional update that also sets the next try, so two workers never hold
    one at a time and no transaction stays open while the mail server answers. After a worker was
    killed between sending and noting it, the message is sent again with the same Message-ID.
    """
    moment = clock.now()
    if not ids or is_quiet(moment):
        return 0
    lines = Prefetch("lines", DueLine.objects.most_urgent_first())
    due = Notice.objects.undelivered(moment).filter(pk__in=ids).exclude(_hopeless(moment))
    notices = list(due.select_related("recipient").prefetch_related(lines))
    mailer = get_connection()
    if not notices or not _opened(mailer):
        return 0
    sent = 0
    try:
        for notice in notices:
            if not _take(notice):
                continue
            if _send(notice, mailer):
                _note_sent(notice)
                sent += 1
            elif not _opened(mailer):
                break
    finally:
        _close(mailer)
    return sent


def _opened(mailer: BaseEmailBackend) -> bool:
    try:
        mailer.open()
    except OSError as error:
        logger.warning("mail server unreachable (%s): mail waits", type(error).__name__)
        return False
    return True


def _close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except OSError as error:
        logger.warning("mail server left without goodbye (%s)", type(error).__name__)


def _take(notice: Notice) -> bool:
    """Win the right to try this one now, and say when it may be tried again if nothing is noted."""
    moment = clock.now()
    row = Notice.objects.filter(
        pk=notice.pk, mail_state=Mail.PENDING, mail_attempts=notice.mail_attempts
    )
    if not (notice.recipient.email and notice.recipient.is_active):
        row.update(mail_state=Mail.NONE)
        return False
    if is_quiet(moment):
        return False
    wait = min(FIRST_WAIT * 2 ** min(notice.mail_attempts, 16), LONGEST_WAIT)
    return bool(
        row.update(mail_attempts=F("mail_attempts") + 1, not_before=after_quiet(moment + wait))
    )


def _send(notice: Notice, mailer: BaseEmailBackend) -> bool:
    """Send one; what is wrong with one message or address never holds up the others."""
    try:
        message_for(notice, mailer).send()
    except Exception as error:  # an odd address raises what it likes
        # Not the error's own words: they hold the address.
        logger.warning("notice %s was not sent (%s)", notice.pk, type(error).__name__)
        _close(mailer)
        return False
    return True


def _note_sent(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk, mail_state=Mail.PENDING).update(
        mail_state=Mail.SENT, sent_at=clock.now()
    )
