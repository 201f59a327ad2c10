"""How long residents' details are kept for a wish: those of whoever wished it, and of whoever wished the same."""

from collections.abc import Iterable

from django.db.models import Q

from jiangdong import clock
from pairing import actions as pairing_actions
from pairing.models import Resident
from wishes.models import Wish


def keep_for_a_term(wish: Wish) -> None:
    """Let the term of the details begin today: the wish is over."""
    for resident in _residents_of(wish):
        pairing_actions.keep_until(resident=resident, closed_on=clock.today())


def keep_on(wish: Wish) -> None:
    """Keep the details without a term again: the wish goes on."""
    for resident in _residents_of(wish):
        pairing_actions.keep_on(resident=resident)


def _residents_of(wish: Wish) -> Iterable[Resident]:
    """Return whose wish it is. Archived ones are nobody's, and what was merged brings its own resident along."""
    same = Q(pk=wish.resident_id) | Q(wishes__merged_into=wish)
    return Resident.objects.filter(same).distinct().order_by("pk") if wish.resident_id else ()
