"""The asker's word: by their own link or code, or taken down by somebody who is not of the agency.

Of somebody without a name nothing is written while they are there: it goes through the letterbox.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong.refusals import not_valid, require
from voices import letters, policy
from voices.actions import box, clocks, gate
from voices.actions.moves import end
from voices.models import Slip, Voice, VoiceKey, Word
from voices.workflow import OVER, WORD, Asker, How, Move

NOT_SETTLED = _("提的人说没有解决。")
CLOSED = ("closed_on", "closed_by", "rating", "words", "how")
REOPENED = (*clocks.UNSETTLED, "answer_due_on", "settle_due_on", "reopened")


@transaction.atomic
def rate(*, voice: Voice, by: User, rating: str, how: str, words: str = "") -> Voice:
    """Take down that the asker says it is settled, and how they judge it.

    Raises:
        NotAllowed: the agency that answers cannot answer for the asker.
        NotValid: `how` is themselves, which only their own link or code can be.
    """
    voice = gate.begin(Move.RATE, voice, by)
    if how == How.ONESELF:
        raise not_valid("how", _("只有本人凭链接或回执码才算本人评的。"))
    return close(voice, by=by, rating=rating, words=words, how=how)


@transaction.atomic
def reopen(*, voice: Voice, by: User, reason: str) -> Voice:
    """Take down that the asker says it is not settled: it goes back to the agency with five working days."""
    voice = gate.begin(Move.REOPEN, voice, by)
    require(reason)
    return give_back(voice, by=by, reason=reason)


@transaction.atomic
def rate_by_key(*, key: VoiceKey, rating: str, words: str = "") -> None:
    """Let the asker judge, once per settlement.

    Raises:
        NotNow: nothing to judge, or judged already.
    """
    voice = gate.begin_by_asker(Move.RATE, key.voice)
    if voice.asker == Asker.ANONYMOUS:
        box.drop(Slip.Kind.RATE, key.digest, rating=rating, words=words)
        return
    close(voice, by=None, rating=rating, words=words, how=How.ONESELF)


@transaction.atomic
def reopen_by_key(*, key: VoiceKey, reason: str = "") -> None:
    """Let the asker say that it is not settled; a reason is welcome and not demanded.

    Raises:
        NotNow: nothing is said to be settled.
    """
    voice = gate.begin_by_asker(Move.REOPEN, key.voice)
    if voice.asker == Asker.ANONYMOUS:
        box.drop(Slip.Kind.REOPEN, key.digest, reason=reason)
        return
    give_back(voice, by=None, reason=reason or str(NOT_SETTLED))


@transaction.atomic
def write_by_key(*, key: VoiceKey, text: str) -> None:
    """Let the asker write further words, while it is not over.

    Raises:
        NotNow: it is over.
        NotValid: blank.
    """
    require(text, "text", _("请写几句。"))
    voice = gate.locked(key.voice)
    if voice.state in OVER:
        raise policy.wrong_state(voice)
    if voice.asker == Asker.ANONYMOUS:
        box.drop(Slip.Kind.WORD, key.digest, text=text)
        return
    add_word(voice, text)


def add_word(voice: Voice, text: str) -> None:
    """Keep the words with a locked voice, and tell whoever is to act."""
    Word.objects.create(voice=voice, text=text)
    gate.note(voice, WORD, by=None)
    letters.wrote(voice)


def close(voice: Voice, *, by: User | None, rating: str, words: str, how: str) -> Voice:
    voice.rating, voice.words, voice.how, voice.closed_by = rating, words, how, by
    end(voice)
    gate.finish(voice, Move.RATE, by=by, changed=CLOSED, note=words)
    letters.rated(voice)
    return voice


def give_back(voice: Voice, *, by: User | None, reason: str) -> Voice:
    clocks.reopen(voice)
    gate.finish(voice, Move.REOPEN, by=by, changed=REOPENED, note=reason)
    letters.reopened(voice, reason)
    return voice
