"""What wishes hold of a resident besides the sealed details, and how it goes with them."""

from django.db import transaction
from django.db.models import Q

from accounts import trail
from notices.actions import forget_words
from pairing import erasure
from pairing.models import Resident
from wishes.models import IntakeRow, ResidentLink, Story, Wish

ERASED = "—"  # where something must stand


def register() -> None:
    """Let pairing's erasure reach wishes."""
    erasure.also(erase_what_belongs_to)


def erase_what_belongs_to(resident: Resident) -> None:
    """Erase the resident's own words, notes on the course and in notices, photos and the link; figures stay.

    Notes go too on the course of a wish into which theirs was merged: they may be about either resident.
    """
    own = Wish.objects.filter(resident=resident)
    about = Wish.objects.filter(Q(pk__in=own) | Q(pk__in=own.values("merged_into")))
    for wish in about.order_by("pk").select_for_update(of=("self",)):
        trail.erase_notes(wish)
        forget_words(about=wish)
        if wish.resident_id != resident.pk:
            continue
        wish.words = wish.fulfil_note = wish.told = ""
        wish.receipt = ERASED if wish.receipt else ""
        wish.save(update_fields=("words", "fulfil_note", "told", "receipt"))
        wish.asks.update(reason="")
        wish.quiets.update(reason="")
        wish.second_calls.update(note="")
        ResidentLink.objects.filter(wish=wish).delete()
        Story.objects.filter(wish=wish).delete()
        IntakeRow.objects.filter(wish=wish).delete()
        _erase_photos(wish.evidence.all())


def _erase_photos(evidence) -> None:
    """Delete the rows now and the files once that is certain."""
    for one in evidence:
        storage, name = one.photo.storage, one.photo.name
        one.delete()
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name), robust=True)
