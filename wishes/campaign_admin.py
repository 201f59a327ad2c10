"""Campaigns in the admin: a supervisor begins a festival's batch, and says when it is over."""

from accounts.admin_rights import ByPolicy
from pairing.standing import standing_of
from wishes import policy


class CampaignAdmin(ByPolicy):
    """Only a festival's campaign that is not over can be picked while logging; wishes keep theirs."""

    list_display = ("name", "slug", "festival", "archived")
    fields = ("name", "slug", "festival", "archived")
    ordering = ("archived", "-pk")

    def may_see(self, user) -> bool:
        return policy.may_watch(standing_of(user))

    def may_keep(self, user) -> bool:
        return standing_of(user).is_supervisor
