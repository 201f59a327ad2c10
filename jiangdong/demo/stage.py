"""What the demo accounts find when they sign in: something to do in each of their places, and nothing late.

七塔 and 舟孟 with 区教育局, 划船 with 区委办公室, and a member of 创二代联谊会 who takes what is open to all.
"""

import datetime as dt
from collections.abc import Iterator

from jiangdong.demo import story
from jiangdong.demo.scene import Scene
from jiangdong.demo.story import Story
from jiangdong.demo.wish_texts import WishText
from notices.workdays import add_workdays
from wishes import actions
from wishes.workflow import Kind, Visibility

AGREED_AHEAD = 10  # working days in which what is under way is to be done, at the least


class Stage(Scene):
    """Sets the wishes that the demo accounts have to do with."""

    def stories(self) -> Iterator[Story]:
        """Yield every story set for a demo account."""
        yield from self._on_the_desk()
        yield from self._on_the_board()
        for handler, place in (("cadre", "QT"), ("cadre2", "HC")):
            yield from self._in_hand(handler, place)
        for handler, place, count in (("cadre", "QT", 3), ("cadre", "ZM", 1), ("cadre2", "HC", 2)):
            yield from self._to_ring_about(handler, place, count)
        yield from self._for_the_branch()
        yield from self._by_the_member()

    def _plain(self, kind: str | None = None) -> WishText:
        return self.text(kind, fit=lambda text: not text.for_child and text.kind != Kind.HEALTH)

    def _agreed(self, n: int = 0) -> dt.date:
        """Return a day well ahead: what is under way for a real name is not late for a good while."""
        return add_workdays(self.today, AGREED_AHEAD + n)

    def _on_the_desk(self) -> Iterator[Story]:
        """Drafts of workers and wardens, and wishes that wait for a second person, for and from `worker`."""
        users = self.district.users
        colleague = self.district.workers["QT"][1]
        for place, by, ago in (
            ("QT", users["worker"], 1),
            ("QT", users["warden"], 1),
            ("QT", users["warden"], 2),
            ("HC", users["worker2"], 1),
        ):
            yield self.begin(place, self._plain(), ago=ago, by=by)
        for place, by, kind in (
            ("QT", colleague, Kind.HEALTH),
            ("QT", users["worker"], Kind.HEALTH),
            ("HC", self.district.workers["HC"][1], Kind.HEALTH),
        ):
            told = self.begin(place, self.text(kind), ago=1, by=by)
            yield told.then(story.move(actions.submit, by=by))

    def _on_the_board(self) -> Iterator[Story]:
        """Open wishes: the newest are still offered to the paired agency, those of four days ago to everybody."""
        for place, ago, kind in (
            ("QT", 1, Kind.COMPANIONSHIP),
            ("QT", 1, Kind.TUTORING),
            ("QT", 2, Kind.GOODS),
            ("ZM", 1, Kind.REPAIR),
            ("HC", 2, Kind.ERRAND),
            ("QT", 4, Kind.CULTURE),
            ("ZM", 4, Kind.ERRAND),
            ("HC", 4, Kind.COMPANIONSHIP),
        ):
            text = self.text(kind)
            first, second = self.workers_of(place)
            told = self.begin(place, text, ago=ago, by=first, due_on=self._agreed(ago))
            yield self.publish(told, text, first, second, Visibility.PUBLIC)

    def _in_hand(self, handler: str, place: str) -> Iterator[Story]:
        """Wishes a demo account took: two under way, and two that residents were glad of."""
        for ago in (2, 4):
            yield self._taken(handler, place, ago)
        for ago in (12, 24):
            told = self._taken(handler, place, ago, due_on=None)
            self.fulfil(told, self.district.users[handler], after=2)
            yield self.nod(told, self.district.workers[place][0], after=1)

    def _taken(self, handler: str, place: str, ago: int, **due: dt.date | None) -> Story:
        """Begin with a wish taken the day it was published; with `due_on=None` it has the usual seven days."""
        text = self._plain()
        first, second = self.workers_of(place)
        due_on = due.get("due_on", self._agreed(ago))
        told = self.begin(place, text, ago=ago, by=first, due_on=due_on)
        self.publish(told, text, first, second, Visibility.PUBLIC)
        return told.then(story.move(actions.claim, by=self.district.users[handler]))

    def _to_ring_about(self, handler: str, place: str, count: int) -> Iterator[Story]:
        """Wishes called done in the last days, so that a worker has somebody to ring today."""
        worker = self.district.workers[place][0]
        for n in range(count):
            told = self._taken(handler, place, 5 + n)
            self.fulfil(told, self.district.users[handler], after=3)
            yield told.then(story.ring_in_vain(worker), after=1) if n == 0 else told

    def _for_the_branch(self) -> Iterator[Story]:
        """A wish that `liaison` took for the branch and has not handed to anybody, and one not public."""
        text = self._plain()
        first, second = self.workers_of("ZM")
        told = self.begin("ZM", text, ago=2, by=first, due_on=self._agreed())
        self.publish(told, text, first, second, Visibility.PUBLIC)
        liaison = self.district.users["liaison"]
        yield told.then(story.move(actions.claim, by=liaison, for_branch=True))
        text = self._plain(Kind.LEGAL)
        first, second = self.workers_of("QT")
        told = self.begin(
            "QT", text, ago=2, by=first, due_on=self._agreed(), visibility=Visibility.PAIRED
        )
        yield self.publish(told, text, first, second, Visibility.PAIRED)

    def _by_the_member(self) -> Iterator[Story]:
        """Wishes that `member` took once they were open to all: under way, waiting for the nod, and settled."""
        member = self.district.users["member"]
        for place, ago, works_for, nodded in (
            ("HL", 6, None, False),
            ("HGC", 7, None, False),
            ("XY", 9, 2, False),
            ("HL", 16, 2, True),
            ("JN", 23, 3, True),
        ):
            text = self._plain(Kind.GOODS)
            first, second = self.workers_of(place)
            told = self.begin(place, text, ago=ago, by=first, due_on=self._agreed())
            self.publish(told, text, first, second, Visibility.PUBLIC)
            told.then(story.move(actions.claim, by=member), after=5)
            if works_for:
                self.fulfil(told, member, after=works_for)
            yield self.nod(told, first, after=1) if nodded else told
