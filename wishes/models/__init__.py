"""What residents ask for, and what became of it."""

from wishes.models.asks import Ask
from wishes.models.draft import Draft
from wishes.models.intake import Intake, IntakeRow
from wishes.models.ladder import Escalation, Quiet
from wishes.models.monthly import MonthlyTopic
from wishes.models.numbers import NumberSetting
from wishes.models.record import CallBack, Evidence, ResidentLink
from wishes.models.second_calls import SecondCall
from wishes.models.story import Story
from wishes.models.team import Helper
from wishes.models.wish import Campaign, Wish

__all__ = [
    "Ask",
    "CallBack",
    "Campaign",
    "Draft",
    "Escalation",
    "Evidence",
    "Helper",
    "Intake",
    "IntakeRow",
    "MonthlyTopic",
    "NumberSetting",
    "Quiet",
    "ResidentLink",
    "SecondCall",
    "Story",
    "Wish",
]
