"""Who may do what with pairings and the people in them.

Who may see a resident's details depends on the thing that they belong to; the app of that thing
decides it and comes here with the answer (`pairing.actions.look`).
"""

from accounts.models import User
from pairing.models import Cadre
from pairing.standing import Standing


def may_arrange(standing: Standing) -> bool:
    """Pair agencies with communities."""
    return standing.is_supervisor


def may_enter_absence(standing: Standing, person: Cadre) -> bool:
    """Say that somebody is away, or back: themself, or their agency's liaison."""
    of_agency = standing.agency_id == person.agency_id
    return standing.user_id == person.user_id or (standing.is_liaison and of_agency)


def may_see_pairings(standing: Standing) -> bool:
    """Read who was paired with whom, and when: the pairings of today are public."""
    return bool(standing.roles & {"supervisor", "supervision_group"})


def may_keep_people(standing: Standing) -> bool:
    """Enter who acts for which agency and community."""
    return "administrator" in standing.roles


def may_end_person(standing: Standing, person: User) -> bool:
    """End somebody's posts, roles and account because they left: administrators, and nobody their own."""
    return "administrator" in standing.roles and standing.user_id != person.pk
