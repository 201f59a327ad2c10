"""What falls due of a 督办单, of a note 「已电话了解」, and of a nod that was asked about again."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from notices.reminders import Line, Reminder
from notices.workdays import workdays_between
from wishes.models import Escalation, SecondCall, Wish
from wishes.reminders.base import (
    STREET_COLUMNS,
    WishReminder,
    supervisors,
    to_street,
    to_supervisors,
)


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
        people = supervisors()
        for issued in _unanswered(targets):
            for recipient in people:
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
        people = supervisors()
        heard = SecondCall.objects.different().filter(heard_on__in=targets).select_related("wish")
        for call in heard:
            for recipient in people:
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
        return to_street(super().things(targets)).values(*STREET_COLUMNS, self.due_field)


class QuietOverForSupervisor(QuietOver):
    slug = "wish-quiet-over"
    label = _("「已电话了解」过了期，还没有办好，请决定怎么办")
    description = _("告诉区督办。从「已电话了解」管到的那天算起。")

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return to_supervisors(super().things(targets), self.due_field)
