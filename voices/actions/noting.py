"""Writing a voice down, changing its words before an agency is asked, and the way back for its asker."""

import datetime as dt
import secrets

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import digest, seal, unseal
from jiangdong.refusals import NotAllowed, NotNow, NotValid, not_valid
from pairing import actions as pairing_actions
from pairing.models import Community, Consent, Resident
from pairing.standing import standing_of
from voices import codes, letters, policy
from voices.actions import gate
from voices.models import Draft, Topic, Voice, VoiceKey
from voices.workflow import EDIT, NOTE, Asker

EDITED = ("title", "text", "topic", "community", "enterprise")


@transaction.atomic
def note(*, draft: Draft, by: User) -> Voice:
    """Write down what somebody said to a colleague: at a door, on the telephone, in a talk.

    Raises:
        NotAllowed: they act for no community, agency or office; a worker for another community than their own.
        NotValid: details without consent, or of somebody who gives no name.
    """
    standing = standing_of(by)
    if not policy.may_note(standing):
        raise NotAllowed("not_yours", _("由社区、单位和区里的人来记。"))
    own = standing.any_community_id
    if own and (draft.community is None or draft.community.pk != own):
        raise NotAllowed("not_yours", _("只能为自己的社区记。"))
    voice = write(draft, by=by)
    give_link(voice)
    letters.noted(voice, by=by)
    return voice


def give_link(voice: Voice) -> None:
    """Make the link by which its asker comes back, for whoever wrote it down to hand over."""
    token = secrets.token_urlsafe(24)
    VoiceKey.objects.create(voice=voice, digest=digest(token), sealed_token=seal({"token": token}))


@transaction.atomic
def post(*, draft: Draft) -> tuple[Voice, str]:
    """Take what somebody says on the public page in their own name; return the voice and the code to come back by.

    Raises:
        NotValid: details without consent; no name given, which goes through the letterbox.
    """
    if draft.asker not in (Asker.RESIDENT, Asker.ENTERPRISE):
        raise not_valid("asker", _("不愿具名的请投进信箱。"))
    voice = write(draft, by=None)
    code = codes.new()
    VoiceKey.objects.create(voice=voice, digest=codes.digest(code))
    letters.noted(voice, by=None)
    return voice, code


def write(
    draft: Draft,
    *,
    by: User | None,
    on: dt.date | None = None,
    resident: Resident | None = None,
) -> Voice:
    """Make the row and its first event, inside the caller's transaction.

    `on` is the day it was said, today unless it lay in the letterbox; `resident` is somebody kept already.
    """
    _require_whole(draft)
    number = _next_number()
    voice = Voice(
        pk=number,
        code=f"MS-{number:05d}",
        logged_by=by,
        noted_on=on or clock.today(),
        resident=resident or _resident(draft, by),
        **{name: getattr(draft, name) for name in Draft.WORDS},
    )
    voice.save(force_insert=True)
    gate.note(voice, NOTE, by=by, first=True)
    return voice


def _require_whole(draft: Draft) -> None:
    if draft.asker == Asker.ENTERPRISE and not draft.enterprise.strip():
        raise not_valid("enterprise", _("请写明是哪家企业。"))
    if not draft.details:
        return
    if draft.asker == Asker.ANONYMOUS:
        raise not_valid("asker", _("不愿具名就不能留联系方式，请去掉一样。"))
    if draft.community is None:
        raise not_valid("community", _("留了联系方式，请选是哪个社区，由社区来联系。"))


def _resident(draft: Draft, by: User | None) -> Resident | None:
    """Seal what the asker left, if anything."""
    if not draft.details:
        return None
    consents = {Consent.Kind.CONTACT} if draft.consented else set()
    return pairing_actions.record_resident(
        community=draft.community, details=draft.details, consents=consents, by=by
    )


def _next_number() -> int:
    """Draw the next number of a voice, from which its code is made: no two wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('voices_voice', 'id'))")
        return cursor.fetchone()[0]


@transaction.atomic
def edit(
    *,
    voice: Voice,
    by: User,
    title: str,
    text: str,
    topic: Topic | None,
    community: Community | None,
    enterprise: str,
) -> Voice:
    """Change the words so that everybody may read them, before an agency is asked.

    Raises:
        NotAllowed: not theirs to look through.
        NotNow: an agency has it, or it is over.
        NotValid: an enterprise without a name, or another community than the one that keeps the asker's details.
    """
    voice = gate.locked(voice)
    if not policy.moderates(standing_of(by), voice):
        raise NotAllowed("not_yours", _("由社区、街道或区督办来改。"))
    if not policy.may_edit(standing_of(by), voice):
        raise NotNow("wrong_state", _("已经交给单位，不能再改。"), state=voice.state)
    if voice.asker == Asker.ENTERPRISE and not enterprise.strip():
        raise not_valid("enterprise", _("请写明是哪家企业。"))
    if voice.resident_id and community != voice.community:
        raise not_valid("community", _("联系方式留在这个社区，不能换。"))
    voice.title, voice.text, voice.topic = title, text, topic
    voice.community, voice.enterprise = community, enterprise
    gate.note(voice, EDIT, by=by, changed=EDITED)
    return voice


def link_token(voice: Voice) -> str:
    """Return the token of the asker's link, or nothing where there is only a code that nobody can show again."""
    key = getattr(voice, "key", None)
    return unseal(key.sealed_token)["token"] if key and key.sealed_token else ""


def key_of_token(token: str) -> VoiceKey | None:
    return _keys().filter(digest=digest(token)).exclude(sealed_token="").first()


def key_of_code(code: str) -> VoiceKey | None:
    return _keys().filter(digest=codes.digest(code), sealed_token="").first()


def _keys():
    return VoiceKey.objects.select_related("voice__community", "voice__agency", "voice__topic")


@transaction.atomic
def erase_on_request(*, voice: Voice, by: User) -> Voice:
    """Erase what is kept of the asker because they asked (PIPL 47); figures stay.

    Raises:
        NotAllowed: not theirs to do.
        NotValid: nothing is kept of anybody.
    """
    voice = gate.locked(voice)
    if not policy.moderates(standing_of(by), voice):
        raise NotAllowed("not_yours", _("由社区、街道或区督办来删。"))
    if voice.resident_id is None:
        raise NotValid("nothing_kept", _("没有留联系方式。"), fields={})
    pairing_actions.erase(resident=voice.resident)
    voice.refresh_from_db()
    return voice
