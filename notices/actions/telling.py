"""Telling people something, and their reading it."""

import logging
from collections.abc import Iterable

from celery import current_app
from django.db import models, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed
from notices import policy
from notices.actions.sending import queue
from notices.groups import Group
from notices.models import DueLine, Notice, Sending
from notices.quiet import after_quiet, is_quiet

logger = logging.getLogger(__name__)


def notify(
    *,
    to: Iterable[User],
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    thing: models.Model | None = None,
    group: Group | None = None,
    discreet: bool = False,
) -> list[Notice]:
    """Write one message to each person, in the caller's transaction; mail leaves after the commit.

    People who have ended are left out, and nobody is told twice. `url` is a path of the portal. Their robots
    say the title too, and those of `group` once for all; what is `discreet` they only point to.
    """
    moment = clock.now()
    notices = [
        Notice(
            recipient=person,
            kind=kind,
            title=one_line(title, 200),
            body=body,
            url=url,
            thing_kind=thing._meta.label_lower if thing else "",
            thing_id=thing.pk if thing else None,
            created_at=moment,
            not_before=after_quiet(moment),
            mail_state=Notice.Mail.PENDING if person.email else Notice.Mail.NONE,
        )
        for person in {person.pk: person for person in to if person.is_active}.values()
    ]
    Notice.objects.bulk_create(notices)
    queue(notices, group=group, discreet=discreet)
    hand_over(notices)
    return notices


def one_line(text: str, limit: int) -> str:
    """Return a text without line breaks, cut with an ellipsis at this many characters."""
    return Truncator(" ".join(str(text).split())).chars(limit, truncate="…")


def hand_over(notices: Iterable[Notice]) -> None:
    """Ask the worker, after the commit, to send what may leave now; the rest waits for the timetable."""
    ids = [notice.pk for notice in notices if notice.mail_state == Notice.Mail.PENDING]
    if not ids or is_quiet(clock.now()):
        return

    def ask_the_worker() -> None:
        try:
            current_app.send_task("notices.tasks.deliver", args=[ids])
        except OperationalError:
            logger.warning("broker unreachable: %d notices wait for the sweep", len(ids))

    transaction.on_commit(ask_the_worker, robust=True)


def mark_read(*, notice: Notice, by: User) -> None:
    """Note that its recipient has seen a notice; the first time counts.

    Raises:
        NotAllowed: it is someone else's.
    """
    if not policy.may_read(by, notice):
        raise NotAllowed("not_yours", _("这条消息不是发给你的。"))
    Notice.objects.filter(pk=notice.pk).unread().update(read_at=clock.now())


def mark_all_read(*, by: User, up_to: int | None = None) -> int:
    """Note that a person has seen their notices, up to the one with this id, and return how many were new."""
    unread = Notice.objects.visible_to(by).unread()
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=clock.now())


def forget_words(*, about: models.Model) -> int:
    """Empty what was said in the notices about a thing, and return how many; that somebody was told stays."""
    said = Notice.objects.filter(thing_kind=about._meta.label_lower, thing_id=about.pk)
    return said.exclude(body="").update(body="")


def silence(*, about: models.Model) -> int:
    """Let every message about a thing fall silent: unread ones are put away, unsent ones are not sent.

    Return how many messages were still to be sent or read.
    """
    said = Notice.objects.filter(thing_kind=about._meta.label_lower, thing_id=about.pk)
    unsent = said.filter(mail_state=Notice.Mail.PENDING).update(mail_state=Notice.Mail.NONE)
    unread = said.unread().update(read_at=clock.now())
    Sending.objects.filter(notice__in=said, state=Sending.State.PENDING).delete()
    lines = DueLine.objects.filter(thing_kind=about._meta.label_lower, thing_id=about.pk)
    return unsent + unread + lines.filter(digest__isnull=True).delete()[0]
