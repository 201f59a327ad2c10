"""What a wish can be taken along as: a text for a group, a card for the visit, slips, a date for one's calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pairing.standing import Standing, standing_of
from wishes import policy
from wishes.models import Wish


@dataclass(frozen=True)
class Paper:
    """One of them, under its address."""

    name: str
    label: Any
    may: Callable[[Standing, Wish], bool]


PAPERS = (
    Paper("visit", _("上门前看的卡片"), policy.may_visit),
    Paper("handover", _("交接单（不是一定要签）"), policy.may_visit),
    Paper("calendar", _("放进日历（.ics）"), policy.may_note_day),
    Paper("share", _("复制到微信群"), policy.may_share),
    Paper("slip", _("给居民的链接和二维码"), policy.may_hand_over),
)


def papers_of(user, wish: Wish) -> list[tuple[str, Any]]:
    """Return address and words of what this person may take along."""
    standing = standing_of(user)
    return [
        (reverse(f"wishes:{paper.name}", args=[wish.code]), paper.label)
        for paper in PAPERS
        if paper.may(standing, wish)
    ]
