"""Reading a passage from a chat group: which wishes are in it, and what each says of kind, day, money and person.

Plain rules and nothing learned, so that the same passage always gives the same rows. Pure: it reads no database and
keeps nothing. What it returns are guesses for a person to look over; a telephone, a name or an address that it finds
is taken out of the public words.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from jiangdong.privacy import MOBILE
from wishes.workflow import Kind

MOST_ROWS = 30
TITLE = 40
DETAIL = 500

_TIME = r"(?:[上下]午|早上|晚上|凌晨|中午)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_DAY = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日|昨天|今天|前天|星期[一二三四五六日天])"
# 「张三 3月5日 20:14」 as WeChat copies it, with or without words behind it; and 「张三：」.
_STAMPED = re.compile(
    rf"^(?P<who>\S.{{0,19}}?)[\s:：]+(?P<when>(?:{_DAY}\s*)?{_TIME})\s*[:：]?\s*(?P<said>.*)$"
)
_BARE_STAMP = re.compile(rf"^[—\-\s]*(?:{_DAY})?\s*(?:{_TIME})?[—\-\s]*$")
_SPOKEN = re.compile(r"^(?P<who>[\w\u4e00-\u9fff·\-]{1,12})\s*[:：]\s*(?P<said>.*)$")
_NUMBERED = re.compile(
    r"^\s*(?:[(（]?\d{1,2}[)）、]|\d{1,2}\.(?!\d)|[①-⑳]|[一二三四五六七八九十]{1,2}、|[-*•·]\s)\s*"
)
# Words before a colon that are a heading, and nobody's name.
_HEADINGS = re.compile(
    "微?心愿|要求|地址|电话|联系人|联系方式|姓名|备注|时间|内容|需求|情况|通知|名单"
)

# Not words: pictures and what the program says itself.
_NO_WORDS = re.compile(
    r"\[[^\[\]]{1,8}\]|@所有人|@\S{1,20}\s?|撤回了一条消息|加入了?群聊|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]"
)
_GREETING = re.compile(
    r"^(?:(?:各位|大家|邻居们?|亲们?|书记|主任|社区|群主|小[\u4e00-\u9fff])*"
    r"(?:大家好|早上好|上午好|中午好|下午好|晚上好|早安|晚安|早|好|你好|您好|你们好|在吗|在不在|收到|明白|知道了|了解"
    r"|好的|好滴|好嘞|行|可以|嗯+|哦+|哈+|是的|对|对的|谢谢|多谢|感谢|辛苦|辛苦了|不客气|不用谢|没事|没问题|赞|点赞|加油"
    r"|转发|接龙|请接龙|ok|OK|Ok|\+1|1)"
    r"(?:啦|了|呀|哈|啊|哦|的|您|你|你们|大家|各位|社区|书记|主任)*[\s，。！!、,.~～]*)+$"
)
_EDGES = " \t，,。；;、：:!！~～-—"

_KINDS: tuple[tuple[str, str], ...] = (
    (Kind.TUTORING, r"作业|辅导|功课|补课|学习|读书|课本|书包|练习册|家教|上学"),
    (Kind.HEALTH, r"看病|体检|血压|血糖|针灸|康复|护理|吃药|配药|医生|检查身体|助听器|老花镜"),
    (Kind.LEGAL, r"法律|律师|官司|合同|遗嘱|纠纷|欠薪|维权|起诉"),
    (Kind.EMPLOYMENT, r"找工作|就业|招聘|上班|打工|培训班|创业|求职"),
    (Kind.REPAIR, r"修|漏水|堵了|坏了|不亮|换灯|灯泡|水管|马桶|水龙头|安装|扶手|门锁|下水道|疏通"),
    (Kind.ENVIRONMENT, r"垃圾|楼道|绿化|停车|卫生|噪音|路灯|晾衣|清理|河道|杂物|积水"),
    (Kind.CULTURE, r"唱歌|跳舞|书法|画画|下棋|象棋|戏曲|越剧|合影|拍照|看电影|乐器|活动室"),
    (Kind.COMPANIONSHIP, r"陪|聊天|说说话|解闷|一个人在家|生日|探望|看望"),
    (Kind.ERRAND, r"跑腿|代买|买菜|代办|取药|取快递|搬|接送|带去|送到|理发|挂号"),
    (Kind.GOODS, r"想要|需要一|要一|轮椅|拐杖|被子|棉被|衣服|棉衣|电饭煲|收音机|手机|米|油|风扇|桌|椅|床|鞋|玩具|书"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(words)) for kind, words in _KINDS)
_CHILD = re.compile(r"孩子|小孩|儿童|儿子|女儿|孙子|孙女|外孙|小学|初中|幼儿|宝宝")

_MONEY = re.compile(
    r"(?<![\d.])(\d{1,5}(?:\.\d{1,2})?)\s*(?:多|来|左右)?\s*(?:元|块钱|块(?!地|石|布|板))"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施竺柴应励俞虞裘鲍忻"
)
_CALLED = re.compile(
    rf"(?:老|小)?[{_SURNAMES}](?:[\u4e00-\u9fff]{{0,2}}?)"
    r"(?:阿姨|大爷|大妈|大娘|奶奶|爷爷|叔叔|阿公|阿婆|阿伯|婆婆|公公|伯伯|师傅|老师|大姐|大哥|老伯|先生|女士|师母)"
)
_I_AM = re.compile(rf"(?:我是|我叫)([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=[，,。\s]|$)")
_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fff]{1,6}?(?:新村|小区|花园|公寓|家园|大厦|[一二三四五六]村|苑|坊|里|路|街|弄|巷)\s*)?"
    r"\d{1,4}\s*(?:号楼|幢|栋|弄|号)(?:\s*\d{1,3}\s*(?:号楼|幢|栋|单元|号))?(?:\s*\d{2,4}\s*室?)?(?:\s*\d\s*楼)?"
    r"|(?<!\d)\d{1,3}[-－]\d{1,3}[-－]\d{3,4}(?!\d)|(?<!\d)\d{3,4}\s*室"
)
_LIVES_AT = re.compile(r"(?:家)?(?:住在?|地址|住址)[是：:\s]*$")
_CALL_AT = re.compile(r"(?:联系)?(?:电话|手机|手机号|联系方式|号码)[是：:\s]*$")

_WEEKDAYS = {word: n for n, word in enumerate("一二三四五六日")} | {"天": 6}
_DAY_WORDS = re.compile(
    r"(?P<in_days>今天|明天|后天|大后天)"
    r"|(?P<next>下个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<week>[这本]个?周|[这本]个?星期|下个?周|下个?星期)(?![一二三四五六日天])"
    r"|(?P<month_end>(?:这个月|本月)?月底|这个月内?|本月内?)"
    r"|(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    r"|(?<![\d月])(?P<day_alone>\d{1,2})[日号](?![楼幢栋门线\d])"
)


@dataclass(frozen=True)
class Noted:
    """What may be one wish: public words, guesses, and apart from them what belongs to the resident."""

    title: str
    detail: str
    kind: str
    due_on: dt.date | None = None
    estimate: Decimal | None = None
    for_child: bool = False
    name: str = ""
    phone: str = ""
    address: str = ""


def wishes_in(passage: str, today: dt.date) -> list[Noted]:
    """Return what may be wishes in a passage, in its order, MOST_ROWS at most; days are counted from `today`."""
    items = ((who, item) for who, words in _messages(passage) for item in _items(words))
    noted = filter(None, (_noted(item, who, today) for who, item in items))
    return list(islice(noted, MOST_ROWS))


def _messages(passage: str) -> Iterator[tuple[str, list[str]]]:
    """Yield who said what; lines before the first name are nobody's, and each is a message of its own."""
    who, words, named = "", [], False
    for line in (line.strip().lstrip("\ufeff") for line in passage.splitlines()):
        if not line or _BARE_STAMP.match(line):
            continue
        head = _head_of(line)
        if head:
            yield who, words
            (who, said), named = head, True
            words = [said] if said else []
        elif named:
            words.append(line)
        else:
            yield "", [line]
    yield who, words


