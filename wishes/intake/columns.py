"""Which column is which: by the words that communities use for their heads."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wishes.intake.grid import Grid

# field -> its label, and the words that heads use for it
FIELDS: dict[str, tuple[Any, str]] = {
    "title": (_("心愿"), "心愿 微心愿 需求 愿望 诉求 心愿内容 需求内容 想要什么 心愿一句话"),
    "detail": (_("再说几句"), "详细 详情 说明 具体情况 情况说明 再说几句 心愿说明 具体内容 描述"),
    "kind": (_("类别"), "类别 类型 种类 分类 哪一类 心愿类别 心愿类型 需求类别 需求类型"),
    "due_on": (
        _("希望什么时候前"),
        "截止 截止日期 截止时间 完成时间 完成日期 希望完成时间 期限 时限 希望什么时候前 什么时候要",
    ),
    "estimate": (_("大约多少钱"), "金额 预算 大约多少钱 费用 价格 价值 单价 估价 多少钱"),
    "name": (_("称呼"), "姓名 称呼 居民 居民姓名 名字 申请人 许愿人 心愿人 户主"),
    "phone": (_("电话"), "电话 手机 联系方式 联系电话 手机号 手机号码 电话号码 联系号码"),
    "address": (_("住处"), "地址 住址 门牌 住处 家庭住址 居住地址 楼栋 门牌号 房号 详细地址"),
    "note": (_("要留心的"), "备注 注意 要留心的 留心 其他情况"),
    "contact": (_("同意记录"), "同意记录 同意联系 同意登记 同意记录和联系 知情同意 本人同意"),
    "publish": (_("同意公开"), "同意公开 同意公示 同意公开心愿 是否公开 可否公开"),
    "consent_sensitive": (
        _("单独同意健康或孩子的信息"),
        "单独同意 同意健康 监护人同意 敏感信息同意",
    ),
    "for_child": (_("为孩子"), "为孩子 儿童 是否儿童 未成年人 是否未成年人"),
    "sensitive": (_("比较敏感"), "敏感 比较敏感 是否敏感"),
    "community": (_("社区"), "社区 所属社区 社区名称 所在社区"),
}
# Heads that speak of somebody else, or of nothing that is taken in.
NOT_THEIRS = (
    "认领",
    "经办",
    "负责",
    "登记人",
    "记录人",
    "填表",
    "社工",
    "联系人单位",
    "序号",
    "编号",
    "问题",
)
EXAMPLE = "示例"  # marks a row of the template that is not taken in
COMMUNITY = "社区"  # left out of a community's name by those who know it
MOST_LOOKED_AT = 30  # rows in which the heads may stand
_ASIDE = re.compile(r"[（(【\[].*?[)）】\]]")
_SIGNS = re.compile(r"[\s:：*＊/、，,。.·?？_\-]+")
_WORDS = {word: name for name, (_label, words) in FIELDS.items() for word in words.split()}


def plain(head: str) -> str:
    """Return a head without signs, blanks and what stands in brackets."""
    text = unicodedata.normalize("NFKC", head)
    return _SIGNS.sub("", _ASIDE.sub("", text)) or _SIGNS.sub("", text)


def field_of(head: str) -> str:
    """Return which field a head speaks of, or "".

    Of several words in it the longest counts, of equal ones the last: Chinese puts the noun at the end.
    """
    text = plain(head)
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 14 or any(word in text for word in NOT_THEIRS):
        return ""
    found = [(len(word), text.rfind(word), name) for word, name in _WORDS.items() if word in text]
    return max(found)[2] if found else ""


@dataclass(frozen=True)
class Layout:
    """Where the heads stand, and which column is which field.

    Attributes:
        head: index of the row of heads among the grid's rows.
        heads: the heads, by column.
        columns: field -> column.
    """

    head: int
    heads: tuple[str, ...]
    columns: Mapping[str, int]

    @property
    def is_complete(self) -> bool:
        """Say whether it is known where the wishes stand; without the other columns one can do."""
        return "title" in self.columns

    @property
    def left_over(self) -> list[str]:
        """Return the heads that nothing is taken from."""
        used = set(self.columns.values())
        return [head for at, head in enumerate(self.heads) if head and at not in used]


def layout_of(grid: Grid) -> Layout:
    """Find the row of heads, below titles and remarks, and what each column is."""
    best, at = {}, 0
    for index, row in enumerate(grid.rows[:MOST_LOOKED_AT]):
        columns = _columns_of(row)
        if len(columns) > len(best):
            best, at = columns, index
    return Layout(at, tuple(grid.rows[at]), best)


def _columns_of(row: list[str]) -> dict[str, int]:
    """Return the first column of each field; a head that is the field's very word goes before one that holds it."""
    found: dict[str, int] = {}
    for at, head in sorted(enumerate(row), key=lambda pair: plain(pair[1]) not in _WORDS):
        if name := field_of(head):
            found.setdefault(name, at)
    return found
