"""What residents ask for, and what became of it."""

from wishes.models.draft import Draft
from wishes.models.record import CallBack, Evidence, ResidentLink
from wishes.models.wish import Campaign, Wish

__all__ = ["CallBack", "Campaign", "Draft", "Evidence", "ResidentLink", "Wish"]
