"""What is read out of a passage from a chat group."""

import datetime as dt
from decimal import Decimal

import pytest

from wishes.passage import MOST_ROWS, day_in, kind_of, money_in, wishes_in

TODAY = dt.date(2026, 3, 10)  # a Tuesday


def read(passage: str):
    return wishes_in(passage, TODAY)


def titles(passage: str) -> list[str]:
    return [one.title for one in read(passage)]


WECHAT = """张三 3月5日 20:14
大家好[玫瑰]
张三 3月5日 20:15
家里的水龙头漏水，想请人周五前来修一下，电话13800000001
李四 3月5日 20:16
收到👍
3幢阿芳 3月5日 20:20:31
想要一辆旧轮椅，300元以内，住七塔一村9幢301室

社区小林 2026/3/6 09:00
[图片]
"""


def test_a_copied_group_chat_gives_its_wishes_and_no_greetings():
    first, second = read(WECHAT)
    assert (first.title, first.kind, first.due_on) == (
        "家里的水龙头漏水，想请人周五前来修一下",
        "repair",
        dt.date(2026, 3, 13),
    )
    assert (first.name, first.phone, first.address) == ("张三", "13800000001", "")
    assert (second.title, second.kind, second.estimate) == (
        "想要一辆旧轮椅，300元以内",
        "goods",
        Decimal(300),
    )
    assert (second.name, second.address) == ("3幢阿芳", "七塔一村9幢301室")


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("", []),
        ("大家好\n收到\n好的谢谢\n[图片]\n👍👍\n张三加入了群聊", []),
        ("各位邻居早上好，\n收到收到", []),
        ("张三：想有人陪着去医院\n李四：收到，谢谢", ["想有人陪着去医院"]),
        ("1. 想要一辆轮椅\n2、楼道灯不亮了\n(3) 想学用手机", ["想要一辆轮椅", "楼道灯不亮了", "想学用手机"]),
        ("1.想要1.5米的床", ["想要1.5米的床"]),
        ("张三 20:14\n① 想要棉被\n② 想理发", ["想要棉被"]),
        ("想要一辆轮椅\n楼道灯不亮了", ["想要一辆轮椅", "楼道灯不亮了"]),
        ("张三 3月5日 20:14\n想要一辆轮椅\n旧的也行的", ["想要一辆轮椅"]),
        ("张三 3月5日 20:14 想要一辆轮椅", ["想要一辆轮椅"]),
        ("张三 昨天 20:14\n想要一辆轮椅", ["想要一辆轮椅"]),
        ("张三 下午8:14\n想要一辆轮椅", ["想要一辆轮椅"]),
        ("张三\u30003月5日 20:14\n@社区小林 想要一辆轮椅", ["想要一辆轮椅"]),
        ("————— 2026-03-05 —————\n想要一辆轮椅", ["想要一辆轮椅"]),
        ("心愿：想要一辆轮椅", ["心愿：想要一辆轮椅"]),
    ],
)  # fmt: skip
def test_what_counts_as_one_wish(passage, expected):
    assert titles(passage) == expected


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今天就要", "2026-03-10"),
        ("后天以前", "2026-03-12"),
        ("周五前", "2026-03-13"),
        ("星期天来", "2026-03-15"),
        ("周一来", "2026-03-16"),
        ("下周五前", "2026-03-20"),
        ("这周内", "2026-03-15"),
        ("下周都可以", "2026-03-22"),
        ("月底前", "2026-03-31"),
        ("3月15日前", "2026-03-15"),
        ("1月5号前", None),
        ("25号前", "2026-03-25"),
        ("5号以前", None),
        ("住5号楼", None),
        ("2月30日", None),
        ("3月5日说过，月底要", "2026-03-31"),
        ("什么时候都行", None),
    ],
)
def test_days_are_understood_as_people_say_them(words, day):
    assert day_in(words, TODAY) == (dt.date.fromisoformat(day) if day else None)


def test_a_month_long_past_is_next_years():
    assert day_in("1月5日前", dt.date(2026, 12, 20)) == dt.date(2027, 1, 5)


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("300元左右", "300"),
        ("大概200多块钱", "200"),
        ("49.9元", "49.9"),
        ("一块地", None),
        ("3块石头", None),
    ],
)
def test_sums_in_figures_are_understood(words, yuan):
    assert money_in(words) == (Decimal(yuan) if yuan else None)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("孙子的数学作业没人辅导", "tutoring"),
        ("想量量血压", "health"),
        ("欠薪想问律师", "legal"),
        ("儿子想找工作", "employment"),
        ("马桶堵了", "repair"),
        ("楼道里垃圾没人清", "environment"),
        ("想学书法", "culture"),
        ("想有人陪着聊天", "companionship"),
        ("请人代买菜", "errand"),
        ("想要一床棉被", "goods"),
        ("想见见老战友", "other"),
    ],
)
def test_kinds_are_guessed_from_words(words, kind):
    assert kind_of(words) == kind


@pytest.mark.parametrize(
    ("passage", "public", "name", "phone", "address"),
    [
        (
            "王阿姨想要一辆轮椅，电话 138 0000 0001",
            "想要一辆轮椅",
            "王阿姨",
            "138 0000 0001",
            "",
        ),
        ("林主任：3幢的李奶奶想有人陪着看病", "居民想有人陪着看病", "李奶奶", "", "3幢"),
        ("想要轮椅，住七塔一村9幢301室，随时来", "想要轮椅，随时来", "", "", "七塔一村9幢301室"),
        ("我是张三，想要一床被子", "想要一床被子", "张三", "", ""),
        ("张三：我是张三，想要一床被子", "想要一床被子", "张三", "", ""),
    ],
)
def test_what_gives_a_resident_away_is_taken_out_of_the_public_words(
    passage, public, name, phone, address
):
    (one,) = read(passage)
    assert (one.title, one.name, one.phone, one.address) == (public, name, phone, address)


def test_a_long_sentence_is_cut_where_it_pauses_and_nothing_is_lost():
    words = "家里老人一个人住，" * 8 + "想请人常去看看"
    (one,) = read(words)
    assert len(one.title) <= 40
    assert (one.title + "，" + one.detail).replace("，", "") == words.replace("，", "")


def test_what_speaks_of_a_child_is_marked():
    assert [one.for_child for one in read("孙子想要一个书包\n想要一辆轮椅")] == [True, False]


def test_a_flood_of_lines_gives_a_screenful():
    assert len(read("想要一辆轮椅\n" * 500)) == MOST_ROWS