def _head_of(line: str) -> tuple[str, str] | None:
    """Return who speaks in a line that begins a message, and what stands behind the name."""
    if _NUMBERED.match(line):
        return None
    stamped = _STAMPED.match(line)
    if stamped:
        return stamped["who"].strip(_EDGES), stamped["said"]
    spoken = _SPOKEN.match(line)
    if spoken and not _HEADINGS.fullmatch(spoken["who"]) and not MOBILE.search(spoken["who"]):
        return spoken["who"], spoken["said"]
    return None


def _items(lines: list[str]) -> Iterator[str]:
    """Yield a message's wishes: each number begins one, and what has no number before it stays together."""
    item: list[str] = []
    for line in lines:
        number = _NUMBERED.match(line)
        if number:
            yield "\n".join(item)
            item = [line[number.end() :]]
        elif line.strip():
            item.append(line)
    yield "\n".join(item)


def _noted(item: str, who: str, today: dt.date) -> Noted | None:
    """Return what an item says, or None for greetings, interjections and pictures."""
    words = "\n".join(
        line for line in _NO_WORDS.sub("", item).splitlines() if not _GREETING.match(line.strip())
    ).strip(_EDGES + "\n")
    if len(re.findall(r"[\u4e00-\u9fff]", words)) < 4:
        return None
    due_on, estimate = day_in(words, today), money_in(words)
    public, phone = _taken_out(words, MOBILE, _CALL_AT)
    public, address = _taken_out(public, _ADDRESS, _LIVES_AT)
    public, called = _without_names(public, who)
    title, detail = _title_and_rest(public)
    if not title:
        return None
    return Noted(
        title=title,
        detail=detail,
        kind=kind_of(words),
        due_on=due_on,
        estimate=estimate,
        for_child=bool(_CHILD.search(words)),
        name=called[:40],
        phone=phone[:30],
        address=address[:80],
    )


