"""Who must prove a second time who they are, and who can: an authenticator app or a passkey."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import DistrictRole, User
from accounts.policy import has_role

# Roles that see more than their own work, or that open doors to others.
ROLES = frozenset(
    {
        DistrictRole.Role.SUPERVISOR,
        DistrictRole.Role.SUPERVISION_GROUP,
        DistrictRole.Role.INSPECTOR,
        DistrictRole.Role.ADMINISTRATOR,
    }
)
# Recovery codes are no second factor of their own: they stand in for a lost one.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needed_by(user: User) -> bool:
    """Say whether this person's role asks for a second factor here."""
    return settings.SECOND_FACTOR_REQUIRED and has_role(user, *ROLES)


def held_by(user: User) -> bool:
    """Say whether this person has one."""
    return Authenticator.objects.filter(user=user, type__in=KINDS).exists()


def missing_for(user: User) -> bool:
    """Say whether this person needs a second factor and has none."""
    return needed_by(user) and not held_by(user)


def must_keep(authenticator: Authenticator) -> bool:
    """Say whether this one may not go: it is the last of somebody who needs one."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=KINDS)
    last = authenticator.type in KINDS and not others.exclude(pk=authenticator.pk).exists()
    return last and needed_by(authenticator.user)
