"""The life of a wish: states, moves, and from where to where. Pure data; rules are in `policy`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", _("草稿")
    CHECKING = "checking", _("待复核")
    OPEN = "open", _("待认领")
    CLAIMED = "claimed", _("已认领")
    WAITING = "waiting", _("等一等")
    FULFILLED = "fulfilled", _("等居民点头")
    CLOSED = "closed", _("居民点头了")
    UNREACHED = "unreached", _("没联系上居民")
    WITHDRAWN = "withdrawn", _("已撤回")
    REFERRED = "referred", _("已转办")
    DECLINED = "declined", _("办不了")
    ENDED = "ended", _("不再办了")


class Move(TextChoices):
    SUBMIT = "submit", _("请同事复核")
    RETURN = "return", _("退回修改")
    PUBLISH = "publish", _("公开")
    CLAIM = "claim", _("认领")
    ASSIGN = "assign", _("交办")
    RELEASE = "release", _("退回，说明原因")
    FULFIL = "fulfil", _("办好了")
    CONFIRM = "confirm", _("居民说办好了")
    REOPEN = "reopen", _("居民说没办好")
    WITHDRAW = "withdraw", _("撤回")
    JOIN = "join", _("一起办")
    LEAVE = "leave", _("退出一起办")
    WAIT = "wait", _("先等一等")
    RESUME = "resume", _("接着办")
    EXTEND = "extend", _("同意延期")
    LAPSE = "lapse", _("久无动静，收回")
    REFER = "refer", _("转给别处办")
    DECLINE = "decline", _("同意不办")
    UNREACHED = "unreached", _("记作没联系上")
    END = "end", _("居民不在了或搬走了")


# move -> {from: to}. What is not here cannot happen.
TABLE: dict[str, dict[str, str]] = {
    Move.SUBMIT: {State.DRAFT: State.CHECKING},
    Move.RETURN: {State.CHECKING: State.DRAFT},
    Move.PUBLISH: {State.DRAFT: State.OPEN, State.CHECKING: State.OPEN},
    Move.CLAIM: {State.OPEN: State.CLAIMED},
    Move.ASSIGN: {
        State.OPEN: State.CLAIMED,
        State.CLAIMED: State.CLAIMED,
        State.WAITING: State.WAITING,
    },
    Move.RELEASE: {State.CLAIMED: State.OPEN, State.WAITING: State.OPEN},
    Move.FULFIL: {State.CLAIMED: State.FULFILLED},
    Move.CONFIRM: {State.FULFILLED: State.CLOSED, State.UNREACHED: State.CLOSED},
    Move.REOPEN: {State.FULFILLED: State.CLAIMED, State.UNREACHED: State.CLAIMED},
    Move.WITHDRAW: dict.fromkeys(
        (State.DRAFT, State.CHECKING, State.OPEN, State.CLAIMED, State.WAITING), State.WITHDRAWN
    ),
    Move.JOIN: {State.CLAIMED: State.CLAIMED, State.WAITING: State.WAITING},
    Move.LEAVE: {State.CLAIMED: State.CLAIMED, State.WAITING: State.WAITING},
    Move.WAIT: {State.CLAIMED: State.WAITING},
    Move.RESUME: {State.WAITING: State.CLAIMED},
    Move.EXTEND: {State.CLAIMED: State.CLAIMED},
    Move.LAPSE: {State.CLAIMED: State.OPEN},
    Move.REFER: dict.fromkeys((State.DRAFT, State.CHECKING, State.OPEN), State.REFERRED),
    Move.DECLINE: dict.fromkeys((State.OPEN, State.CLAIMED), State.DECLINED),
    Move.UNREACHED: {State.FULFILLED: State.UNREACHED},
    Move.END: dict.fromkeys(
        (
            State.DRAFT,
            State.CHECKING,
            State.OPEN,
            State.CLAIMED,
            State.WAITING,
            State.FULFILLED,
            State.UNREACHED,
        ),
        State.ENDED,
    ),
}

# What an event may say besides a move: the first row of a life, a call that nobody answered, a nudge.
LOG = "log"
CALL = "call"
ERASE = "erase"
REMIND = "remind"
GATHER = "gather"
ASK = "ask"
REFUSE = "refuse"
MERGE = "merge"
ANSWER = "answer"
QUIET = "quiet"
SECOND_CALL = "second_call"
STORY = "story"
STORY_SHOWN = "story_shown"
STORY_BACK = "story_back"
EVENT_LABELS = {
    LOG: _("记下"),
    CALL: _("电话没人接"),
    ERASE: _("删去了居民信息"),
    REMIND: _("提醒了一下"),
    GATHER: _("请大家一起办"),
    REFUSE: _("没有同意"),
    MERGE: _("并进来一件"),
    "ask_extend": _("申请延期"),
    "ask_decline": _("提出办不了"),
    "ask_release": _("请对方退回"),
    "supervise": _("发了督办单"),
    "circulate": _("发了通报"),
    ANSWER: _("答复了督办"),
    QUIET: _("已电话了解"),
    SECOND_CALL: _("街道抽查，又问了一次"),
    STORY: _("愿意让大家看到自己的话"),
    STORY_SHOWN: _("把居民的话放上心愿墙"),
    STORY_BACK: _("收回了心愿墙上的话"),
    **dict(Move.choices),
    Move.FULFIL: _("说办好了"),
    Move.JOIN: _("加入一起办"),
    Move.LAPSE: _("久无动静，收回了"),
    Move.REFER: _("转给别处办了"),
    Move.END: _("不再办了"),
}

BEFORE_PUBLIC = (State.DRAFT, State.CHECKING)
ON_THE_WALL = (
    State.OPEN,
    State.CLAIMED,
    State.WAITING,
    State.FULFILLED,
    State.CLOSED,
    State.UNREACHED,
)
IN_HAND = (State.CLAIMED, State.WAITING)
DONE = (State.FULFILLED, State.CLOSED, State.UNREACHED)  # what the holder called done
HELD = (*IN_HAND, *DONE)
UNDER_WAY = (State.OPEN, *IN_HAND, State.FULFILLED)
# It left the way without the resident's nod, and when.
LEFT = (State.UNREACHED, State.WITHDRAWN, State.REFERRED, State.DECLINED, State.ENDED)
# Neither helped nor failed: outside 解决率. A wish declined or never answered stays in.
NOT_COUNTED = (State.WITHDRAWN, State.ENDED)
# Nobody has called it done yet, so another wish may still be merged into it.
MERGED_INTO = (*BEFORE_PUBLIC, State.OPEN, *IN_HAND)


class Kind(TextChoices):
    GOODS = "goods", _("物品")
    REPAIR = "repair", _("维修")
    COMPANIONSHIP = "companionship", _("陪伴")
    TUTORING = "tutoring", _("助学")
    HEALTH = "health", _("健康")
    LEGAL = "legal", _("法律")
    ERRAND = "errand", _("跑腿")
    ENVIRONMENT = "environment", _("环境")
    CULTURE = "culture", _("文体")
    EMPLOYMENT = "employment", _("就业")
    OTHER = "other", pgettext_lazy("wish", "其他")


class Visibility(TextChoices):
    PUBLIC = "public", _("所有人看得到")
    PAIRED = "paired", _("只给结对单位")
    PRIVATE = "private", _("不公开，由专人办")


class Origin(TextChoices):
    SELF = "self", _("本人认领")
    BRANCH = "branch", _("支部认领")
    ASSIGNED = "assigned", _("交办")


class Rating(TextChoices):
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("一般")
    UNSATISFIED = "unsatisfied", _("不满意")


class How(TextChoices):
    """How the resident's nod was given: recorded and shown apart."""

    SCAN = "scan", _("本人扫码")
    PHONE = "phone", _("电话")
    DOOR = "door", _("上门")
    FAMILY = "family", _("家人代答")


