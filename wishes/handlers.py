"""Whom to hand a wish to (交办): who fits, and why."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from pairing.models import Cadre, Pairing
from wishes.models import Wish

MOST = 20
FAR = 9


@dataclass(frozen=True)
class Candidate:
    """Somebody who could handle a wish, with the reason why they are named."""

    cadre: Cadre
    why: str


def candidates(wish: Wish, words: str = "") -> list[Candidate]:
    """Return who fits, the nearest first; with words, whoever's name or agency holds them. Nobody's load is counted."""
    paired = Pairing.objects.agency_of(wish.community_id)
    people = (
        Cadre.objects.acting()
        .present()
        .exclude(user=wish.handler_id)
        .select_related("user", "agency", "registered_with")
        .annotate(nearness=_nearness(wish, paired))
    )
    if words := words.strip():
        people = people.filter(Q(user__name__contains=words) | Q(agency__name__contains=words))
    else:
        people = people.filter(nearness__lt=FAR)
    people = people.order_by("nearness", "agency__position", "-is_liaison", "user__username")
    return [Candidate(cadre, _why(cadre, wish, paired)) for cadre in people[:MOST]]


def _nearness(wish: Wish, paired: int | None) -> Case:
    good_at_it = Q(specialities__contains=[wish.kind])
    ladder = [
        Q(agency=wish.agency_id) if wish.agency_id else None,
        Q(agency=paired) & good_at_it if paired else None,
        Q(agency=paired, is_liaison=True) if paired else None,
        Q(agency=paired) if paired else None,
        Q(registered_with=wish.community_id) & good_at_it,
        Q(registered_with=wish.community_id),
        Q(registered_with__street=wish.community.street_id) & good_at_it,
    ]
    steps = [When(step, then=Value(n)) for n, step in enumerate(ladder) if step is not None]
    return Case(*steps, default=Value(FAR), output_field=IntegerField())


def _why(cadre: Cadre, wish: Wish, paired: int | None) -> str:
    """Say in a few words why this person is named."""
    facts = [
        (cadre.agency_id == wish.agency_id, _("认领的单位")),
        (cadre.agency_id == paired, _("结对单位")),
        (cadre.is_liaison, _("联络员")),
        (wish.kind in cadre.specialities, _("擅长%(kind)s") % {"kind": wish.get_kind_display()}),
        (cadre.registered_with_id == wish.community_id, _("在这个社区报到")),
    ]
    return "，".join(words for holds, words in facts if holds)


def acting() -> QuerySet[Cadre]:
    """Return whoever may be named at all."""
    return Cadre.objects.acting().present().select_related("user", "agency")
