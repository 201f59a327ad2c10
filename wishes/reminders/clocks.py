"""The ladder 催办: what of a wish falls due, and who is told."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from notices.workdays import workdays_between
from wishes.actions.changes import ANSWER_WORKDAYS
from wishes.models import Wish
from wishes.numbers import number
from wishes.querysets import LAPSE_WARNING
from wishes.reminders.base import (
    COLUMNS,
    STREET_COLUMNS,
    WishReminder,
    to_liaisons,
    to_street,
    to_supervisors,
)
from wishes.workflow import State


class Unclaimed(WishReminder):
    slug = "wish-unclaimed"
    label = _("公开多日还没人认领")
    description = _("告诉结对单位的联络员。从公开后第 7 个工作日算起。")
    due_field = "claim_due_on"
    act = _("认领或请同事认领")
    offsets = (0,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return to_liaisons(_unclaimed(targets), "offered_to").values(*COLUMNS, self.due_field)

    def why(self, day: dt.date, due: dt.date) -> str:
        return gettext("等了 7 个工作日，还没有人认领")


class BranchUnnamed(WishReminder):
    slug = "wish-branch-unnamed"
    label = _("支部认领了，还没有定经办人")
    description = _("告诉认领单位的联络员。从认领那天算起，两个工作日内要定人。")
    due_field = "claimed_on"
    act = _("定一位经办人")
    offsets = (2,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        wishes = Wish.objects.live().without_handler().annotate(claimed_on=TruncDate("claimed_at"))
        return to_liaisons(wishes.filter(claimed_on__in=targets), "agency").values(
            *COLUMNS, self.due_field
        )

    def why(self, day: dt.date, due: dt.date) -> str:
        return gettext("支部认领满 2 个工作日，还没有定经办人")


class DueForHandler(WishReminder):
    slug = "wish-due-handler"
    label = _("你认领的心愿快到期或已过期")
    description = _("告诉经办人。从约定的日子算起。")
    act = _("办好了就记一笔")
    offsets = (-3, 0, 1, 3)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        wishes = _claimed_due(targets).filter(handler__isnull=False)
        return wishes.annotate(recipient=F("handler")).values(*COLUMNS, self.due_field)


class DueForLiaison(WishReminder):
    slug = "wish-due-liaison"
    label = _("本单位认领的心愿已过期")
    description = _("告诉认领单位的联络员。从约定的日子算起。")
    act = _("问问经办人")
    offsets = (3,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return to_liaisons(_claimed_due(targets), "agency").values(*COLUMNS, self.due_field)


class DueForStreet(WishReminder):
    slug = "wish-due-street"
    label = _("本街道的心愿已过期")
    description = _("告诉街道的工作人员。从约定的日子算起。")
    act = _("换人办或问一问")
    offsets = (5,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return to_street(_unfinished_due(targets)).values(*STREET_COLUMNS, self.due_field)


class DueForSupervisor(WishReminder):
    slug = "wish-due-supervisor"
    label = _("过期较久，请决定怎么办")
    description = _("告诉区督办。从约定的日子算起；要不要督办、通报由人决定。")
    act = _("交办或了解情况")
    offsets = (7,)

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return to_supervisors(_unfinished_due(targets), self.due_field)


class UnclaimedForStreet(WishReminder):
    slug = "wish-unclaimed-street"
    label = _("结对单位和大家都没有认领，请街道想办法")
    description = _("告诉街道的工作人员。从公开后第 7 个工作日算起。")
    due_field = "claim_due_on"
    act = _("交办给一位同事")
    offsets = (3,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return to_street(_unclaimed(targets)).values(*STREET_COLUMNS, self.due_field)

    def why(self, day: dt.date, due: dt.date) -> str:
        return _since_published(day, due)


class UnclaimedForSupervisor(WishReminder):
    slug = "wish-unclaimed-supervisor"
    label = _("街道也没有找到人办，请区里想办法")
    description = _("告诉区督办。从公开后第 7 个工作日算起。")
    due_field = "claim_due_on"
    act = _("交办给一位同事")
    offsets = (6,)

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return to_supervisors(_unclaimed(targets), self.due_field)

    def why(self, day: dt.date, due: dt.date) -> str:
        return _since_published(day, due)


class LapseWarning(WishReminder):
    slug = LAPSE_WARNING
    label = _("久无动静，快被收回了")
    description = _(
        "告诉经办人，没有定人的告诉联络员。从约定的日子或最近一次动静算起，哪个晚算哪个。"
    )
    due_field = "quiet_since"
    act = _("办好了记一笔，办不了退回")

    @property
    def offsets(self) -> tuple[int, ...]:
        """Warn as many working days ahead as supervisors set."""
        return (max(number("lapse_after") - number("lapse_warning"), 1),)

    def things(self, targets: Mapping[dt.date, int]) -> Iterable[dict]:
        claims = Wish.objects.live().filter(state=State.CLAIMED, due_on__lte=clock.today())
        quiet = claims.quiet().filter(quiet_since__in=targets)
        named = quiet.filter(handler__isnull=False).annotate(recipient=F("handler"))
        unnamed = to_liaisons(quiet.filter(handler__isnull=True), "agency")
        return chain(*(rows.values(*COLUMNS, self.due_field) for rows in (named, unnamed)))

    def why(self, day: dt.date, due: dt.date) -> str:
        quiet = workdays_between(due, day)
        return gettext("%(n)s 个工作日没有动静，再没有就收回") % {"n": quiet}


class WaitEnds(WishReminder):
    slug = "wish-wait-ends"
    label = _("等的日子快到了")
    description = _("告诉经办人。从等到的那天算起。")
    due_field = "waits_until"
    act = _("问问能不能接着办")
    offsets = (-1,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        wishes = Wish.objects.live().filter(
            state=State.WAITING, waits_until__in=targets, handler__isnull=False
        )
        return wishes.annotate(recipient=F("handler")).values(*COLUMNS, self.due_field)

    def why(self, day: dt.date, due: dt.date) -> str:
        return gettext("到期后接着计时")


def _claimed_due(targets: Mapping[dt.date, int]) -> QuerySet:
    return Wish.objects.live().filter(state=State.CLAIMED, due_on__in=targets)


def _unfinished_due(targets: Mapping[dt.date, int]) -> QuerySet:
    """Wishes that nobody has called done: an open one past its day concerns the street and district too."""
    return Wish.objects.live().filter(state__in=(State.OPEN, State.CLAIMED), due_on__in=targets)


def _unclaimed(targets: Mapping[dt.date, int]) -> QuerySet:
    return Wish.objects.live().filter(state=State.OPEN, claim_due_on__in=targets)


def _since_published(day: dt.date, due: dt.date) -> str:
    days = ANSWER_WORKDAYS + workdays_between(due, day)
    return gettext("等了 %(n)s 个工作日，还没有人认领") % {"n": days}
