"""Named lists of voices: what a number counts and what its link opens is the same list, defined once.

All are cut from `watched()`, what supervisors and leaders may read: voices that an agency was asked about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from voices.models import Voice
from voices.querysets import VoiceQuerySet
from voices.workflow import UNSETTLED, State

Rule = Callable[[VoiceQuerySet], VoiceQuerySet]


def watched() -> VoiceQuerySet:
    """Return every voice that was ever given to an agency. What nobody let through is its moderators' own."""
    return Voice.objects.asked()


@dataclass(frozen=True)
class NamedList:
    """A list: its word, and what it counts in a sentence."""

    slug: str
    label: Any
    counts: Any
    rule: Rule

    def of(self, voices: VoiceQuerySet) -> VoiceQuerySet:
        """Keep this list's voices, as of today."""
        return self.rule(voices)


_LISTS = (
    NamedList("asked", _("交给单位的"), _("交给单位答复过的，后来撤回的也算"), lambda v: v.asked()),
    NamedList(
        "standing",
        _("没有撤回的"),
        _("交给单位答复过，没有撤回的"),
        lambda v: v.asked().not_withdrawn(),
    ),
    NamedList(
        "unanswered",
        _("等答复"),
        _("单位还没有答复"),
        lambda v: v.filter(state__in=(State.ASKED, State.RETURNED)),
    ),
    NamedList(
        "late",
        _("过期的"),
        _("过了答复或办结的期限"),
        lambda v: v.late(clock.today()),
    ),
    NamedList(
        "unsettled",
        _("没有办结"),
        _("单位还没有说办结"),
        lambda v: v.filter(state__in=UNSETTLED),
    ),
    NamedList(
        "in_time",
        _("按期答复"),
        _("头一次交办后 3 个工作日内答复的，加急的当天答复的"),
        lambda v: v.answered_in_time(),
    ),
    NamedList(
        "word",
        _("等提的人回话"),
        _("单位说办结了，提的人还没有评"),
        lambda v: v.filter(state=State.SETTLED),
    ),
    NamedList("confirmed", _("提的人评过"), _("提的人评过的"), lambda v: v.confirmed()),
    NamedList("satisfied", _("提的人满意"), _("提的人评满意的"), lambda v: v.satisfied()),
    NamedList(
        "reopened",
        _("说过没有解决"),
        _("提的人至少说过一次没有解决"),
        lambda v: v.filter(reopened__gte=1),
    ),
    NamedList(
        "recurring",
        _("又来的"),
        _("同一社区同一主题，90 天里已经有过"),
        lambda v: v.recurring(),
    ),
)
LISTS: dict[str, NamedList] = {each.slug: each for each in _LISTS}
