"""A reminder over things that a test puts into a list."""

import datetime as dt
from dataclasses import dataclass, field

from notices.reminders import Line, Reminder
from notices.workdays import workdays_between


@dataclass
class Thing:
    """Something with a due day, told to somebody."""

    pk: int
    title: str
    due: dt.date
    holder: int


@dataclass
class ThingsDue(Reminder):
    """Tells each thing to its holder."""

    slug: str = "thing-due"
    label: str = "快到期的事"
    description: str = "提醒经办人。"
    thing_kind: str = "tests.thing"
    offsets: tuple[int, ...] = (-3, 0, 1, 3)
    things: list[Thing] = field(default_factory=list)
    fails: bool = False

    def lines(self, day, targets):
        if self.fails:
            raise RuntimeError("this reminder is broken")
        for thing in self.things:
            if thing.due in targets:
                left = workdays_between(day, thing.due)
                yield Line(
                    recipient_id=thing.holder,
                    thing_id=thing.pk,
                    due=thing.due,
                    what=thing.title,
                    why=f"还剩 {left} 个工作日",
                    act="去办理",
                    url=f"/things/{thing.pk}/",
                    urgency=-left,
                )
