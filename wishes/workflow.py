"""The life of a wish: states, moves, and from where to where. Pure data; rules are in `policy`."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", _("草稿")
    CHECKING = "checking", _("待复核")
    OPEN = "open", _("待认领")
    CLAIMED = "claimed", _("已认领")
    FULFILLED = "fulfilled", _("等居民点头")
    CLOSED = "closed", _("居民点头了")
    WITHDRAWN = "withdrawn", _("已撤回")


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


# move -> {from: to}. What is not here cannot happen.
TABLE: dict[str, dict[str, str]] = {
    Move.SUBMIT: {State.DRAFT: State.CHECKING},
    Move.RETURN: {State.CHECKING: State.DRAFT},
    Move.PUBLISH: {State.DRAFT: State.OPEN, State.CHECKING: State.OPEN},
    Move.CLAIM: {State.OPEN: State.CLAIMED},
    Move.ASSIGN: {State.OPEN: State.CLAIMED, State.CLAIMED: State.CLAIMED},
    Move.RELEASE: {State.CLAIMED: State.OPEN},
    Move.FULFIL: {State.CLAIMED: State.FULFILLED},
    Move.CONFIRM: {State.FULFILLED: State.CLOSED},
    Move.REOPEN: {State.FULFILLED: State.CLAIMED},
    Move.WITHDRAW: dict.fromkeys(
        (State.DRAFT, State.CHECKING, State.OPEN, State.CLAIMED), State.WITHDRAWN
    ),
}

# What an event may say besides a move: the first row of a life, a call that nobody answered, a nudge.
LOG = "log"
CALL = "call"
ERASE = "erase"
REMIND = "remind"
EVENT_LABELS = {
    LOG: _("记下"),
    CALL: _("电话没人接"),
    ERASE: _("删去了居民信息"),
    REMIND: _("提醒了一下"),
    **dict(Move.choices),
    Move.FULFIL: _("说办好了"),
}

BEFORE_PUBLIC = (State.DRAFT, State.CHECKING)
ON_THE_WALL = (State.OPEN, State.CLAIMED, State.FULFILLED, State.CLOSED)
HELD = (State.CLAIMED, State.FULFILLED, State.CLOSED)
UNDER_WAY = (State.OPEN, State.CLAIMED, State.FULFILLED)
FINAL = (State.CLOSED, State.WITHDRAWN)


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