class Source(TextChoices):
    """Where the money for goods comes from. The portal moves none."""

    OWN = "own", _("自己出")
    POOLED = "pooled", _("大家自愿凑")
    CONDOLENCE = "condolence", _("单位慰问经费")
    CHARITY = "charity", _("商家或公益组织")


class SuitsWhen(TextChoices):
    """When a wish can be done, as far as it was said."""

    ANY = "any", _("随时")
    WEEKEND = "weekend", _("周末")
    EVENING = "evening", _("晚上")


class Takes(TextChoices):
    """How long it takes whoever does it, as far as it was said."""

    HALF_HOUR = "half_hour", _("半小时")
    HALF_DAY = "half_day", _("半天")
    LONGER = "longer", _("更久")


class PauseReason(TextChoices):
    """Why a claim stands still."""

    AWAY = "away", _("居民暂时不在")
    GOODS = "goods", _("东西订了还没到")
    WEATHER = "weather", _("等天气")
    OTHERS = "others", _("等别的部门")


class ReferTo(TextChoices):
    """Who settles what is no wish."""

    PROPERTY = "property", _("物业")
    HOTLINE = "12345", _("12345 热线")
    RELIEF = "relief", _("民政救助")
    PETITION = "petition", _("信访")
    VOICE = "voice", _("民声")


class EndedBy(TextChoices):
    """Why nothing more is to be done and nobody written to."""

    DEATH = "death", _("居民去世")
    MOVED = "moved", _("居民搬走了")


class Asked(TextChoices):
    """What one person asks for and another decides."""

    EXTEND = "extend", _("申请延期")
    DECLINE = "decline", _("提出办不了")
    RELEASE = "release", _("请对方退回")


class Stage(TextChoices):
    """Where an open wish stands on the way to somebody who takes it; the clock leads it on."""

    OFFERED = "offered", _("先问结对单位")
    EVERYONE = "everyone", _("大家都可以认领")
    STREET = "street", _("街道想办法")
    DISTRICT = "district", _("区里想办法")


class Rung(TextChoices):
    """The two rungs of the ladder above 催办. The portal informs; a person issues them."""

    SUPERVISE = "supervise", _("督办单")
    CIRCULATE = "circulate", _("通报")
