"""A wish before it is a row: what a form, the API or a spreadsheet hands in."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from pairing.models import Details
from wishes.models.wish import Campaign


@dataclass
class Draft:
    """A wish as it is written down: its public text, what kind it is, and the resident apart from it."""

    title: str
    kind: str
    detail: str = ""
    due_on: dt.date | None = None
    estimate: Decimal | None = None
    money_source: str = ""
    suits_when: str = ""
    takes: str = ""
    for_child: bool = False
    sensitive: bool = False
    for_group: bool = False
    goal: int | None = None
    campaign: Campaign | None = None  # the festival whose batch it is logged into
    details: Details = field(default_factory=Details)
    consents: frozenset[str] = frozenset()

    WORDS: ClassVar = (
        "title",
        "detail",
        "kind",
        "due_on",
        "estimate",
        "money_source",
        "suits_when",
        "takes",
        "for_child",
        "sensitive",
        "for_group",
        "goal",
    )
