"""Named lists of wishes: what a number on the wall counts and what its link opens is the same list, defined once.

All are cut from `watched()`, what supervisors may read: wishes that were published at some time.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Q
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from wishes.models import Wish
from wishes.querysets import WishQuerySet
from wishes.workflow import DONE, HELD, State

Rule = Callable[[WishQuerySet], WishQuerySet]

WEEK = dt.timedelta(days=7)
LONGEST_FIRST = ("published_at", "pk")
DUE_FIRST = ("due_on", "pk")
LEFT_LAST = ("-left_at", "-pk")
LONG = dt.timedelta(days=30)  # after which it is asked what became of a claim


def watched() -> WishQuerySet:
    """Return every wish that was ever published, archived campaigns included. A draft is its community's own."""
    return Wish.objects.filter(published_at__isnull=False)


def long_ago() -> dt.datetime:
    """Return the moment before which a claim counts as long."""
    return clock.now() - LONG


@dataclass(frozen=True)
class NamedList:
    """A list: its word, what it counts in a sentence, the day that cuts it into weeks, and what comes first in it."""

    slug: str
    label: Any
    counts: Any
    rule: Rule
    day_field: str = "published_at"
    order: tuple[str, ...] = ("-published_at", "-pk")

    def of(self, wishes: WishQuerySet) -> WishQuerySet:
        """Keep this list's wishes, as of today."""
        return self.rule(wishes)

    def since(self, wishes: WishQuerySet, day: dt.date) -> WishQuerySet:
        """Keep those whose day is this one or later."""
        return wishes.filter(**{f"{self.day_field}__gte": self._edge(day)})

    def in_week(self, wishes: WishQuerySet, monday: dt.date) -> WishQuerySet:
        """Keep those whose day falls into the week that begins on this Monday."""
        return self.between(wishes, monday, monday + WEEK - dt.timedelta(days=1))

    def between(self, wishes: WishQuerySet, first: dt.date, last: dt.date) -> WishQuerySet:
        """Keep those whose day is one of these, both ends included."""
        end = self._edge(last + dt.timedelta(days=1))
        return self.since(wishes, first).filter(**{f"{self.day_field}__lt": end})

    def _edge(self, day: dt.date) -> dt.date | dt.datetime:
        """Return the beginning of a day, as the column writes it."""
        if isinstance(Wish._meta.get_field(self.day_field), DateTimeField):
            return make_aware(dt.datetime.combine(day, dt.time.min))
        return day


def _in(*states: str) -> Rule:
    return lambda wishes: wishes.live().filter(state__in=states)


