"""The life of a voice (民声): states, moves, and from where to where. Pure data; rules are in `policy`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    NOTED = "noted", _("待受理")
    ASKED = "asked", _("等单位答复")
    RETURNED = "returned", _("单位退回")
    ANSWERED = "answered", _("已答复")
    SETTLED = "settled", _("说办结了")
    CLOSED = "closed", _("提的人评过了")
    RESTED = "rested", _("没等到回话")
    WITHDRAWN = "withdrawn", _("已撤回")
    DISMISSED = "dismissed", _("不受理")


class Move(TextChoices):
    ASK = "ask", _("交给单位")
    HAND_ON = "hand_on", _("转给别的单位")
    RETURN = "return", _("退回，说明原因")
    URGE = "urge", _("加急")
    ANSWER = "answer", _("答复")
    SETTLE = "settle", _("办结了")
    RATE = "rate", _("记下评价")
    REOPEN = "reopen", _("没有解决")
    REST = "rest", _("没等到回话，先放下")
    WITHDRAW = "withdraw", _("撤回")
    DISMISS = "dismiss", _("不受理")


# move -> {from: to}. What is not here cannot happen.
TABLE: dict[str, dict[str, str]] = {
    Move.ASK: {State.NOTED: State.ASKED, State.RETURNED: State.ASKED},
    Move.HAND_ON: {State.ASKED: State.ASKED},
    Move.RETURN: {State.ASKED: State.RETURNED},
    Move.URGE: {State.ASKED: State.ASKED},
    Move.ANSWER: {State.ASKED: State.ANSWERED, State.ANSWERED: State.ANSWERED},
    Move.SETTLE: {State.ANSWERED: State.SETTLED},
    Move.RATE: {State.SETTLED: State.CLOSED},
    Move.REOPEN: {State.SETTLED: State.ASKED},
    Move.REST: {State.SETTLED: State.RESTED},
    Move.WITHDRAW: dict.fromkeys(
        (State.NOTED, State.ASKED, State.RETURNED, State.ANSWERED), State.WITHDRAWN
    ),
    Move.DISMISS: {State.NOTED: State.DISMISSED},
}

# What an event may say besides a move.
NOTE = "note"
EDIT = "edit"
WORD = "word"
TO_WISH = "to_wish"
FROM_WISH = "from_wish"
EVENT_LABELS = {
    NOTE: _("记下"),
    EDIT: _("改了说法"),
    WORD: _("又写了几句"),
    TO_WISH: _("记成了心愿"),
    FROM_WISH: _("从心愿转来"),
    **dict(Move.choices),
    Move.SETTLE: _("说办结了"),
    Move.RATE: _("评价了"),
    Move.REOPEN: _("说没有解决"),
}

WITH_THE_AGENCY = (State.ASKED, State.ANSWERED, State.SETTLED)
UNDER_WAY = (State.NOTED, State.ASKED, State.RETURNED, State.ANSWERED, State.SETTLED)
WAITS_FOR_US = (State.NOTED, State.RETURNED)
UNSETTLED = (State.ASKED, State.RETURNED, State.ANSWERED)
HELD = (State.ASKED, State.ANSWERED, State.SETTLED, State.CLOSED, State.RESTED)
ON_THE_WALL = (
    State.ASKED,
    State.RETURNED,
    State.ANSWERED,
    State.SETTLED,
    State.CLOSED,
    State.RESTED,
)
OVER = (State.CLOSED, State.RESTED, State.WITHDRAWN, State.DISMISSED)


class Channel(TextChoices):
    """How it reached us: the forms of the article, and the telephone."""

    GRASSROOTS = "grassroots", _("基层点题")
    INTERVIEW = "interview", _("双向约谈")
    FORUM = "forum", _("群众期待大家谈")
    ONLINE = "online", _("网上面对面")
    RESEARCH = "research", _("调研")
    VISIT = "visit", _("走访")
    HOTLINE = "hotline", _("热线")


class Asker(TextChoices):
    RESIDENT = "resident", _("居民")
    ENTERPRISE = "enterprise", _("企业")
    STAFF = "staff", _("机关和社区的人")
    ANONYMOUS = "anonymous", _("不愿具名")


class Rating(TextChoices):
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("一般")
    UNSATISFIED = "unsatisfied", _("不满意")


class How(TextChoices):
    """How the asker's word was given: recorded and shown apart."""

    ONESELF = "oneself", _("本人在网上")
    PHONE = "phone", _("电话")
    DOOR = "door", _("上门")


class Phase(TextChoices):
    """Of a live question session (网上面对面)."""

    ANNOUNCED = "announced", _("已预告")
    OPEN = "open", _("正在进行")
    CLOSED = "closed", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class SessionMove(TextChoices):
    OPEN = "open", _("开始")
    CLOSE = "close", _("结束")
    CANCEL = "cancel", _("取消")


SESSION_TABLE: dict[str, dict[str, str]] = {
    SessionMove.OPEN: {Phase.ANNOUNCED: Phase.OPEN},
    SessionMove.CLOSE: {Phase.OPEN: Phase.CLOSED},
    SessionMove.CANCEL: {Phase.ANNOUNCED: Phase.CANCELLED},
}
ANNOUNCE = "announce"
ASKABLE = (Phase.ANNOUNCED, Phase.OPEN)


class Shown(TextChoices):
    """Whether a question of a session may be read by everybody."""

    WAITING = "waiting", _("等着看")
    YES = "yes", _("已上页面")
    NO = "no", _("不上页面")
