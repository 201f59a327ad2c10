"""The ladder 催办: what of a wish falls due, and who is told. Software informs; 督办 and 通报 are people's acts."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import DistrictRole
from jiangdong import clock
from notices import reminders
from notices.reminders import Line, Reminder, day_of
from notices.workdays import workdays_between
from pairing.absences import stand_ins
from wishes.actions.changes import ANSWER_WORKDAYS
from wishes.models import Escalation, SecondCall, Wish
from wishes.numbers import number
from wishes.querysets import LAPSE_WARNING
from wishes.workflow import State

COLUMNS = ("id", "code", "title", "recipient")
STREET_COLUMNS = (*COLUMNS, "rests_until")


def register() -> None:
    reminders.register(
        Unclaimed(),
        BranchUnnamed(),
        DueForHandler(),
        DueForLiaison(),
        DueForStreet(),
        DueForSupervisor(),
        UnclaimedForStreet(),
        UnclaimedForSupervisor(),
        LapseWarning(),
        WaitEnds(),
        AnswerDue(),
        AnswerMissing(),
        QuietOverForStreet(),
        QuietOverForSupervisor(),
        SecondCallDiffers(),
    )


class WishReminder(Reminder):
    """A reminder over wishes: `things` gives one row per wish and recipient, the rest is words."""

    thing_kind = "wishes.wish"
    due_field = "due_on"
    act = _("看一看")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        """Return rows of COLUMNS and the due day, from one query."""
        raise NotImplementedError

    def why(self, day: dt.date, due: dt.date) -> str:
        left = workdays_between(day, due)
        if left < 0:
            return gettext("已过期 %(n)s 个工作日") % {"n": -left}
        return gettext("今天到期") if left == 0 else gettext("还剩 %(n)s 个工作日") % {"n": left}

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        instead = stand_ins()
        for row in self.things(targets):
            due = row[self.due_field]
            if _rests(row, due, targets[due]):
                continue
            yield Line(
                recipient_id=instead.get(row["recipient"], row["recipient"]),
                thing_id=row["id"],
                due=due,
                what=row["title"],
                why=self.why(day, due),
                act=str(self.act),
                url=reverse("wishes:detail", args=[row["code"]]),
                urgency=-workdays_between(day, due),
            )


def _to_liaisons(wishes: QuerySet, agency: str) -> QuerySet:
    """Give each wish once per acting liaison of the agency in this column."""
    today = clock.today()
    return wishes.filter(
        **{
            f"{agency}__cadres__is_liaison": True,
            f"{agency}__cadres__term__contains": today,
            f"{agency}__cadres__user__is_active": True,
        }
    ).annotate(recipient=F(f"{agency}__cadres__user"))


def _to_street(wishes: QuerySet) -> QuerySet:
    """Give each wish once per acting member of its street office, with the days for which it rests."""
    staff = wishes.with_rest().filter(
        community__street__office__cadres__term__contains=clock.today(),
        community__street__office__cadres__user__is_active=True,
    )
    return staff.annotate(recipient=F("community__street__office__cadres__user"))


def _to_supervisors(wishes: QuerySet, due_field: str) -> Iterator[dict]:
    """Give each wish once per supervisor, with the days for which it rests."""
    supervisors = _supervisors()
    for row in wishes.with_rest().values("id", "code", "title", "rests_until", due_field):
        for recipient in supervisors:
            yield {**row, "recipient": recipient}


def _rests(row: dict, due: dt.date, offset: int) -> bool:
    """Say whether somebody's asking after a wish (已电话了解) covers the day on which this is told."""
    until = row.get("rests_until")
    return until is not None and until >= day_of(due, offset)


def _supervisors() -> list[int]:
    roles = DistrictRole.objects.now().filter(role=DistrictRole.Role.SUPERVISOR)
    return list(roles.filter(user__is_active=True).values_list("user", flat=True))


