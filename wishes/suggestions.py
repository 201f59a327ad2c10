"""Who fits which wish, and why: to a cadre what to take, to a liaison whom to ask. No trained model, no score shown.

How much somebody holds is said to that person and to their own liaison, in words, and to nobody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pairing.models import Absence, Cadre
from pairing.standing import Standing
from wishes.models import Wish
from wishes.querysets import WishQuerySet
from wishes.workflow import IN_HAND, Kind, Origin, State

MOST = 10
BUSY = 5  # who holds as many is told so
FEW = 3  # and offered no more than these
ASKED = 3  # colleagues named for a wish


@dataclass
class Suggested:
    """What somebody might take, the best first, and how much they hold already."""

    wishes: list[Wish] = field(default_factory=list)
    load: int = 0

    @property
    def busy(self) -> bool:
        return self.load >= BUSY


def suggested(wishes: WishQuerySet, standing: Standing) -> Suggested:
    """Return what fits this person best of some open wishes: by fit, then by what is due first. One query.

    Nothing while they are away.
    """
    away = Absence.objects.now().filter(user=standing.user_id)
    rows = list(
        wishes.filter(~Exists(away))
        .annotate(fit=_fit(standing), load=_held_by(Value(standing.user_id)))
        .select_related("community")
        .order_by("-fit", F("due_on").asc(nulls_last=True), "pk")[:MOST]
    )
    found = Suggested(rows, rows[0].load if rows else 0)
    if found.busy:
        found.wishes = rows[:FEW]
    return found


def reasons_of(wish: Wish, standing: Standing) -> list[str]:
    """Return why a wish may suit this person, in words."""
    reasons = []
    if wish.community_id in standing.paired_community_ids:
        reasons.append(_("结对社区"))
    if wish.kind in standing.specialities:
        reasons.append(_("你填过「%(kind)s」") % {"kind": Kind(wish.kind).label})
    if wish.community_id == standing.registered_with_id:
        reasons.append(_("你报到的社区"))
    elif wish.community.street_id == standing.home_street_id:
        reasons.append(_("和你报到的社区在一个街道"))
    return reasons


def _fit(standing: Standing):
    """Return an expression for how many reasons there are, the weightier counting more."""
    return (
        _points(4, Q(community__in=standing.paired_community_ids))
        + _points(3, Q(kind__in=standing.specialities))
        + _points(2, Q(community=standing.registered_with_id))
        + _points(1, Q(community__street=standing.home_street_id))
    )


def _points(weight: int, reason: Q) -> Case:
    return Case(When(reason, then=Value(weight)), default=Value(0), output_field=IntegerField())


def _held_by(person):
    """Return an expression for how many wishes somebody has in hand."""
    held = Wish.objects.live().filter(handler=person, state__in=IN_HAND).order_by()
    counted = held.values("handler").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Colleague:
    """Somebody of the agency who fits a wish, and why, with what they hold in words."""

    cadre: Cadre
    why: str


def colleagues_for(wishes: Iterable[Wish], standing: Standing) -> dict[int, list[Colleague]]:
    """Return for each wish whom a liaison could ask, the best first; one query for all of them."""
    cadres = list(
        Cadre.objects.acting()
        .present()
        .filter(agency=standing.agency_id)
        .select_related("user", "registered_with")
        .annotate(load=_held_by(OuterRef("user")))
        .order_by("load", "user__name", "pk")
    )
    return {wish.pk: _fitting(wish, cadres) for wish in wishes}


def may_be_asked_for(wish: Wish, standing: Standing) -> bool:
    """Say whether this person, as liaison, looks for somebody to handle the wish."""
    offered = wish.state == State.OPEN and wish.offered_to_id == standing.agency_id
    unnamed = (
        wish.state in IN_HAND
        and wish.origin == Origin.BRANCH
        and wish.agency_id == standing.agency_id
    )
    return standing.is_liaison and (offered or unnamed)


def _fitting(wish: Wish, cadres: list[Cadre]) -> list[Colleague]:
    found = [(reasons, cadre) for cadre in cadres if (reasons := _reasons(cadre, wish))]
    found.sort(key=lambda one: -len(one[0]))  # stable: of equals who holds less comes first
    return [
        Colleague(cadre, _("，").join([*reasons, load_in_words(cadre.load)]))
        for reasons, cadre in found[:ASKED]
    ]


def _reasons(cadre: Cadre, wish: Wish) -> list[str]:
    reasons = []
    if wish.kind in cadre.specialities:
        reasons.append(_("擅长%(kind)s") % {"kind": wish.get_kind_display()})
    if cadre.registered_with_id == wish.community_id:
        reasons.append(_("在这个社区报到"))
    elif cadre.registered_with and cadre.registered_with.street_id == wish.community.street_id:
        reasons.append(_("在这个街道报到"))
    return reasons


def load_in_words(held: int) -> str:
    """Say how much somebody has in hand."""
    return _("手上 %(n)s 件") % {"n": held} if held else _("手上没有")