def kind_of(words: str) -> str:
    """Return the kind whose words come first in the order of kinds, 其他 where none does."""
    return str(next((kind for kind, known in _KIND_PATTERNS if known.search(words)), Kind.OTHER))


def money_in(words: str) -> Decimal | None:
    """Return the first sum in yuan that is written in figures."""
    found = _MONEY.search(words)
    return Decimal(found[1]) if found else None


def day_in(words: str, today: dt.date) -> dt.date | None:
    """Return the first day, today or later, that the words name as people do: 周五, 月底, 3月5日."""
    for found in _DAY_WORDS.finditer(words):
        day = _day_of(found, today)
        if day and day >= today:
            return day
    return None


def _day_of(found: re.Match, today: dt.date) -> dt.date | None:
    monday = today - dt.timedelta(days=today.weekday())
    if word := found["in_days"]:
        return today + dt.timedelta(days=("今天", "明天", "后天", "大后天").index(word))
    if found["weekday"]:
        day = monday + dt.timedelta(days=_WEEKDAYS[found["weekday"]])
        passed = bool(found["next"]) or day < today
        return day + dt.timedelta(days=7 if passed else 0)
    if word := found["week"]:
        return monday + dt.timedelta(days=13 if word.startswith("下") else 6)
    if found["month_end"]:
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return _numbered_day(found, today)


def _numbered_day(found: re.Match, today: dt.date) -> dt.date | None:
    """Return a day given in figures; of a month that is long past, next year's."""
    try:
        if found["month"]:
            day = today.replace(month=int(found["month"]), day=int(found["day"]))
            return day.replace(year=day.year + 1) if (today - day).days > 180 else day
        return today.replace(day=int(found["day_alone"]))
    except ValueError:  # no such day
        return None


def _taken_out(words: str, pattern: re.Pattern, introduced: re.Pattern) -> tuple[str, str]:
    """Return the words without what a pattern finds, nor what introduces it, and the first that was found."""
    found = pattern.search(words)
    if not found:
        return words, ""
    while match := pattern.search(words):
        before = introduced.sub("", words[: match.start()])
        words = before.rstrip(" ") + words[match.end() :]
    return words, _without_its_verb(found.group())


def _without_its_verb(found: str) -> str:
    """Return an address without the verb that ran into it."""
    return re.sub(r"^家?(?:住在?)", "", found).strip()


def _without_names(words: str, who: str) -> tuple[str, str]:
    """Return the words without names, and whose wish it is: whom they speak of, else who speaks."""
    own = _I_AM.search(words)
    called = [*([own[1]] if own else []), *(match.group() for match in _CALLED.finditer(words))]
    names = {*called, who} if len(who) > 1 else {*called}
    for name in sorted(names, key=len, reverse=True):
        words = re.sub(rf"^(?:我是|我叫)?{re.escape(name)}[的，,：:\s]*", "", words)
        words = words.replace(name, "居民")
    return words.removeprefix("的"), called[0] if called else who


def _title_and_rest(words: str) -> tuple[str, str]:
    """Return one sentence for the title and the rest; a sentence too long is cut where it pauses."""
    words = re.sub(r"[(（]\s*[)）]|[ \t]{2,}", "", words)
    words = re.sub(r"([，,、；;：:])\s*(?=[，,、。；;：:\n]|$)", "", words).strip(_EDGES + "\n")
    first, _end, rest = _cut(words, r"[。！!？?；;\n]")
    if len(first) > TITLE:
        head, _pause, tail = _cut(first[:TITLE], r"[，,、 ](?=[^，,、 ]*$)")
        rest = "，".join(part for part in (tail + first[TITLE:], rest) if part)
        first = head
    return first.strip(_EDGES)[:TITLE], rest.strip(_EDGES + "\n")[:DETAIL]


def _cut(words: str, where: str) -> tuple[str, str, str]:
    found = re.search(where, words)
    if not found:
        return words, "", ""
    return words[: found.start()], found.group(), words[found.end() :]
