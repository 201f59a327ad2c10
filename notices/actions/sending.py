"""What robots are to say: written with the notice, said after the commit, never in a request."""

import datetime as dt
import logging
from collections.abc import Collection
from time import monotonic

from celery import current_app
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from jiangdong import clock
from jiangdong.privacy import findings_in, unseal
from notices import robots
from notices.groups import Group
from notices.models import Channel, Notice, Sending
from notices.quiet import after_quiet, is_quiet

logger = logging.getLogger(__name__)

State = Sending.State

# A robot that failed is left alone for so long, doubled with each failure in a row, and in the end stopped.
FIRST_WAIT = dt.timedelta(minutes=2)
LONGEST_WAIT = dt.timedelta(hours=4)
MOST_FAILURES = 12
MOST_ATTEMPTS = 12
# Older messages are no news any more; the notice stands in the inbox.
STALE = dt.timedelta(days=3)
AT_ONCE = 200
# Seconds after which a run ends: robots that hang hold no worker up for long, the next run goes on.
LONGEST_RUN = 20


def queue(
    notices: Collection[Notice], *, group: Group | None = None, discreet: bool = False
) -> None:
    """Write what robots are to say of these notices, in the caller's transaction, and ask the worker after it.

    The robots are those of the recipients, and those of `group`, which say it once however many
    people were told.
    """
    if not notices:
        return
    theirs = {notice.recipient_id: notice for notice in notices}
    whose = Q(user__in=theirs)
    if group:
        whose |= Q(group_kind=group.kind, group_id=group.id)
    any_of_them = next(iter(theirs.values()))
    sendings = Sending.objects.bulk_create(
        Sending(
            notice=theirs.get(channel.user_id, any_of_them),
            channel=channel,
            discreet=discreet,
            not_before=any_of_them.not_before,
        )
        for channel in Channel.objects.listening().filter(whose)
    )
    if sendings and not is_quiet(clock.now()):
        ask_the_worker("notices.tasks.send_out", [sending.pk for sending in sendings])


def ask_the_worker(task: str, *args) -> None:
    """Hand a task over after the commit; with the broker down the timetable's sweep does the work."""

    def ask() -> None:
        try:
            current_app.send_task(task, args=args)
        except OperationalError:
            logger.warning("broker unreachable: robots wait for the sweep")

    transaction.on_commit(ask, robust=True)


def send_pending() -> int:
    """Say what waits and may be said now, give up on what cannot be said, and return how much was said."""
    moment = clock.now()
    if is_quiet(moment):
        return 0
    for pk in Channel.objects.on_trial().values_list("pk", flat=True)[:AT_ONCE]:
        try_channel(pk=pk)
    stale = Q(attempts__gte=MOST_ATTEMPTS) | Q(notice__created_at__lt=moment - STALE)
    hopeless = stale | Q(channel__enabled=False)
    Sending.objects.pending().filter(hopeless).update(state=State.FAILED)
    return send_out(ids=list(Sending.objects.due(moment).values_list("pk", flat=True)[:AT_ONCE]))


def send_out(*, ids: Collection[int]) -> int:
    """Say these as far as they wait and may be said now, and return how many were said.

    Each is taken by a conditional update, so two workers never hold one at a time and no transaction
    stays open while a robot answers. A robot that fails is left alone for the rest of the run and then
    for a while, so it costs one wait and not one for every message. After a worker was killed between
    saying and noting it, the message is said again.
    """
    moment = clock.now()
    if not ids or is_quiet(moment):
        return 0
    ends = monotonic() + LONGEST_RUN
    due = Sending.objects.due(moment).filter(pk__in=ids).select_related("notice", "channel__user")
    sent, failed = 0, set()
    for sending in due:
        if monotonic() > ends:
            break
        if sending.channel_id in failed or not _take(sending):
            continue
        if _say(sending.channel, _words(sending)):
            _note_sent(sending)
            sent += 1
        else:
            failed.add(sending.channel_id)
    return sent


def _take(sending: Sending) -> bool:
    """Win the right to say this one now, and say when it may be tried again if nothing is noted."""
    moment = clock.now()
    row = Sending.objects.pending().filter(pk=sending.pk, attempts=sending.attempts)
    user = sending.channel.user
    if user is not None and not user.is_active:
        row.delete()
        return False
    if is_quiet(moment):
        return False
    return bool(
        row.filter(channel__in=Channel.objects.listening()).update(
            attempts=F("attempts") + 1, not_before=after_quiet(moment + _wait(sending.attempts))
        )
    )


def _wait(times: int) -> dt.timedelta:
    return min(FIRST_WAIT * 2 ** min(times, 16), LONGEST_WAIT)


def _words(sending: Sending) -> str:
    """Return what a robot says: the title and where to look. Titles not checked for publication may hold anything."""
    notice = sending.notice
    hidden = sending.discreet or any(finding.hard for finding in findings_in(notice.title))
    title = _("有一条新消息，请到门户里看。") if hidden else notice.title
    return f"{title}\n{settings.SITE_URL}{notice.url}" if notice.url else title


def _say(channel: Channel, text: str) -> bool:
    """Say something through a robot and note how it went."""
    problem = ""
    try:
        token = unseal(channel.sealed)["token"]
        robots.say(kind=channel.kind, token=token, text=text)
    except robots.Unsaid as unsaid:
        problem = unsaid.reason
    except (InvalidToken, KeyError):
        problem = "sealed"
    _note(channel, problem)
    return not problem


def _note(channel: Channel, problem: str) -> None:
    moment = clock.now()
    row = Channel.objects.kept().filter(pk=channel.pk)
    if not problem:
        row.update(failures=0, problem="", not_before=None, enabled=True, last_success_at=moment)
        return
    logger.warning("robot %s (%s) took nothing: %s", channel.pk, channel.kind, problem)
    row.update(
        failures=F("failures") + 1,
        problem=problem,
        not_before=after_quiet(moment + _wait(channel.failures)),
        enabled=channel.enabled and channel.failures + 1 < MOST_FAILURES,
        last_failure_at=moment,
    )


def _note_sent(sending: Sending) -> None:
    Sending.objects.pending().filter(pk=sending.pk).update(state=State.SENT, sent_at=clock.now())


def try_channel(*, pk: int) -> bool:
    """Say the trial message that an owner asked for, once, and say whether the robot took it."""
    if is_quiet(clock.now()):
        return False
    waiting = Channel.objects.on_trial().filter(pk=pk)
    channel = waiting.select_related("user").first()
    if channel is None or not waiting.update(trial_asked_at=None):
        return False
    if channel.user is not None and not channel.user.is_active:
        return False
    return _say(channel, _("试一条：以后的消息会发到这里。"))
