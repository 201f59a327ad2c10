"""From a voice to a wish and back: each keeps its own life, and both pages point across."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow
from pairing import actions as pairing_actions
from pairing.models import Consent
from pairing.standing import standing_of
from voices import policy
from voices.actions import gate
from voices.actions.noting import give_link, write
from voices.models import Draft, Voice, WishLink
from voices.workflow import FROM_WISH, OVER, TO_WISH, Asker, Channel
from wishes import actions as wishes
from wishes.models import Draft as WishDraft
from wishes.models import Wish
from wishes.policy import works_there


@transaction.atomic
def make_wish(*, voice: Voice, by: User, draft: WishDraft) -> Wish:
    """Write a wish down out of a voice: one of several perhaps; the voice goes on by itself.

    Raises:
        NotAllowed: not a worker of the community it concerns.
        NotNow: the voice was withdrawn or dismissed.
    """
    voice = gate.locked(voice)
    if not policy.may_make_wish(standing_of(by), voice):
        raise NotAllowed("not_yours", _("由本社区的工作人员记成心愿。"))
    if voice.state in OVER and voice.agency_id is None:
        raise policy.wrong_state(voice)
    wish = wishes.log(draft=draft, community=voice.community, by=by)
    WishLink.objects.create(
        voice=voice, wish=wish, voice_first=True, made_by=by, made_at=clock.now()
    )
    gate.note(voice, TO_WISH, by=by, words=wish.code)
    return wish


@transaction.atomic
def from_wish(*, wish: Wish, by: User, told: str) -> Voice:
    """Make a voice of what was written down as a wish and is none; the wish is referred, with the voice as receipt.

    The asker is the wish's resident, with whatever is kept of them; an agency is asked afterwards.

    Raises:
        NotAllowed: not a worker of the wish's community.
        NotNow: the wish became a voice already, or is in hand.
        NotValid: nothing was told to the resident, or what gives them away.
    """
    wish = Wish.objects.select_for_update(of=("self",)).select_related("community").get(pk=wish.pk)
    if not works_there(standing_of(by), wish):
        raise NotAllowed("not_yours", _("由本社区的工作人员转成民声。"))
    if WishLink.objects.filter(wish=wish, voice_first=False).exists():
        raise NotNow("made_already", _("这件心愿已经转成民声。"), state=wish.state)
    draft = Draft(
        title=wish.title,
        text=wish.detail,
        channel=Channel.VISIT,
        asker=Asker.RESIDENT,
        community=wish.community,
        may_publish=_agreed_to_publish(wish),
    )
    voice = write(draft, by=by, resident=wish.resident)
    WishLink.objects.create(
        voice=voice, wish=wish, voice_first=False, made_by=by, made_at=clock.now()
    )
    give_link(voice)
    gate.note(voice, FROM_WISH, by=by, words=wish.code)
    wishes.refer(wish=wish, by=by, to="voice", receipt=voice.code, told=told)
    if wish.resident:
        pairing_actions.keep_on(resident=wish.resident)  # the voice goes on
    return voice


def _agreed_to_publish(wish: Wish) -> bool:
    consents = wish.resident.consents if wish.resident else Consent.objects.none()
    return consents.filter(kind=Consent.Kind.PUBLISH).exists()
