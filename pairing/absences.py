"""Who stands in for whom today: asked by whoever names, offers or tells."""

from collections.abc import Iterable

from accounts.models import User
from pairing.models import Absence


def stand_ins() -> dict[int, int]:
    """Return who stands in for whom today, by account; one query."""
    return dict(
        Absence.objects.now()
        .filter(substitute__is_active=True)
        .values_list("user_id", "substitute_id")
    )


def whoever_is_there(people: Iterable[User]) -> list[User]:
    """Return these people, those who are away replaced by whoever stands in for them."""
    people = list(people)
    away = Absence.objects.now().filter(user__in=people, substitute__is_active=True)
    instead = {each.user_id: each.substitute for each in away.select_related("substitute")}
    return [instead.get(person.pk, person) for person in people]
