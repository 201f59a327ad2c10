"""What voices hold of a resident besides the sealed details, and how it goes with them."""

from accounts import trail
from notices.actions import forget_words
from pairing import erasure
from pairing.models import Resident
from voices.models import VoiceKey, Word


def register() -> None:
    """Let pairing's erasure reach voices."""
    erasure.also(erase_what_belongs_to)


def erase_what_belongs_to(resident: Resident) -> None:
    """Erase the asker's own words, notes on the course and in notices, and the way back; figures stay."""
    for voice in resident.voices.select_for_update(of=("self",)):
        trail.erase_notes(voice)
        forget_words(about=voice)
        voice.words = ""
        voice.save(update_fields=("words",))
        Word.objects.filter(voice=voice).delete()
        VoiceKey.objects.filter(voice=voice).delete()
