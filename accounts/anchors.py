"""Anchoring the trail: every night one digest over the heads of all chains, kept in the database and outside of it.

Whoever can change the database can write a chain anew so that it proves. They cannot change what left it:
a file a night in ANCHORS_FOLDER, with every event's hash since the night before, and a mail to ANCHOR_MAIL.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Anchor, Event
from jiangdong import clock

logger = logging.getLogger(__name__)

HEADS = """
SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(' ', thing_kind, thing_id, n, hash), E'\\n' ORDER BY thing_kind COLLATE "C", thing_id
), ''), 'UTF8')), 'hex')
FROM (
    SELECT DISTINCT ON (thing_kind, thing_id) thing_kind, thing_id, n, hash
    FROM accounts_event WHERE id <= %s ORDER BY thing_kind, thing_id, n DESC
) head
"""


def anchor(*, day: dt.date) -> Anchor:
    """Anchor the trail for a day, if that was not done, and see that its file is there.

    Raises:
        django.db.OperationalError: a long transaction writes events; try again later.
        OSError: the file cannot be written; the anchor stands, and the next call writes it.
    """
    made = Anchor.objects.filter(day__gte=day).order_by("-day").first() or _made(day)
    _write_file(made)
    return made


def _made(day: dt.date) -> Anchor:
    with transaction.atomic():
        last_event = _last_event()
        before = Anchor.objects.order_by("-day").first()
        if before and before.day >= day:
            return before
        things, heads = heads_up_to(last_event)
        made = Anchor(
            day=day,
            at=clock.now(),
            last_event=last_event,
            things=things,
            heads=heads,
            previous=before.digest if before else "",
        )
        made.digest = digest_of(made)
        made.save(force_insert=True)
    return made


def _last_event() -> int:
    """Return the id up to which every event is committed and none can come in any more.

    An id is given out before its row is committed: without the lock a slow move of yesterday would slip in
    under tonight's anchor. Whoever moves something now waits for as long as the anchor takes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("LOCK TABLE accounts_event IN SHARE ROW EXCLUSIVE MODE")
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def heads_up_to(last_event: int) -> tuple[int, str]:
    """Return how many chains there were up to an event, and the digest over their heads in order."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [last_event])
        return cursor.fetchone()


def facts_of(made: Anchor) -> dict:
    """Return what an anchor says, as its file and its mail do."""
    return {
        "day": made.day.isoformat(),
        "at": made.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "last_event": made.last_event,
        "things": made.things,
        "heads": made.heads,
        "previous": made.previous,
    }


def digest_of(made: Anchor) -> str:
    """Return the SHA-256 over everything an anchor says."""
    return hashlib.sha256(json.dumps(facts_of(made)).encode()).hexdigest()


def file_of(day: dt.date) -> Path:
    """Return where a day's anchor stands outside the database."""
    return settings.ANCHORS_FOLDER / f"{day}.txt"


def lines_of(made: Anchor) -> Iterator[str]:
    """Yield the lines of an anchor's file: what it says, then every event since the anchor before."""
    before = Anchor.objects.filter(day__lt=made.day).order_by("-day").first()
    after = before.last_event if before else 0
    yield json.dumps({**facts_of(made), "digest": made.digest, "after": after})
    for event in events_between(after, made.last_event):
        yield " ".join(map(str, event))


def events_between(after: int, last: int) -> Generator[tuple[int, str, int, int, str], None, None]:
    """Yield id, kind, thing, number and hash of the events after one and up to another, in the order of ids."""
    events = Event.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    rows = events.values_list("pk", "thing_kind", "thing_id", "n", "hash")
    yield from rows.iterator(chunk_size=5000)


def _write_file(made: Anchor) -> None:
    """Write the file whole, to be read only; one that is there is never touched."""
    path = file_of(made.day)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w") as file:
            file.writelines(f"{line}\n" for line in lines_of(made))
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o400)
        path.hardlink_to(fresh)  # unlike a renaming, this overwrites nothing
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def mail(made: Anchor) -> bool:
    """Send an anchor out of the house; returns whether it left, or there is nobody to send it to."""
    if not settings.ANCHOR_MAIL:
        return True
    message = EmailMessage(
        subject=_("江东365 存证 %(day)s") % {"day": made.day},
        body="\n\n".join(
            [
                json.dumps({**facts_of(made), "digest": made.digest}, indent=1),
                _("请保留这封邮件：以后核对办理记录有没有被改过，要用到它。"),
                "",
            ]
        ),
        to=settings.ANCHOR_MAIL,
        headers={
            "Message-ID": f"<anchor-{made.digest[:32]}@jiangdong365>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except Exception as error:  # a mail server raises what it likes
        logger.warning("the anchor of %s was not sent (%s)", made.day, type(error).__name__)
        return False
    return True


def set_aside() -> Path | None:
    """Move files of days that the database does not know into a folder of their own, and return it.

    For after restoring an older backup, and then only: what was anchored since is lost with the rest.
    """
    known = {file_of(day) for day in Anchor.objects.values_list("day", flat=True)}
    later = sorted(set(settings.ANCHORS_FOLDER.glob("*.txt")) - known)
    if not later:
        return None
    aside = settings.ANCHORS_FOLDER / f"lost-by-restoring-{clock.now():%Y-%m-%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in later:
        path.rename(aside / path.name)
    return aside
