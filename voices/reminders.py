"""The ladder for voices: what falls due, and who is told. Software informs; what follows is people's."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import DistrictRole
from jiangdong import clock
from notices import reminders
from notices.reminders import Line, Reminder
from notices.workdays import workdays_between
from voices.models import Voice
from voices.workflow import UNSETTLED, WAITS_FOR_US, State

COLUMNS = ("id", "code", "title", "recipient")


def register() -> None:
    reminders.register(
        WaitsForCommunity(),
        WaitsForStreet(),
        WaitsForSupervisor(),
        AnswerDue(),
        AnswerDueForStreet(),
        AnswerDueForSupervisor(),
        SettleDue(),
        SettleDueForStreet(),
        SettleDueForSupervisor(),
    )


class VoiceReminder(Reminder):
    """A reminder over voices: `things` gives one row per voice and recipient, the rest is words."""

    thing_kind = "voices.voice"
    due_field: str
    act = _("看一看")

    def things(self, targets: Mapping[dt.date, int]) -> Iterable[dict]:
        """Return rows of COLUMNS and the due day, from one query."""
        raise NotImplementedError

    def why(self, day: dt.date, due: dt.date) -> str:
        left = workdays_between(day, due)
        if left < 0:
            return gettext("已过期 %(n)s 个工作日") % {"n": -left}
        return gettext("今天到期") if left == 0 else gettext("还剩 %(n)s 个工作日") % {"n": left}

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        for row in self.things(targets):
            due = row[self.due_field]
            yield Line(
                recipient_id=row["recipient"],
                thing_id=row["id"],
                due=due,
                what=row["title"],
                why=self.why(day, due),
                act=str(self.act),
                url=reverse("voices:detail", args=[row["code"]]),
                urgency=-workdays_between(day, due),
            )


def _to_whom_answers(voices: QuerySet) -> QuerySet:
    """Give each voice once per person who answers in its agency's name."""
    today = clock.today()
    cadres = "agency__cadres"
    answers = Q(**{f"{cadres}__is_liaison": True}) | Q(agency__street__isnull=False)
    acting = {f"{cadres}__term__contains": today, f"{cadres}__user__is_active": True}
    return voices.filter(answers, **acting).annotate(recipient=F(f"{cadres}__user"))


def _to_street(voices: QuerySet) -> QuerySet:
    today = clock.today()
    cadres = "community__street__office__cadres"
    acting = {f"{cadres}__term__contains": today, f"{cadres}__user__is_active": True}
    return voices.filter(**acting).annotate(recipient=F(f"{cadres}__user"))


def _to_workers(voices: QuerySet) -> QuerySet:
    today = clock.today()
    workers = "community__workers"
    acting = {
        f"{workers}__term__contains": today,
        f"{workers}__user__is_active": True,
        f"{workers}__duty": "worker",
    }
    return voices.filter(**acting).annotate(recipient=F(f"{workers}__user"))


def _to_supervisors(voices: QuerySet, due_field: str) -> Iterator[dict]:
    supervisors = list(
        DistrictRole.objects.now()
        .filter(role=DistrictRole.Role.SUPERVISOR, user__is_active=True)
        .values_list("user", flat=True)
    )
    for row in voices.values("id", "code", "title", due_field):
        for recipient in supervisors:
            yield {**row, "recipient": recipient}


class Waits(VoiceReminder):
    """What nobody has given to an agency yet: new, or given back."""

    due_field = "noted_on"
    act = _("看过以后交给单位")

    def why(self, day: dt.date, due: dt.date) -> str:
        return gettext("还没有交给单位答复")

    def waiting(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return Voice.objects.filter(state__in=WAITS_FOR_US, noted_on__in=targets)


class WaitsForCommunity(Waits):
    slug = "voice-waits-community"
    label = _("有人说的事等你看")
    description = _("告诉社区。从提出的第二个工作日算起。")
    offsets = (1,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_workers(self.waiting(targets)).values(*COLUMNS, self.due_field)


class WaitsForStreet(Waits):
    slug = "voice-waits-street"
    label = _("本街道有人说的事还没有交给单位")
    description = _("告诉街道。从提出的日子算起。")
    offsets = (2,)

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(self.waiting(targets)).values(*COLUMNS, self.due_field)


class WaitsForSupervisor(Waits):
    slug = "voice-waits-supervisor"
    label = _("有人说的事还没有交给单位")
    description = _("告诉区督办。从提出的日子算起；不属于哪个社区的第二个工作日就告诉。")
    offsets = (1, 3)

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        late = [day for day, offset in targets.items() if offset >= max(self.offsets)]
        nobodys = Q(community__isnull=True)
        voices = self.waiting(targets).filter(nobodys | Q(noted_on__in=late))
        return _to_supervisors(voices, self.due_field)


class AnswerDue(VoiceReminder):
    slug = "voice-answer-due"
    label = _("等你单位答复的民声")
    description = _("告诉答复单位的联络员。从答复期限算起，加急的当天到期。")
    due_field = "answer_due_on"
    offsets = (-1, 0, 1)
    act = _("答复")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_whom_answers(_unanswered(targets)).values(*COLUMNS, self.due_field)


class AnswerDueForStreet(VoiceReminder):
    slug = "voice-answer-street"
    label = _("本街道的民声过期没有答复")
    description = _("告诉街道。从答复期限算起。")
    due_field = "answer_due_on"
    offsets = (2,)
    act = _("问问单位")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(_unanswered(targets)).values(*COLUMNS, self.due_field)


class AnswerDueForSupervisor(VoiceReminder):
    slug = "voice-answer-supervisor"
    label = _("过期没有答复的民声")
    description = _("告诉区督办。从答复期限算起；要不要督办、通报由人决定。")
    due_field = "answer_due_on"
    offsets = (3,)
    act = _("转给别的单位或了解情况")

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return _to_supervisors(_unanswered(targets), self.due_field)


class SettleDue(VoiceReminder):
    slug = "voice-settle-due"
    label = _("等你单位办结的民声")
    description = _("告诉答复单位的联络员。从办结期限算起。")
    due_field = "settle_due_on"
    offsets = (-3, 0, 1, 3)
    act = _("办结了就记一笔")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_whom_answers(_unsettled(targets)).values(*COLUMNS, self.due_field)


class SettleDueForStreet(VoiceReminder):
    slug = "voice-settle-street"
    label = _("本街道的民声过期没有办结")
    description = _("告诉街道。从办结期限算起。")
    due_field = "settle_due_on"
    offsets = (5,)
    act = _("问问单位")

    def things(self, targets: Mapping[dt.date, int]) -> QuerySet:
        return _to_street(_unsettled(targets)).values(*COLUMNS, self.due_field)


class SettleDueForSupervisor(VoiceReminder):
    slug = "voice-settle-supervisor"
    label = _("过期没有办结的民声")
    description = _("告诉区督办。从办结期限算起；要不要督办、通报由人决定。")
    due_field = "settle_due_on"
    offsets = (7,)
    act = _("了解情况")

    def things(self, targets: Mapping[dt.date, int]) -> Iterator[dict]:
        return _to_supervisors(_unsettled(targets), self.due_field)


def _unanswered(targets: Mapping[dt.date, int]) -> QuerySet:
    return Voice.objects.filter(state=State.ASKED, answer_due_on__in=targets)


def _unsettled(targets: Mapping[dt.date, int]) -> QuerySet:
    return Voice.objects.filter(state__in=UNSETTLED, settle_due_on__in=targets)
