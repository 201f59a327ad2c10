"""What reminders over wishes have in common: the shape of one, and whom it tells."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import DistrictRole
from jiangdong import clock
from notices.reminders import Line, Reminder, day_of
from notices.workdays import workdays_between
from pairing.absences import stand_ins

COLUMNS = ("id", "code", "title", "recipient")
STREET_COLUMNS = (*COLUMNS, "rests_until")


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
            if rests(row, due, targets[due]):
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


def to_liaisons(wishes: QuerySet, agency: str) -> QuerySet:
    """Give each wish once per acting liaison of the agency in this column."""
    today = clock.today()
    return wishes.filter(
        **{
            f"{agency}__cadres__is_liaison": True,
            f"{agency}__cadres__term__contains": today,
            f"{agency}__cadres__user__is_active": True,
        }
    ).annotate(recipient=F(f"{agency}__cadres__user"))


def to_street(wishes: QuerySet) -> QuerySet:
    """Give each wish once per acting member of its street office, with the days for which it rests."""
    staff = wishes.with_rest().filter(
        community__street__office__cadres__term__contains=clock.today(),
        community__street__office__cadres__user__is_active=True,
    )
    return staff.annotate(recipient=F("community__street__office__cadres__user"))


def to_supervisors(wishes: QuerySet, due_field: str) -> Iterator[dict]:
    """Give each wish once per supervisor, with the days for which it rests."""
    people = supervisors()
    for row in wishes.with_rest().values("id", "code", "title", "rests_until", due_field):
        for recipient in people:
            yield {**row, "recipient": recipient}


def rests(row: dict, due: dt.date, offset: int) -> bool:
    """Say whether somebody's asking after a wish (已电话了解) covers the day on which this is told."""
    until = row.get("rests_until")
    return until is not None and until >= day_of(due, offset)


def supervisors() -> list[int]:
    roles = DistrictRole.objects.now().filter(role=DistrictRole.Role.SUPERVISOR)
    return list(roles.filter(user__is_active=True).values_list("user", flat=True))
