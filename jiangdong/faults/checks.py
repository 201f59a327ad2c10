"""What was answered, held against what is kept: each check returns what is wrong, in words."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts import trail
from accounts.models import Event
from jiangdong.faults.district import District
from jiangdong.faults.load import Load
from notices.models import DueLine, Notice
from wishes.models import Wish

MESSAGE_ID = re.compile(r"^Message-ID: <([^@>]+)@", re.MULTILINE | re.IGNORECASE)
KIND_OF = {"claim": "claimed", "fulfil": "fulfilled", "confirm": "confirmed"}
REFUSED = {"claim": {409}, "fulfil": {403, 404, 409}, "confirm": {409}}


class Kept:
    """The wishes of the load, their events and what was told of them, read once after the storm."""

    def __init__(self, load: Load, district: District) -> None:
        self.load, self.district = load, district
        ids = [target.pk for target in district.targets]
        self.wishes = Wish.objects.in_bulk(ids)
        events = Event.objects.filter(thing_kind="wishes.wish", thing_id__in=ids).order_by("n")
        self.events = list(events)
        self.notices = Notice.objects.filter(
            thing_kind="wishes.wish", thing_id__in=ids, kind__in=KIND_OF.values()
        )

    def answered_is_kept(self) -> Iterator[str]:
        """Nothing that was answered with success is lost, and each was done once."""
        done = Counter((event.thing_id, event.move, event.by_id) for event in self.events)
        for answer in self.load.answers:
            if answer.is_success and done[answer.wish.pk, answer.move, answer.user_id] != 1:
                yield f"{answer.wish.code}: {answer.move} was answered {answer.status} and is not kept"

    def one_holder(self) -> Iterator[str]:
        """No wish was taken twice, and its holder is who took it."""
        claims: dict[int, list[int]] = {}
        for event in self.events:
            if event.move == "claim":
                claims.setdefault(event.thing_id, []).append(event.by_id)
        told = Counter(
            answer.wish.pk
            for answer in self.load.answers
            if answer.move == "claim" and answer.is_success
        )
        for pk, wish in self.wishes.items():
            holders = claims.get(pk, [])
            if len(holders) > 1 or told[pk] > 1 or [wish.handler_id] != (holders or [None]):
                yield f"{wish.code}: taken by {holders}, held by {wish.handler_id}, {told[pk]} told so"

    def chains_prove(self) -> Iterator[str]:
        """Every chain is whole, and each wish is where its last event left it."""
        yield from map(str, trail.verify())
        last = {event.thing_id: event.to_state for event in self.events}
        for pk, wish in self.wishes.items():
            if wish.state != last[pk]:
                yield f"{wish.code}: is {wish.state}, and its last event says {last[pk]}"

    def journeys_end(self) -> Iterator[str]:
        """Whoever tried again got there, and no refusal was one that nobody should see."""
        for target in self.load.finished:
            if self.wishes[target.pk].state != "closed":
                yield f"{target.code}: its client went to the end, and it is {self.wishes[target.pk].state}"
        yield from (f"{code}: its client was never answered" for code in self.load.given_up)
        for answer in self.load.answers:
            if not answer.is_success and answer.status not in REFUSED[answer.move]:
                yield f"{answer.wish.code}: {answer.move} was answered {answer.status}"

    def told_once(self) -> Iterator[str]:
        """Each move told whom it should, in the same breath: nobody is missing, nobody was told twice."""
        told = Counter(self.notices.values_list("thing_id", "kind", "recipient"))
        due = Counter()
        for event in self.events:
            if kind := KIND_OF.get(event.move):
                due[event.thing_id, kind, self.district.worker.pk] += 1
                if event.move == "confirm":
                    due[event.thing_id, kind, self.wishes[event.thing_id].handler_id] += 1
        for key in due | told:
            if due[key] != told[key]:
                yield f"{key}: to be told {due[key]} times, told {told[key]} times"

    def reminded_once(self) -> Iterator[str]:
        """What fell due stands in one digest of whom it concerns, and nobody has two digests a day."""
        lines = DueLine.objects.filter(digest__isnull=False)
        told = Counter(lines.values_list("reminder", "thing_id", "recipient"))
        for key in self.district.due | set(told):
            if (key in self.district.due, told[key]) != (True, 1):
                yield f"{key}: stands in {told[key]} digests"
        digests = Notice.objects.filter(kind=Notice.DIGEST).values_list("recipient", "digest_day")
        for (recipient, day), count in Counter(digests).items():
            if count > 1:
                yield f"recipient {recipient} has {count} digests of {day}"

    def mailed(self) -> Iterator[str]:
        """All mail was sent; what a kill made leave again did so under the same Message-ID, once a try."""
        sent = mails()
        for notice in self.mail():
            copies = sent[str(notice.message_id)]
            if notice.mail_state != Notice.Mail.SENT or not 1 <= copies <= notice.mail_attempts:
                yield (
                    f"notice {notice.pk}: {notice.mail_state} after {notice.mail_attempts} tries,"
                    f" {copies} copies left"
                )

    def mail(self) -> list[Notice]:
        """Return what was to leave by mail."""
        return [*self.notices, *Notice.objects.filter(kind=Notice.DIGEST)]

    def mailed_again(self) -> int:
        """Count the messages that left more than once."""
        sent = mails()
        return sum(sent[str(notice.message_id)] > 1 for notice in self.mail())


def mails() -> Counter:
    """Count the mails in the folder by what stands before the @ of their Message-ID."""
    found: Counter = Counter()
    for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        found.update(MESSAGE_ID.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found


def undelivered() -> int:
    """Count what still waits to leave by mail."""
    return Notice.objects.filter(mail_state=Notice.Mail.PENDING).count()