class Unclaimed(WishReminder):
    slug = "wish-unclaimed"
    label = _("公开多日还没人认领")
    description = _("告诉结对单位的联络员。从公开后第 7 个工作日算起。")
    due_field = "claim_due_on"
    act = _("认领或请同事认领")
    offsets = (0,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_liaisons(_unclaimed(targets), "offered_to").values(*COLUMNS, self.due_field)

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
        return _to_liaisons(wishes.filter(claimed_on__in=targets), "agency").values(
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
        return _to_liaisons(_claimed_due(targets), "agency").values(*COLUMNS, self.due_field)


class DueForStreet(WishReminder):
    slug = "wish-due-street"
    label = _("本街道的心愿已过期")
    description = _("告诉街道的工作人员。从约定的日子算起。")
    act = _("换人办或问一问")
    offsets = (5,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(_unfinished_due(targets)).values(*STREET_COLUMNS, self.due_field)


class DueForSupervisor(WishReminder):
    slug = "wish-due-supervisor"
    label = _("过期较久，请决定怎么办")
    description = _("告诉区督办。从约定的日子算起；要不要督办、通报由人决定。")
    act = _("交办或了解情况")
    offsets = (7,)

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return _to_supervisors(_unfinished_due(targets), self.due_field)


class UnclaimedForStreet(WishReminder):
    slug = "wish-unclaimed-street"
    label = _("结对单位和大家都没有认领，请街道想办法")
    description = _("告诉街道的工作人员。从公开后第 7 个工作日算起。")
    due_field = "claim_due_on"
    act = _("交办给一位同事")
    offsets = (3,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(_unclaimed(targets)).values(*STREET_COLUMNS, self.due_field)

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
        return _to_supervisors(_unclaimed(targets), self.due_field)

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
        unnamed = _to_liaisons(quiet.filter(handler__isnull=True), "agency")
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


class AnswerDue(Reminder):
    slug = "wish-answer-due"
    label = _("督办单或通报等你们答复")
    description = _("告诉要答复的单位的联络员。从答复期限算起。")
    thing_kind = "wishes.escalation"
    offsets = (-1, 0)

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        spokespeople = _unanswered(targets).filter(
            Q(agency__cadres__is_liaison=True) | Q(agency__street__isnull=False),
            agency__cadres__term__contains=day,
            agency__cadres__user__is_active=True,
        )
        for issued in spokespeople.annotate(recipient=F("agency__cadres__user")):
            yield _answer_line(issued, day, issued.recipient, gettext("去答复"))


class AnswerMissing(Reminder):
    slug = "wish-answer-missing"
    label = _("督办单或通报没有答复")
    description = _("告诉区督办。从答复期限算起；要不要通报由人决定。")
    thing_kind = "wishes.escalation"
    offsets = (1,)

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        supervisors = _supervisors()
        for issued in _unanswered(targets):
            for recipient in supervisors:
                yield _answer_line(issued, day, recipient, gettext("看一看"))


def _unanswered(targets: Mapping[dt.date, int]) -> QuerySet:
    due = Escalation.objects.unanswered().filter(answer_by__in=targets)
    return due.select_related("agency", "wish")


def _answer_line(issued: Escalation, day: dt.date, recipient: int, act: str) -> Line:
    left = workdays_between(day, issued.answer_by)
    facts = {"agency": issued.agency.name, "n": abs(left)}
    why = gettext("请%(agency)s答复，还剩 %(n)s 个工作日") % facts
    if left <= 0:
        why = gettext("请%(agency)s今天答复") if not left else gettext("%(agency)s还没有答复")
        why %= facts
    return Line(
        recipient_id=recipient,
        thing_id=issued.pk,
        due=issued.answer_by,
        what=issued.number,
        why=why,
        act=act,
        url=issued.get_absolute_url(),
        urgency=-left,
    )


class SecondCallDiffers(Reminder):
    slug = "wish-second-call"
    label = _("街道再问一次，居民说的不一样")
    description = _("告诉区督办。从街道问到的那天算起；心愿不会自动改。")
    thing_kind = "wishes.secondcall"
    offsets = (0,)

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        supervisors = _supervisors()
        heard = SecondCall.objects.different().filter(heard_on__in=targets).select_related("wish")
        for call in heard:
            for recipient in supervisors:
                yield Line(
                    recipient_id=recipient,
                    thing_id=call.pk,
                    due=call.heard_on,
                    what=call.wish.title,
                    why=gettext("街道抽查，居民说的和记下的不一样"),
                    act=gettext("了解情况"),
                    url=reverse("wishes:detail", args=[call.wish.code]),
                    urgency=-workdays_between(day, call.heard_on),
                )


class QuietOver(WishReminder):
    """What nobody was reminded of meanwhile, once somebody's asking after it counts no longer."""

    due_field = "quiet_until"
    act = _("再问一问")
    offsets = (1,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        late = Wish.objects.passed_over(clock.today()).filter(quiets__until__in=targets)
        return late.annotate(quiet_until=F("quiets__until"))

    def why(self, day: dt.date, due: dt.date) -> str:
        return gettext("了解过以后还没有办好")


class QuietOverForStreet(QuietOver):
    slug = "wish-quiet-over-street"
    label = _("「已电话了解」过了期，还没有办好")
    description = _("告诉街道的工作人员。从「已电话了解」管到的那天算起。")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(super().things(targets)).values(*STREET_COLUMNS, self.due_field)


class QuietOverForSupervisor(QuietOver):
    slug = "wish-quiet-over"
    label = _("「已电话了解」过了期，还没有办好，请决定怎么办")
    description = _("告诉区督办。从「已电话了解」管到的那天算起。")

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return _to_supervisors(super().things(targets), self.due_field)


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
