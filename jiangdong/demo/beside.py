"""Wishes beside the main road: waiting, done together, asked about, given elsewhere, declined, unanswered, ended.

What might look bad stands in plainly invented places and units alone; the demo accounts see how people help each
other, and `street`, whose 示例桥社区 has one of nearly everything, what to decide.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from accounts.models import User
from jiangdong.demo import people, story
from jiangdong.demo.scene import Scene
from jiangdong.demo.story import Story
from jiangdong.demo.wish_texts import WishText
from notices.workdays import add_workdays
from wishes import actions
from wishes.workflow import Asked, EndedBy, Kind, PauseReason, ReferTo, Visibility

AGREED_AHEAD = 12  # working days in which what is under way is to be done


def _plain(kind: str, title: str, detail: str = "") -> WishText:
    return WishText(kind, title, detail, for_child=False, for_group=False, estimate=None)


CHAIRS = replace(
    _plain(Kind.GOODS, "活动室想要十把靠背椅", "老人坐久了腰受不了，旧椅子没有靠背"), for_group=True
)
BOOKS = replace(
    _plain(Kind.GOODS, "图书角想要二十本大字书", "字大一点，放学后孩子也能看"), for_group=True
)
WAITS = (
    (
        "SLQ",
        _plain(Kind.REPAIR, "楼道口的扶手松了，想换一个"),
        PauseReason.GOODS,
        "配件订了，下周到货",
    ),
    (
        "SLN",
        _plain(Kind.COMPANIONSHIP, "想有人陪着下几盘象棋"),
        PauseReason.AWAY,
        "去外地看孙子了，下周回来",
    ),
    (
        "SLD",
        _plain(Kind.ENVIRONMENT, "楼前的花坛想补几棵花"),
        PauseReason.WEATHER,
        "连着下雨，等天晴再种",
    ),
)
ASKED = (
    ("SLQ", Asked.EXTEND, _plain(Kind.REPAIR, "纱窗破了，想请人换一扇"), "师傅病了，要晚几天"),
    ("SLQ", Asked.DECLINE, _plain(Kind.REPAIR, "旧缝纫机不转了，想请人修"), "问过几家，都说修不了"),
    ("SLY", Asked.RELEASE, _plain(Kind.ERRAND, "想请人代交一次电费"), "打了几次电话都没有回音"),
)
REFERRED = (
    (
        "SLQ",
        _plain(Kind.REPAIR, "楼道灯不亮，晚上看不见台阶"),
        ReferTo.PROPERTY,
        "物业工单 0412",
        "楼道灯归物业修，已经报上去了，三天里会来人。",
    ),
    (
        "SLN",
        _plain(Kind.ENVIRONMENT, "路口的窨井盖一过车就响"),
        ReferTo.HOTLINE,
        "12345 工单 0365",
        "这件要几个部门一起看，已经转给 12345，他们会给您回话。",
    ),
    (
        "SLP",
        _plain(Kind.OTHER, "生了病花了不少钱，想问有没有救助"),
        ReferTo.RELIEF,
        "民政窗口，周一收下的",
        "可以申请临时救助，社区会陪您去窗口把表填好。",
    ),
)
DECLINED = (
    (
        "SLQ",
        _plain(Kind.REPAIR, "老收音机没有声音了，想请人修"),
        "问过三家维修店，这种型号没有配件了",
        "这种收音机的配件已经停产，问过三家都修不了，对不住您。",
    ),
    (
        "SLP",
        _plain(Kind.ENVIRONMENT, "想在楼梯转角放一张休息的长凳"),
        "消防通道不能放东西",
        "楼梯转角是消防通道，不能放长凳，我们请物业在楼门口添了一张。",
    ),
)
UNREACHED = (
    ("SLQ", _plain(Kind.EMPLOYMENT, "想打听附近有没有半天的活")),
    ("SLD", _plain(Kind.CULTURE, "想学用手机拍照片")),
)
ENDED = (
    ("SLQ", _plain(Kind.ERRAND, "想请人帮着把旧柜子搬下楼"), EndedBy.MOVED),
    ("SLN", _plain(Kind.COMPANIONSHIP, "想有人来读读报"), EndedBy.DEATH),
)


class Beside(Scene):
    """Sets wishes that left the main road, or stand beside it."""

    def stories(self) -> Iterator[Story]:
        """Yield at least one story of each state and request."""
        yield from (self._waiting(*each) for each in WAITS)
        yield self._together("SLN", CHAIRS, 10, self._cadres("SLN"))
        cadre = self.district.users["cadre"]
        yield self._together("QT", BOOKS, 20, [cadre, *self._cadres("QT")])
        yield from (self._asked(*each) for each in ASKED)
        yield from (self._referred(*each) for each in REFERRED)
        yield from (self._declined(*each) for each in DECLINED)
        yield from (self._unreached(*each) for each in UNREACHED)
        yield from (self._ended(*each) for each in ENDED)

    def _agreed(self, n: int = 0) -> dt.date:
        return add_workdays(self.today, AGREED_AHEAD + n)

    def _cadres(self, place: str) -> list[User]:
        """Return people of the unit paired with a community, those without an account of the demo."""
        cadres = self.district.cadres[self.district.agency_of(place).code]
        mine = (cadre.user for cadre in cadres if not cadre.is_liaison)
        return [user for user in mine if user.username not in people.CADRES][:3]

    def _open(self, place: str, text: WishText, ago: int, **more) -> Story:
        first, second = self.district.workers[place][:2]
        told = self.begin(place, text, ago=ago, by=first, due_on=self._agreed(), **more)
        return self.publish(told, text, first, second, Visibility.PUBLIC)

    def _claimed(self, place: str, text: WishText, ago: int) -> Story:
        claim = story.move(actions.claim, by=self._cadres(place)[0])
        return self._open(place, text, ago).then(claim)

    def _waiting(self, place: str, text: WishText, waits_for: str, reason: str) -> Story:
        wait = {"waits_for": waits_for, "reason": reason, "until": add_workdays(self.today, 6)}
        told = self._claimed(place, text, 4)
        return told.then(story.move(actions.wait, by=self._cadres(place)[0], **wait), after=1)

    def _together(self, place: str, text: WishText, goal: int, team: list[User]) -> Story:
        lead, *helpers = team
        share = goal // 5
        told = self._open(place, text, 3, goal=goal)
        told.then(story.move(actions.claim, by=lead, together=True, share=share))
        for helper in helpers[:2]:
            told.then(story.move(actions.join, by=helper, share=share), after=1)
        return told

    def _asked(self, place: str, what: str, text: WishText, reason: str) -> Story:
        worker, holder = self.district.workers[place][0], self._cadres(place)[0]
        by = worker if what == Asked.RELEASE else holder
        until = self._agreed(5) if what == Asked.EXTEND else None
        return self._claimed(place, text, 4).then(story.ask(by, what, reason, until), after=3)

    def _referred(self, place: str, text: WishText, to: str, receipt: str, told: str) -> Story:
        by = self.district.workers[place][0]
        refer = story.move(actions.refer, by=by, to=to, receipt=receipt, told=told)
        return self._open(place, text, 6).then(refer, after=1)

    def _declined(self, place: str, text: WishText, reason: str, told: str) -> Story:
        asked = story.ask(self._cadres(place)[0], Asked.DECLINE, reason)
        agree = story.move(actions.decline, by=self.district.workers[place][1], told=told)
        return self._claimed(place, text, 8).then(asked, after=2).then(agree, after=1)

    def _unreached(self, place: str, text: WishText) -> Story:
        worker = self.district.workers[place][0]
        told = self.fulfil(self._claimed(place, text, 9), self._cadres(place)[0], after=1)
        for _day in range(3):
            told.then(story.ring_in_vain(worker), after=1)
        return told.then(story.move(actions.unreached, by=worker))

    def _ended(self, place: str, text: WishText, ended_by: str) -> Story:
        end = story.move(actions.end, by=self.district.workers[place][0], ended_by=ended_by)
        return self._claimed(place, text, 5).then(end, after=2)
