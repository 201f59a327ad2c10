"""What is too good to pass unseen: each check with what it looks for, why it may be right, and how a finding reads."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.honest import queries
from wishes.lists import watched
from wishes.models import Wish

NAMED = 10  # wishes of one finding that the page links to


@dataclass(frozen=True)
class Finding:
    """Something found: in words, with the wishes it is about. `subject` tells it from others of its check."""

    subject: int
    said: str
    wishes: list[Wish]
    more: int = 0


@dataclass(frozen=True)
class Check:
    """A question asked of the records.

    Attributes:
        looks_for: the rule with its threshold, in a sentence.
        may_be: reasons for which it may be quite right.
        statement: finds it, see `queries`.
        say: puts a finding into words; its wishes are at hand, the newest first.
    """

    slug: str
    label: Any
    looks_for: Any
    may_be: Any
    statement: str
    say: Callable[[list[Wish]], str]


@dataclass(frozen=True)
class Listed:
    """A check with its newest findings and how many there are."""

    check: Check
    findings: list[Finding]
    number: int

    @property
    def more(self) -> int:
        return self.number - len(self.findings)


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)


def _quick(wishes: list[Wish]) -> str:
    span = wishes[0].fulfilled_at - wishes[0].claimed_at
    return _("认领后 %(n)s 分钟就说办好了") % {"n": _minutes(span)}


def _afterwards(wishes: list[Wish]) -> str:
    wish = wishes[0]
    if wish.fulfilled_at < wish.logged_at:
        return _("说办好的时间比记下的还早")
    if wish.fulfilled_at - wish.logged_at >= dt.timedelta(hours=1):
        return _("约定的日子 %(day)s 比记下的日子早") % {"day": wish.due_on}
    return _("记下后 %(n)s 分钟就说办好了") % {"n": _minutes(wish.fulfilled_at - wish.logged_at)}


def _telephone(wishes: list[Wish]) -> str:
    facts = {"community": wishes[0].community.name, "n": len(wishes)}
    return _("%(community)s：同一个电话 30 天里点头 %(n)s 次") % facts


def _caller(wishes: list[Wish]) -> str:
    first, last = wishes[-1].closed_at, wishes[0].closed_at
    facts = {
        "time": f"{localtime(first):%Y-%m-%d %H:%M}",
        "minutes": _minutes(last - first) + 1,
        "n": len(wishes),
    }
    return _("%(time)s 起 %(minutes)s 分钟里，接连记下 %(n)s 次点头") % facts


def _photo(wishes: list[Wish]) -> str:
    return _("同一张照片用在 %(n)s 件心愿上") % {"n": len(wishes)}


_CHECKS = (
    Check(
        "quick",
        gettext_lazy("认领完马上办好"),
        gettext_lazy("认领后不到 10 分钟就说办好了的。"),
        gettext_lazy("当面认领、当场办完，或者先办好了再来补认领，都会这样。"),
        queries.QUICKLY_DONE,
        _quick,
    ),
    Check(
        "afterwards",
        gettext_lazy("像是办好以后才记下的"),
        gettext_lazy("从记下到说办好不到 1 小时，或者约定的日子比记下的日子还早的。"),
        gettext_lazy("上门时顺手就办了、从别处的登记表补录进来的，都会这样。"),
        queries.LOGGED_AFTERWARDS,
        _afterwards,
    ),
    Check(
        "photo",
        gettext_lazy("一张照片用了两次"),
        gettext_lazy("不同心愿下的照片一样，或者缩放、压缩过还是同一张的。"),
        gettext_lazy("一次办了好几件事、只拍了一张，会这样；也可能是选错了照片。"),
        queries.ONE_PHOTO,
        _photo,
    ),
    Check(
        "telephone",
        gettext_lazy("一个电话点头很多次"),
        gettext_lazy("同一个社区里，30 天内居民点头的心愿有 5 件以上留的是同一个电话。"),
        gettext_lazy(
            "热心的邻居或家里的晚辈替几位老人接电话，会这样。电话号码没有被解开，谁也看不到。"
        ),
        queries.ONE_TELEPHONE,
        _telephone,
    ),
    Check(
        "caller",
        gettext_lazy("几分钟里记下一串点头"),
        gettext_lazy(
            "同一个账号记下的“电话”或“家人代答”的点头，一个接一个相隔不到 3 分钟，连着 5 个以上。"
        ),
        gettext_lazy("打完一轮电话回来一起补记，会这样。"),
        queries.ONE_CALLER,
        _caller,
    ),
)
CHECKS: dict[str, Check] = {check.slug: check for check in _CHECKS}


def all_listed() -> list[Listed]:
    """Ask every check: one query each, and one for the wishes of all."""
    rows = {check: queries.listed(check.slug, check.statement) for check in _CHECKS}
    wishes = _wishes(row for found in rows.values() for row in found)
    return [_listed(check, found, wishes) for check, found in rows.items()]


def found_again(check: Check, subject: int) -> Finding | None:
    """Return one finding as it stands now, or None where it is no longer there. Two queries."""
    rows = queries.listed(check.slug, check.statement, only=subject)
    return _listed(check, rows, _wishes(rows)).findings[0] if rows else None


def _wishes(rows: Iterable[tuple]) -> dict[int, Wish]:
    ids = {pk for _subject, _latest, pks, _number in rows for pk in pks}
    return watched().select_related("community").in_bulk(ids)


def _listed(check: Check, rows: list[tuple], wishes: dict[int, Wish]) -> Listed:
    findings = []
    for subject, _latest, pks, _number in rows:
        about = [wishes[pk] for pk in dict.fromkeys(pks)]
        findings.append(
            Finding(subject, check.say(about), about[:NAMED], max(len(about) - NAMED, 0))
        )
    return Listed(check, findings, rows[0][-1] if rows else 0)
