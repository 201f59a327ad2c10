"""What falls due of the topics of the month, told to their owners' liaisons."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from notices.reminders import Line, Reminder
from notices.workdays import workdays_between
from wishes.models import MonthlyTopic


class TopicDue(Reminder):
    slug = "monthly-topic-due"
    label = _("牵头的每月一题快到期或已过期")
    description = _("告诉牵头单位的联络员。从约定办结的日子算起。")
    thing_kind = "wishes.monthlytopic"
    act = _("办结了就记一笔")
    offsets = (-5, -1, 1, 5)

    def lines(self, day: dt.date, targets: Mapping[dt.date, int]) -> Iterable[Line]:
        due = MonthlyTopic.objects.unsettled().filter(
            due_on__in=targets,
            owner__cadres__is_liaison=True,
            owner__cadres__term__contains=clock.today(),
            owner__cadres__user__is_active=True,
        )
        for row in due.values("id", "title", "due_on", recipient=F("owner__cadres__user")):
            left = workdays_between(day, row["due_on"])
            yield Line(
                recipient_id=row["recipient"],
                thing_id=row["id"],
                due=row["due_on"],
                what=row["title"],
                why=_left_in_words(left),
                act=str(self.act),
                url=reverse("wishes:monthly_topic", args=[row["id"]]),
                urgency=-left,
            )


def _left_in_words(left: int) -> str:
    if left < 0:
        return gettext("已过期 %(n)s 个工作日") % {"n": -left}
    return gettext("今天到期") if left == 0 else gettext("还剩 %(n)s 个工作日") % {"n": left}
