"""Who may do what with accounts, and the district roles that other apps ask about."""

from collections.abc import Iterable

from accounts.models import DistrictRole, User

ADMIN_ROLES = frozenset({"supervisor", "supervision_group", "administrator"})


def roles_of(user) -> frozenset[str]:
    """Return a person's district roles of today, asked once per user object."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_district_roles"):
        roles = DistrictRole.objects.now().filter(user=user).values_list("role", flat=True)
        user._district_roles = frozenset(roles)
    return user._district_roles


def has_role(user, *roles: str) -> bool:
    """Say whether a person holds one of these district roles today."""
    return bool(roles_of(user) & set(roles))


def may_enter_admin(user: User) -> bool:
    """Supervisors watch and act there, a supervision group reads there, administrators keep accounts there."""
    return user.is_active and has_role(user, *ADMIN_ROLES)


def may_keep_accounts(user) -> bool:
    """Make, mend and end accounts, and give district roles."""
    return user.is_active and has_role(user, "administrator")


def keeps_accounts_alone(roles: Iterable[str]) -> bool:
    """Say whether somebody with these roles keeps accounts, and so is nothing else: duties are separated.

    Who opens doors to others goes through none themselves: no post and no other role counts beside this one.
    """
    return DistrictRole.Role.ADMINISTRATOR in roles


def may_read_feedback(user) -> bool:
    """Read what people say is wrong with the portal: whoever may do something about it."""
    return may_enter_admin(user)


def may_see_running(user) -> bool:
    """See how the portal itself is doing: administrators, who see to it, and supervisors."""
    return user.is_active and has_role(user, "administrator", "supervisor")


def may_forget_second_factors(user, of: User) -> bool:
    """Take away somebody else's second factors, who lost theirs."""
    return may_keep_accounts(user) and user.pk != of.pk
