"""Who people are, what they may be for a term, what they did, and the keys by which programs speak for them."""

from accounts.models.feedback import PortalFeedback
from accounts.models.keys import ApiToken, IdempotencyKey
from accounts.models.people import DistrictRole, User
from accounts.models.sessions import Session
from accounts.models.trail import Event, EventNote, Trailed

__all__ = [
    "ApiToken",
    "DistrictRole",
    "Event",
    "EventNote",
    "IdempotencyKey",
    "PortalFeedback",
    "Session",
    "Trailed",
    "User",
]
