"""The one gate that every move passes: lock, policy, table; then event and fields in one save."""

from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from jiangdong.refusals import NotNow
from pairing.standing import standing_of
from voices import policy
from voices.models import Voice
from voices.workflow import TABLE

BY_ASKER = _("提的人")


def locked(voice: Voice) -> Voice:
    """Lock the row and read it afresh; the caller is in a transaction. What is joined never changes."""
    rows = Voice.objects.select_for_update(of=("self",)).select_related("community")
    return rows.get(pk=voice.pk)


def begin(move: str, voice: Voice, by: User) -> Voice:
    """Lock the voice and let the person through, or raise the policy's refusal."""
    voice = locked(voice)
    if refusal := policy.why_not(by, move, voice):
        raise refusal
    return voice


def begin_by_asker(move: str, voice: Voice) -> Voice:
    """Lock the voice and let its asker through, whom a key stands for.

    Raises:
        NotNow: there is nothing to say to it now.
    """
    voice = locked(voice)
    if voice.state not in TABLE[move]:
        message = _("现在还不用您回答，或者您已经答过了。")
        raise NotNow("wrong_state", message, state=voice.state)
    return voice


def finish(
    voice: Voice, move: str, *, by: User | None, changed: tuple[str, ...], note: str = ""
) -> None:
    """Move the state on as the table says, and write the event and all that changed."""
    before = voice.state
    voice.state = TABLE[move][before]
    _record(voice, move, before, by, note)
    voice.save(update_fields=(*changed, "state", *trail.TRAIL_FIELDS))


def note(
    voice: Voice,
    what: str,
    *,
    by: User | None,
    first: bool = False,
    changed: tuple[str, ...] = (),
    words: str = "",
) -> None:
    """Write an event that moves nothing: that it was noted, that its words were changed."""
    _record(voice, what, "" if first else voice.state, by, words)
    voice.save(update_fields=(*changed, *trail.TRAIL_FIELDS))


def _record(voice: Voice, move: str, before: str, by: User | None, note: str) -> None:
    trail.record(
        thing=voice,
        move=move,
        from_state=before,
        to_state=voice.state,
        by=by,
        by_label=label_of(by),
        note=note,
    )


def label_of(by: User | None) -> str:
    """Return in whose name somebody acts, for the trail and for those who are told."""
    if by is None:
        return str(BY_ASKER)
    standing = standing_of(by)
    if standing.label:
        return standing.label
    return str(_("区督办")) if standing.is_supervisor else str(_("区领导"))
