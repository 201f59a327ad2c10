"""Texts for a chat group: what the wall shows anyway, and how to claim."""

import pytest

from tests.cast import RESIDENT
from tests.wishes.doors import text_of
from wishes.models import Wish


def test_an_open_wish_is_a_text_that_says_what_where_when_and_how_to_claim(cast, as_, wish_in):
    wish = wish_in("open")
    html = text_of(as_(cast.worker).get(f"/wishes/{wish.code}/share/"))
    text = html[html.index("data-whole>") + 11 : html.index("</textarea>")]
    assert text.splitlines() == [
        "【江东365】七塔社区有一件微心愿",
        "想有人陪着去医院配一次药（陪伴），3月19日前",
        f"愿意帮的点开认领：http://testserver/wishes/{wish.code}/",
        "没有账号的打社区电话：138 0000 0001",
    ]
    assert not [fact for fact in vars(RESIDENT).values() if fact in html]


@pytest.mark.parametrize("state", ["draft", "checking", "claimed", "closed", "withdrawn"])
def test_what_is_not_open_is_not_shared(cast, as_, wish_in, state):
    wish = wish_in(state)
    assert as_(cast.worker).get(f"/wishes/{wish.code}/share/").status_code == 404
    page = text_of(as_(cast.worker).get(f"/wishes/{wish.code}/"))
    assert f"/wishes/{wish.code}/share/" not in page


@pytest.mark.parametrize("visibility", ["paired", "private"])
def test_what_not_everybody_sees_is_not_shared(cast, as_, wish_in, visibility):
    wish = wish_in("open", visibility=visibility)
    assert as_(cast.worker).get(f"/wishes/{wish.code}/share/").status_code == 404


def test_a_communitys_open_wishes_are_one_text_the_soonest_due_first(cast, as_, wish_in):
    wish_in("open", title="后到期的", due_on="2026-03-30")
    wish_in("open", title="先到期的", due_on="2026-03-12")
    wish_in("open", title="别的社区的", community=cast.places.hc, logged_by=cast.worker2)
    wish_in("open", title="只给结对单位的", visibility="paired")
    wish_in("claimed", title="有人接了的")
    html = text_of(as_(cast.worker).get("/wishes/share/"))
    assert html.index("1. 先到期的") < html.index("2. 后到期的")
    for left_out in ("别的社区的", "只给结对单位的", "有人接了的"):
        assert left_out not in html
    assert "别的社区的" in text_of(as_(cast.street).get("/wishes/share/?community=HC"))


def test_without_open_wishes_there_is_nothing_to_copy(cast, as_):
    html = text_of(as_(cast.worker).get("/wishes/share/"))
    assert "现在没有等人认领的心愿" in html
    assert "<textarea" not in html


def test_who_has_no_community_names_one(cast, as_):
    assert as_(cast.cadre).get("/wishes/share/").status_code == 404
    assert as_(cast.cadre).get("/wishes/share/?community=nowhere%00").status_code == 404
    assert as_(cast.cadre).get("/wishes/share/?community=QT").status_code == 200


def test_the_wishs_page_leads_there(cast, as_, wish_in):
    wish = wish_in("open")
    assert f'href="/wishes/{wish.code}/share/"' in text_of(
        as_(cast.cadre).get(f"/wishes/{wish.code}/")
    )
    assert "/share/" not in text_of(as_(None).get(f"/wishes/{wish.code}/"))
    assert Wish.objects.get().state == "open"
