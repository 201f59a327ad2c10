"""Voices, what goes with them, the letterbox of those who give no name, and live question sessions."""

from voices.models.box import Slip
from voices.models.record import Draft, VoiceKey, WishLink, Word
from voices.models.session import Answerer, Leader, LiveSession, Question
from voices.models.topic import Topic
from voices.models.voice import Voice

__all__ = [
    "Answerer",
    "Draft",
    "Leader",
    "LiveSession",
    "Question",
    "Slip",
    "Topic",
    "Voice",
    "VoiceKey",
    "WishLink",
    "Word",
]
