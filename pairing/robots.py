"""Agencies as groups that robots speak to: their liaisons keep the robots."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notices import groups
from notices.groups import Group, GroupKind
from pairing.models import Agency
from pairing.standing import standing_of

AGENCY = "agency"


def register() -> None:
    groups.register(
        GroupKind(
            slug=AGENCY,
            heading=_("本单位的群机器人"),
            kept_by=_of_liaison,
            all=Agency.objects.all,
        )
    )


def _of_liaison(user: User) -> Group | None:
    standing = standing_of(user)
    if not (standing.agency_id and standing.is_liaison):
        return None
    return Group(AGENCY, standing.agency_id, standing.agency_name)


def robots_of(agency_id: int | None) -> Group | None:
    """Return the group of an agency, for messages meant for its liaisons; None for no agency."""
    return Group(AGENCY, agency_id) if agency_id else None