_LISTS = (
    NamedList(
        "open",
        _("等人认领"),
        _("公开了，还没有单位认领"),
        _in(State.OPEN),
        order=LONGEST_FIRST,
    ),
    NamedList(
        "unclaimed",
        _("超过 7 个工作日没人认领"),
        _("等了 7 个工作日，还没有单位认领"),
        lambda wishes: wishes.unclaimed_too_long(clock.today()),
        order=LONGEST_FIRST,
    ),
    NamedList(
        "in_time",
        _("还在 7 个工作日里"),
        _("等人认领，认领的期限还没有到"),
        lambda wishes: wishes.live().filter(state=State.OPEN, claim_due_on__gte=clock.today()),
        order=LONGEST_FIRST,
    ),
    NamedList(
        "claimed",
        _("办理中"),
        _("有单位认领，还没有说办好"),
        _in(State.CLAIMED),
        order=DUE_FIRST,
    ),
    NamedList(
        "waiting",
        _("等一等"),
        _("有单位认领，因为居民不在、东西没到等停了表"),
        _in(State.WAITING),
        order=("waits_until", "pk"),
    ),
    NamedList(
        "late",
        _("办理中已逾期"),
        _("有单位认领，约定的日子过了还没有说办好"),
        lambda wishes: wishes.overdue(clock.today()).filter(state=State.CLAIMED),
        order=DUE_FIRST,
    ),
    NamedList(
        "first",
        _("先办这些"),
        _("约定的日子过了还没办好的，和等了 7 个工作日没人认领的"),
        lambda wishes: wishes.passed_over(clock.today()),
        order=DUE_FIRST,
    ),
    NamedList(
        "nod",
        _("等居民点头"),
        _("单位说办好了，居民还没有回话"),
        _in(State.FULFILLED),
        order=("fulfilled_at", "pk"),
    ),
    NamedList(
        "reopened",
        _("居民说过没办好"),
        _("居民至少说过一次没办好"),
        lambda wishes: wishes.live().filter(reopened__gte=1),
    ),
    NamedList(
        "confirmed",
        _("居民说办好了"),
        _("居民点头的"),
        lambda wishes: wishes.confirmed(),
        "closed_at",
    ),
    NamedList(
        "satisfied",
        _("居民满意"),
        _("居民点头，评价是满意"),
        lambda wishes: wishes.satisfied(),
        "closed_at",
    ),
    NamedList(
        "published",
        _("公开过的"),
        _("公开过的，后来撤回的也算"),
        lambda wishes: wishes.published(),
    ),
    NamedList(
        "answered",
        _("7 个工作日内有人认领"),
        _("公开后 7 个工作日内有单位认领的"),
        lambda wishes: wishes.claimed_in_time(),
    ),
    NamedList(
        "standing",
        _("公开过、没有撤回的"),
        _("公开过，没有撤回，居民也没有去世或搬走的"),
        lambda wishes: wishes.published().not_withdrawn(),
    ),
    NamedList(
        "held",
        _("单位认领的"),
        _("现在由单位认领的，办好的也算"),
        lambda wishes: _in(*HELD)(wishes).filter(in_batch=False),
    ),
    NamedList(
        "fulfilled",
        _("单位说办好了"),
        _("单位说办好的，居民点没点头都算"),
        lambda wishes: _in(*DONE)(wishes).filter(in_batch=False),
        "fulfilled_at",
    ),
    NamedList(
        "accountable",
        _("该有结果的"),
        _("单位说办好的，和约定的日子过了还没有办好的"),
        lambda wishes: wishes.live().filter(
            Q(state__in=DONE) | Q(state=State.CLAIMED, due_on__lt=clock.today()), in_batch=False
        ),
    ),
    NamedList(
        "long_claimed",
        _("认领满 30 天的"),
        _("认领满 30 天，还归这个单位的，办好的也算"),
        lambda wishes: _in(*HELD)(wishes).filter(in_batch=False, claimed_at__lt=long_ago()),
        "claimed_at",
        ("claimed_at", "pk"),
    ),
    NamedList(
        "unfinished",
        _("认领满 30 天还没办好"),
        _("认领满 30 天，还没有说办好，也没有退回、没有在等的"),
        lambda wishes: _in(State.CLAIMED)(wishes).filter(in_batch=False, claimed_at__lt=long_ago()),
        "claimed_at",
        ("claimed_at", "pk"),
    ),
    NamedList(
        "declined",
        _("办不了"),
        _("两个人都认为办不了的，仍算在公开过的里"),
        lambda wishes: wishes.published().filter(state=State.DECLINED),
        "left_at",
        LEFT_LAST,
    ),
    NamedList(
        "unreached",
        _("没联系上居民"),
        _("单位说办好了，几天打电话都没人接的，不算居民点头"),
        lambda wishes: wishes.published().filter(state=State.UNREACHED),
        "left_at",
        LEFT_LAST,
    ),
    NamedList(
        "referred",
        _("转给别处办"),
        _("公开后才看出不是心愿，转给物业、12345、民政救助等的，仍算在公开过的里"),
        lambda wishes: wishes.published().filter(state=State.REFERRED),
        "left_at",
        LEFT_LAST,
    ),
    NamedList(
        "ended",
        _("不再办了"),
        _("居民去世或搬走的，不算在解决率里"),
        lambda wishes: wishes.published().filter(state=State.ENDED),
        "left_at",
        LEFT_LAST,
    ),
    NamedList(
        "batch",
        _("成批的节日慰问"),
        _("节日里成批送的，另外计数，不算在三个率里"),
        lambda wishes: wishes.live().filter(in_batch=True),
    ),
    NamedList(
        "logged",
        _("记下的"),
        _("记下并公开过的，按记下的日子"),
        lambda wishes: wishes.published(),
        "logged_at",
    ),
    NamedList(
        "first_claimed",
        _("有人认领过的"),
        _("有单位认领过的，按第一次认领的日子"),
        lambda wishes: wishes.published().filter(first_claimed_on__isnull=False),
        "first_claimed_on",
    ),
    NamedList(
        "campaign",
        _("已归档的活动"),
        _("已归档的活动征集的，不算在别处"),
        lambda wishes: wishes.filter(archived=True),
    ),
    NamedList(
        "campaign_claimed",
        _("已归档的活动里有人认领的"),
        _("已归档的活动征集、有单位认领的，不算在别处"),
        lambda wishes: wishes.filter(archived=True, state__in=HELD),
    ),
)
LISTS: dict[str, NamedList] = {each.slug: each for each in _LISTS}
