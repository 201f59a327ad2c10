"""Emptying the letterbox in the morning, and destroying keys long after a voice is over."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction

from pairing.models import Community
from voices.actions import asker, gate
from voices.actions.noting import write
from voices.models import Draft, Slip, Topic, VoiceKey
from voices.workflow import OVER, TABLE, Asker, Channel, How, Move


def empty_box(*, on: dt.date) -> int:
    """Take out what was dropped in before this day, each slip in a transaction of its own; return how many.

    Their numbers are made up, so their order is chance. Moderators hear of it by the morning's digest.
    """
    slips = Slip.objects.filter(day__lt=on).order_by("pk")
    return sum(_take(pk) for pk in list(slips.values_list("pk", flat=True)))


@transaction.atomic
def _take(pk: uuid.UUID) -> bool:
    """Make of a slip what it asks for, and destroy it; somebody else may have been quicker."""
    slip = Slip.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if slip is None:
        return False
    if slip.kind == Slip.Kind.NEW:
        _new(slip)
    else:
        _later(slip)
    slip.delete()
    return True


def _new(slip: Slip) -> None:
    facts = slip.facts
    draft = Draft(
        title=facts["title"],
        text=facts["text"],
        channel=Channel.FORUM,
        asker=Asker.ANONYMOUS,
        community=Community.objects.filter(pk=facts["community"]).first(),
        topic=Topic.objects.filter(pk=facts["topic"]).first(),
        may_publish=facts["may_publish"],
    )
    voice = write(draft, by=None, on=slip.day)
    VoiceKey.objects.create(voice=voice, digest=slip.digest)


def _later(slip: Slip) -> None:
    """Do what the writer of a voice asked for. What became impossible meanwhile is kept as words."""
    key = VoiceKey.objects.filter(digest=slip.digest).select_related("voice").first()
    if key is None:
        return
    voice, facts = gate.locked(key.voice), slip.facts
    if slip.kind == Slip.Kind.RATE and voice.state in TABLE[Move.RATE]:
        rating, words = facts["rating"], facts["words"]
        asker.close(voice, by=None, rating=rating, words=words, how=How.ONESELF)
    elif slip.kind == Slip.Kind.REOPEN and voice.state in TABLE[Move.REOPEN]:
        asker.give_back(voice, by=None, reason=facts["reason"] or str(asker.NOT_SETTLED))
    elif voice.state not in OVER and (said := _said(facts)):
        asker.add_word(voice, said)


def _said(facts: dict) -> str:
    return facts.get("text") or facts.get("words") or facts.get("reason") or ""


def destroy_keys(*, on: dt.date) -> int:
    """Destroy the keys of voices that ended so long ago that nothing of their askers is kept; return how many."""
    last = on - dt.timedelta(days=settings.RESIDENT_DETAILS_DAYS)
    return VoiceKey.objects.filter(voice__closed_on__lt=last).delete()[0]
