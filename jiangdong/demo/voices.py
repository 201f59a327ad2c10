"""The demo district's voices and live sessions: units with real names answer in time, invented ones show the rest."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from jiangdong import clock
from jiangdong.demo import story
from jiangdong.demo.dice import Hours
from jiangdong.demo.district import District
from jiangdong.demo.story import Story
from notices.workdays import add_workdays
from pairing.models import Agency, Community
from voices import actions
from voices.actions import sessions
from voices.models import Draft, Leader, LiveSession, Topic, Voice
from voices.workflow import Asker, Channel, How, Rating

TEXTS = Path(__file__).with_name("texts") / "voices.txt"
OF_ENTERPRISES = "企业"
# Who answers for what has real names only here, and always in time.
ANSWERS = {
    "市政": "CGJ",
    "环境": "HBJ",
    "物业": "ZJJ",
    "办事": "RSJ",
    "教育": "JYJ",
    "养老": "MZJ",
    "企业": "JXJ",
}
REAL_PLACES = ("QT", "ZM", "HC", "HL", "JN", "XY", "XC")
INVENTED = (("SLQ", "DWJ"), ("SLY", "DWJ"), ("SLF", "DWY"), ("SLD", "DWB"), ("SLP", "DWW"))
ENTERPRISES = ("示例机电厂", "示例食品公司", "示例建材公司")
CHANNELS = tuple(channel for channel in Channel if channel != Channel.ONLINE)


@dataclass(frozen=True)
class Text:
    """One invented voice with its answer and how it was settled."""

    topic: str
    part: str
    title: str
    text: str
    answer: str
    settlement: str


def texts() -> list[Text]:
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [Text(*(cell.strip() for cell in row)) for row in rows]


class Chorus:
    """Sets the voices of the last ten weeks, and two live sessions."""

    def __init__(self, district: District, rng: random.Random, today: dt.date) -> None:
        self.district = district
        self.rng = rng
        self.today = today
        self.hours = Hours(rng)
        self.texts = texts()
        self.topics: dict[str, Topic] = {}

    def keep_topics(self) -> None:
        """Make the tree of topics that the texts speak of."""
        for n, text in enumerate(self.texts):
            above = self._topic(text.topic, None, n)
            self._topic(text.part, above, n)

    def _topic(self, name: str, parent: Topic | None, position: int) -> Topic:
        if name not in self.topics:
            self.topics[name] = Topic.objects.create(name=name, parent=parent, position=position)
        return self.topics[name]

    def stories(self) -> Iterator[Story]:
        """Yield every voice's story."""
        places = cycle(REAL_PLACES)
        for n, text in enumerate(self.texts):
            place = next(places)
            yield self._well(text, place, ago=3 + n * 2)
            if n % 6 == 0:  # it had been raised before
                yield self._well(text, place, ago=20 + n * 2, rated=Rating.SATISFIED)
            if n % 2 == 0:
                yield self._well(text, next(places), ago=4 + n * 2, rated=Rating.SATISFIED)
        yield from self._with_the_accounts()
        for n, (place, agency) in enumerate(INVENTED * 3):
            yield self._badly(self.texts[n % len(self.texts)], place, agency, ago=2 + n * 3)

    def _begin(self, text: Text, place: str, *, ago: int, public: bool = True) -> Story:
        enterprise = self.rng.choice(ENTERPRISES) if text.topic == OF_ENTERPRISES else ""
        draft = Draft(
            title=text.title,
            text=text.text,
            channel=self.rng.choice(CHANNELS),
            asker=Asker.ENTERPRISE if enterprise else Asker.RESIDENT,
            community=self._place(place),
            enterprise=enterprise,
            may_publish=public,
        )
        by = self.district.workers[place][0]
        told = Story("voice", self.hours, self.hours.on(add_workdays(self.today, -ago), early=True))
        return told.begin(lambda _nothing_yet: actions.note(draft=draft, by=by))

    def _ask(self, told: Story, text: Text, place: str, agency: str, *, after: int = 0) -> Story:
        ask = _act(
            actions.ask,
            by=self.district.workers[place][0],
            agency=self._agency(agency),
            topic=self.topics[text.part],
            public=True,
        )
        return told.then(ask, after=after)

    def _well(self, text: Text, place: str, *, ago: int, rated: str = "") -> Story:
        """Answered the next day and settled within the days, for any unit."""
        agency = ANSWERS[text.topic]
        liaison = self.district.liaison_of(agency)
        told = self._ask(self._begin(text, place, ago=ago), text, place, agency)
        told.then(_act(actions.answer, by=liaison, answer=text.answer), after=1)
        told.then(_act(actions.settle, by=liaison, settlement=text.settlement), after=4)
        if rated or self.rng.random() < 0.7:
            how = self.rng.choice((How.PHONE, How.DOOR))
            by = self.district.workers[place][0]
            rating = rated or Rating.SATISFIED
            told.then(_act(actions.rate, by=by, rating=rating, how=how, words="办得快"), after=2)
        return told

    def _with_the_accounts(self) -> Iterator[Story]:
        """Something to do for the demo accounts: to look through, to settle. Nothing that would be late in two days."""
        by_name = {text.part: text for text in self.texts}
        yield self._begin(by_name["路灯"], "QT", ago=0)
        yield self._begin(by_name["电梯"], "HC", ago=0)
        text = by_name["托管"]
        told = self._ask(self._begin(text, "ZM", ago=3), text, "ZM", "JYJ")
        liaison = self.district.liaison_of("JYJ")
        yield told.then(_act(actions.answer, by=liaison, answer=text.answer), after=1)

    def _badly(self, text: Text, place: str, agency: str, *, ago: int) -> Story:
        """Late, given back, not settled or not answered at all: plainly invented units alone."""
        liaison = self.district.liaison_of(agency)
        chance = self.rng.random()
        told = self._ask(self._begin(text, place, ago=ago), text, place, agency)
        if chance < 0.3:
            return told
        told.then(
            _act(actions.answer, by=liaison, answer=text.answer), after=self.rng.randrange(1, 8)
        )
        if chance < 0.5:
            return told
        told.then(_act(actions.settle, by=liaison, settlement=text.settlement), after=5)
        worker = self.district.workers[place][0]
        if chance < 0.7:
            return told.then(_act(actions.reopen, by=worker, reason="只好了两天"), after=2)
        rating = self.rng.choice((Rating.FAIR, Rating.UNSATISFIED, Rating.SATISFIED))
        rate = _act(actions.rate, by=worker, rating=rating, how=How.PHONE, words="")
        return told.then(rate, after=2)

    def hold_sessions(self) -> None:
        """Hold one session that is over and announce one to come, with an invented leader of the demo accounts."""
        supervisor, leader = self.district.users["supervisor"], self.district.users["leader"]
        past = _afternoon(add_workdays(self.today, -6))
        session = self._announce(supervisor, leader, "老小区停车怎么办", past)
        self._talk(session, supervisor, leader, past)
        ahead = _afternoon(add_workdays(self.today, 5))
        with clock.at(self.hours.on(add_workdays(self.today, -1))):
            to_come = self._announce(supervisor, leader, "放学以后孩子去哪儿", ahead)
            question = sessions.put(session=to_come, text="晚托能不能延到六点半")
            sessions.look_through(question=question, by=supervisor, show=True)
            sessions.put(session=to_come, text="民办学校有没有晚托")

    def _announce(
        self, supervisor: User, leader: User, title: str, starts: dt.datetime
    ) -> LiveSession:
        secretary = self.district.users["cadre2"]
        with clock.at(min(starts, clock.now()) - dt.timedelta(days=5)):
            return sessions.announce(
                by=supervisor,
                title=title,
                about="谁都可以问，不用登录。当场没有答完的转成民声，单位按期限答复。",
                starts_at=starts,
                ends_at=starts + dt.timedelta(hours=1),
                leaders=[Leader(name=leader.name, user=leader, secretary=secretary)],
            )

    def _talk(
        self, session: LiveSession, supervisor: User, leader: User, starts: dt.datetime
    ) -> None:
        answerer = session.answerers.get()
        with clock.at(starts + dt.timedelta(minutes=1)):
            sessions.turn(session=session, move="open", by=None)
        talk = (
            (
                "夜里停满，救护车进不来怎么办",
                "先划消防通道，物业夜里看着；本月把十二个老小区都划好。",
                leader,
            ),
            (
                "单位的车位晚上能不能让居民停",
                "区里机关的三处停车场，下班后到早上七点开放。",
                self.district.users["cadre2"],
            ),
            ("能不能把旧车棚改成车位", "", leader),
        )
        for minutes, (text, answer, by) in enumerate(talk):
            with clock.at(starts + dt.timedelta(minutes=5 + 9 * minutes)):
                question = sessions.put(session=session, text=text)
                question = sessions.look_through(question=question, by=supervisor, show=True)
                if answer:
                    sessions.answer(question=question, by=by, answerer=answerer, answer=answer)
        with clock.at(starts + dt.timedelta(hours=1)):
            sessions.turn(session=session, move="close", by=None)
            agency = self._agency(ANSWERS["市政"])
            voice = sessions.to_voice(
                question=question, by=supervisor, agency=agency, topic=self.topics["停车"]
            )
        liaison = self.district.liaison_of(agency.code)
        with clock.at(starts + dt.timedelta(hours=5)):
            actions.answer(voice=voice, by=liaison, answer="下周起逐个看现场，能改的月底前改。")

    def _place(self, code: str) -> Community:
        return self.district.communities[code]

    def _agency(self, code: str) -> Agency:
        return self.district.agencies[code]


def _afternoon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(14, 30), tzinfo=timezone.get_default_timezone())


def _act(verb: Callable[..., Voice], **words) -> story.Act:
    """Return the act of one verb of `voices.actions`."""
    return lambda voice: verb(voice=voice, **words)
