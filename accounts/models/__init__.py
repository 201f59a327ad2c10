"""Who people are, what they may be for a term, what they did, and the keys by which programs speak for them."""

from accounts.models.feedback import PortalFeedback
from accounts.models.heartbeat import Heartbeat
from accounts.models.keys import ApiToken, IdempotencyKey
from accounts.models.people import DistrictRole, User, who_acted
from accounts.models.sessions import Session
from accounts.models.trail import Anchor, Event, EventNote, Trailed

__all__ = [
    "Anchor",
    "ApiToken",
    "DistrictRole",
    "Event",
    "EventNote",
    "Heartbeat",
    "IdempotencyKey",
    "PortalFeedback",
    "Session",
    "Trailed",
    "User",
    "who_acted",
]
