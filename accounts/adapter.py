"""Accounts are made by administrators: nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnly(DefaultAccountAdapter):
    """allauth with the door for strangers shut."""

    def is_open_for_signup(self, request) -> bool:
        return False
