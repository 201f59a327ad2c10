"""What residents ask for, and what became of it."""

from wishes.models.record import CallBack, Evidence, ResidentLink
from wishes.models.wish import Campaign, Wish

__all__ = ["CallBack", "Campaign", "Evidence", "ResidentLink", "Wish"]
