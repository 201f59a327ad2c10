"""Publishing: the preview as the public sees it, what is caught, consents, and the second person."""

from decimal import Decimal

import pytest

from notices.models import Notice
from tests.cast import RESIDENT
from tests.wishes.doors import act, course_of, text_of
from wishes.models import Wish

ALL = frozenset({"contact", "publish", "sensitive"})


def publish(client, wish, visibility="public"):
    return act(client, wish, "publish", visibility=visibility)


# What must not be public, as people type it -> what the page says of it.
GIVES_AWAY = {
    "电话13800000077": "像手机号码",
    "打我 138 0000 0077": "像手机号码",
    "138-0000-0077": "像手机号码",
    "１３８００００００７７": "像手机号码",
    "１３８－００００－００７７": "像手机号码",
    "+8613800000077": "像手机号码",
    "0086-138-0000-0077": "像手机号码",
    "33020419500101123X": "像身份证号码",
    "330204 19500101 1234": "像身份证号码",
    "３３０２０４１９５００１０１１２３４": "像身份证号码",
    "0574-87654321": "像电话号码",
    "座机87654321": "像电话号码",
    "微信 laozhang_77": "像微信号或 QQ 号",
    "QQ：12345678": "像微信号或 QQ 号",
    "3幢": "像门牌或房号",
    "二单元": "像门牌或房号",
    "302室": "像门牌或房号",
    "12号楼": "像门牌或房号",
    "56弄": "像门牌或房号",
    RESIDENT.name: "是登记的姓名或住址",
    RESIDENT.address: "是登记的姓名或住址",
}


@pytest.mark.parametrize(("text", "why"), GIVES_AWAY.items())
def test_what_gives_the_resident_away_is_shown_and_stops_the_publishing(
    text, why, cast, as_, wish_in
):
    where = "title" if len(text) % 2 else "detail"
    words = {"title": "想修一修阳台的窗", where: f"窗关不严，{text}，谢谢"}
    wish = wish_in("draft", **words)
    client = as_(cast.worker)
    html = text_of(client.get(f"/wishes/{wish.code}/preview/"))
    assert why in html
    assert f"/wishes/{wish.code}/publish/" not in html
    answer = publish(client, wish)
    assert answer.status_code == 400
    assert "公开的文字里有不该公开的内容" in text_of(answer)
    assert act(client, wish, "submit").status_code == 400
    assert course_of(wish) == [("log", "", "draft")]


@pytest.mark.parametrize(
    "text",
    [
        "要一台 2200 瓦的电水壶",
        "每天 8:30 到 11:30 都在",
        "3月12日以前，120 元左右",
        "一米六八的窗帘 2 幅",
        "书 13 本，笔 18 支，共 31 件",
    ],
)
def test_ordinary_numbers_pass(text, cast, as_, wish_in):
    wish = wish_in("draft", detail=text)
    assert publish(as_(cast.worker), wish).status_code == 302


@pytest.mark.parametrize(
    "word", ["低保", "残疾", "糖尿病", "单亲", "失独", "82岁", "孤寡", "离异", "抑郁"]
)
def test_words_that_brand_are_pointed_out_and_left_to_the_worker(word, cast, as_, wish_in):
    wish = wish_in("draft", detail=f"家里是{word}，想有人说说话")
    client = as_(cast.worker)
    html = text_of(client.get(f"/wishes/{wish.code}/preview/"))
    assert f"「{word}」可能让人被贴标签，请换个说法" in html
    assert publish(client, wish).status_code == 302


def test_the_preview_shows_what_the_public_will_and_nothing_of_the_resident(cast, as_, wish_in):
    wish = wish_in("draft", detail="最好是周五上午")
    html = text_of(as_(cast.worker).get(f"/wishes/{wish.code}/preview/"))
    assert wish.title in html
    assert "最好是周五上午" in html
    for fact in vars(RESIDENT).values():
        assert fact not in html


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("worker", 200),
        ("colleague", 200),
        ("warden", 404),
        ("worker2", 404),
        ("street", 404),
        ("cadre", 404),
    ],
)
def test_the_preview_of_a_draft_is_the_communitys_alone(who, status, cast, as_, wish_in):
    wish = wish_in("draft")
    assert as_(getattr(cast, who)).get(f"/wishes/{wish.code}/preview/").status_code == status


def test_the_preview_of_what_is_published_leads_to_the_wish(cast, as_, wish_in):
    wish = wish_in("open")
    answer = as_(cast.worker).get(f"/wishes/{wish.code}/preview/")
    assert answer["Location"] == wish.get_absolute_url()


def test_publishing_writes_days_by_the_working_calendar_and_tells_the_paired_liaison(
    cast, as_, wish_in
):
    wish = wish_in("draft")
    assert publish(as_(cast.worker), wish).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.visibility, wish.offered_to) == ("open", "public", cast.places.jy)
    days = (wish.open_to_all_on, wish.response_due_on, wish.due_on)
    # Tuesday 10 March: three working days end on Friday, seven on Thursday of the week after.
    assert [str(day) for day in days] == ["2026-03-14", "2026-03-19", "2026-03-19"]
    told = Notice.objects.filter(kind="offered").values_list("recipient", flat=True)
    assert list(told) == [cast.liaison.pk]


def test_a_day_that_was_asked_for_stays(cast, as_, wish_in):
    import datetime as dt

    wish = wish_in("open", due_on=dt.date(2026, 4, 30))
    assert wish.due_on == dt.date(2026, 4, 30)


