"""Dropping into the letterbox what somebody without a name says; `emptying` says what becomes of it.

A voice, its event and a message to a moderator would each carry the moment at which they were made. So nothing of
that is made while its writer is there: a slip is dropped in, and the box is emptied in the morning, in chance
order, when all that was dropped in on a day before becomes voices at once.
"""

from typing import Any

from pairing.models import Community
from voices import codes
from voices.models import Slip, Topic, VoiceKey

ANSWERS = (Slip.Kind.RATE, Slip.Kind.REOPEN)


def drop_in(
    *,
    title: str,
    text: str = "",
    community: Community | None = None,
    topic: Topic | None = None,
    may_publish: bool = False,
) -> str:
    """Drop a new voice into the box, and return the code by which its writer comes back."""
    code = codes.new()
    drop(
        Slip.Kind.NEW,
        codes.digest(code),
        title=title,
        text=text,
        community=community.pk if community else None,
        topic=topic.pk if topic else None,
        may_publish=may_publish,
    )
    return code


def drop(kind: str, digest: str, **facts: Any) -> None:
    """Drop a slip in. A later answer of the same writer replaces the earlier; words add up."""
    if kind in ANSWERS:
        Slip.objects.filter(digest=digest, kind__in=ANSWERS).delete()
    Slip.objects.create(kind=kind, digest=digest, facts=facts)


def is_waiting(code: str) -> bool:
    """Say whether a new voice of this code still lies in the box."""
    return Slip.objects.filter(kind=Slip.Kind.NEW, digest=codes.digest(code)).exists()


def has_answered(key: VoiceKey) -> bool:
    """Say whether its asker's answer lies in the box."""
    return Slip.objects.filter(kind__in=ANSWERS, digest=key.digest).exists()