def test_a_day_that_passed_while_it_lay_there_is_set_anew(cast, as_, wish_in, later):
    import datetime as dt

    wish = wish_in("draft", due_on=dt.date(2026, 3, 12))
    with later(days=6):
        publish(as_(cast.worker), wish)
    wish.refresh_from_db()
    assert wish.due_on == dt.date(2026, 3, 25)


def test_without_the_residents_nod_nothing_is_shown_to_the_public(cast, as_, wish_in):
    wish = wish_in("draft", consents=frozenset({"contact"}))
    client = as_(cast.worker)
    assert "还没有记下居民同意公开" in text_of(client.get(f"/wishes/{wish.code}/preview/"))
    answer = publish(client, wish)
    assert answer.status_code == 409
    assert "还没有记下居民同意公开。" in text_of(answer)
    assert publish(client, wish, "paired").status_code == 302


def test_what_is_kept_to_the_paired_agency_needs_one(cast, as_, wish_in):
    wish = wish_in("draft", community=cast.places.hc, logged_by=cast.worker2)
    from pairing.models import Pairing

    Pairing.objects.filter(community=cast.places.hc).delete()
    answer = publish(as_(cast.worker2), wish, "paired")
    assert answer.status_code == 409
    assert "没有结对单位" in text_of(answer)


@pytest.mark.parametrize("visibility", ["", "everybody"])
def test_a_visibility_must_be_chosen(visibility, cast, as_, wish_in):
    wish = wish_in("draft")
    assert publish(as_(cast.worker), wish, visibility).status_code == 400


DELICATE = [
    {"kind": "health", "consents": ALL},
    {"for_child": True, "consents": ALL},
    {"sensitive": True},
    {"estimate": Decimal("500.01")},
]


@pytest.mark.parametrize("words", DELICATE)
def test_what_is_delicate_or_dear_is_published_by_a_second_person(words, cast, as_, wish_in):
    wish = wish_in("draft", **words)
    writer = as_(cast.worker)
    refused = publish(writer, wish)
    assert refused.status_code == 409
    assert "请另一位同事看过" in text_of(refused)
    assert act(writer, wish, "submit").status_code == 302
    assert "自己记的不能自己复核" in text_of(publish(writer, wish))
    assert publish(as_(cast.colleague), wish).status_code == 302
    assert [move for move, _from, _to in course_of(wish)] == ["log", "submit", "publish"]


def test_at_the_limit_itself_nobody_else_is_needed(cast, as_, wish_in):
    wish = wish_in("draft", kind="goods", estimate=Decimal("500.00"))
    assert publish(as_(cast.worker), wish).status_code == 302


def test_who_asked_for_the_check_does_not_give_it_either(cast, as_, wish_in):
    wish = wish_in("draft", sensitive=True)
    act(as_(cast.colleague), wish, "submit")
    for person in (cast.worker, cast.colleague):
        assert publish(as_(person), wish).status_code == 409
    assert publish(as_(cast.street), wish).status_code == 302


def test_the_street_is_asked_where_the_community_has_no_second_person(cast, as_, wish_in):
    wish = wish_in("draft", community=cast.places.hc, logged_by=cast.worker2, sensitive=True)
    act(as_(cast.worker2), wish, "submit")
    told = set(Notice.objects.filter(kind="check").values_list("recipient__username", flat=True))
    assert told == {"street"}


def test_colleagues_are_asked_before_the_street(cast, as_, wish_in):
    wish = wish_in("draft", sensitive=True)
    act(as_(cast.worker), wish, "submit")
    told = set(Notice.objects.filter(kind="check").values_list("recipient__username", flat=True))
    assert told == {"colleague"}


@pytest.mark.parametrize("words", [{"kind": "health"}, {"for_child": True}])
@pytest.mark.parametrize("visibility", ["public", "paired", "private"])
def test_health_and_children_need_a_consent_of_their_own(words, visibility, cast, as_, wish_in):
    wish = wish_in("checking", **words)
    answer = publish(as_(cast.colleague), wish, visibility)
    assert answer.status_code == 409
    assert "单独同意" in text_of(answer)


def test_the_second_person_may_hand_it_back_with_a_reason_and_the_writer_is_told(
    cast, as_, wish_in
):
    wish = wish_in("checking", sensitive=True)
    client = as_(cast.colleague)
    assert act(client, wish, "return", reason="").status_code == 400
    assert act(client, wish, "return", reason="  ").status_code == 400
    assert act(client, wish, "return", reason="请把小区名字去掉").status_code == 302
    notice = Notice.objects.get(kind="returned")
    assert (notice.recipient, notice.body) == (cast.worker, "请把小区名字去掉")
    wish.refresh_from_db()
    assert wish.state == "draft"
    assert "请把小区名字去掉" in text_of(as_(cast.worker).get(wish.get_absolute_url()))


def test_a_wish_that_became_delicate_while_it_was_changed_is_checked_after_all(cast, as_, wish_in):
    wish = wish_in("checking")
    act(as_(cast.colleague), wish, "return", reason="这是健康方面的")
    as_(cast.colleague).post(
        f"/wishes/{wish.code}/edit/",
        {"title": wish.title, "kind": "health", "publish": "on", "consent_sensitive": "on"},
    )
    assert publish(as_(cast.colleague), wish).status_code == 409
    assert Wish.objects.get().state == "draft"
