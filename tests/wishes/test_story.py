"""A resident's own words on the wall: offered by them, looked over by the community, taken back at any time."""

import pytest

from notices.models import Notice
from pairing.actions import erase
from tests.cast import RESIDENT
from tests.wishes.doors import course_of, dump, text_of
from tests.wishes.test_resident_link import token_of
from wishes import actions
from wishes.models import Story

WORDS = "轮椅来了那天，我一个人去了江边。"


@pytest.fixture
def closed(wish_in):
    return wish_in("closed")


@pytest.fixture
def page(closed) -> str:
    return f"/r/{token_of(closed)}/"


def offer(client, page: str, **words):
    return client.post(f"{page}story/", {"text": WORDS, "agree": "on"} | words)


def test_the_resident_is_asked_after_the_nod_and_nothing_is_ticked_or_filled_in(client, page):
    html = text_of(client.get(page))
    form = html[html.index('story/"') :]
    assert "checked" not in form[: form.index("</form>")]
    assert (
        "谢谢你们" not in html
    )  # what they said at the nod is not for whom the link was forwarded to
    assert Story.objects.count() == 0


def test_before_the_nod_nobody_is_asked(client, wish_in):
    for state in ("open", "claimed", "fulfilled", "withdrawn"):
        page = f"/r/{token_of(wish_in(state))}/"
        assert "/story/" not in text_of(client.get(page))
        assert offer(client, page).status_code == 409
    assert Story.objects.count() == 0


def test_without_the_tick_nothing_is_kept(client, page):
    answer = client.post(f"{page}story/", {"text": WORDS})
    assert answer.status_code == 400
    assert "您不同意，我们就不放。" in text_of(answer)
    assert Story.objects.count() == 0


def test_offered_words_wait_for_the_community_and_stand_nowhere_else(
    client, as_, cast, closed, page
):
    assert offer(client, page).status_code == 302
    assert WORDS not in text_of(client.get("/"))
    assert WORDS not in text_of(client.get(f"/wishes/{closed.code}/"))
    assert WORDS in text_of(as_(cast.worker).get(f"/wishes/{closed.code}/"))
    told = Notice.objects.get(recipient=cast.worker, kind="story")
    assert WORDS not in told.title + told.body
    assert course_of(closed)[-1] == ("story", "closed", "closed")


def test_looked_over_they_stand_on_the_wall_without_a_name(client, as_, cast, closed, page):
    offer(client, page)
    as_(cast.worker).post(f"/wishes/{closed.code}/story/")
    wall = text_of(client.get("/"))
    assert WORDS in wall
    assert not [fact for fact in vars(RESIDENT).values() if fact in wall]
    assert WORDS in text_of(client.get(f"/wishes/{closed.code}/"))
    assert Notice.objects.filter(recipient=cast.cadre, kind="story").count() == 1


@pytest.mark.parametrize("slip", ["张示例谢谢大家", "电话13800000077", "住9幢301室"])
def test_words_that_give_the_resident_away_are_not_shown(client, as_, cast, closed, page, slip):
    offer(client, page, text=slip)
    worker = as_(cast.worker)
    html = text_of(worker.get(f"/wishes/{closed.code}/"))
    assert "有这些就不能公开" in html
    assert "放到心愿墙上</button>" not in html
    assert worker.post(f"/wishes/{closed.code}/story/").status_code == 400
    assert Story.objects.get().state == "offered"


def test_the_claimant_and_strangers_do_not_look_them_over(client, as_, cast, closed, page):
    offer(client, page)
    for who in (cast.cadre, cast.liaison, cast.supervisor, cast.worker2):
        assert as_(who).post(f"/wishes/{closed.code}/story/").status_code == 403
    assert Story.objects.get().state == "offered"
    as_(cast.street).post(f"/wishes/{closed.code}/story/")
    assert Story.objects.get().state == "published"


def test_the_resident_takes_them_back_even_when_the_link_is_long_expired(
    client, as_, cast, closed, page, later
):
    offer(client, page)
    as_(cast.worker).post(f"/wishes/{closed.code}/story/")
    with later(days=90):
        assert "收回，不给大家看" in text_of(client.get(page))
        assert client.post(f"{page}story/back/").status_code == 302
        assert WORDS not in text_of(client.get("/"))
        assert "收回，不给大家看" not in text_of(client.get(page))
    story = Story.objects.get()
    assert (story.state, story.text, story.approved_by) == ("withdrawn", "", None)
    assert WORDS not in dump()


def test_what_was_taken_back_may_be_offered_again_and_nothing_twice(client, closed, page):
    offer(client, page)
    assert offer(client, page).status_code == 409
    client.post(f"{page}story/back/")
    assert client.post(f"{page}story/back/").status_code == 409
    assert offer(client, page, text="谢谢").status_code == 302
    assert Story.objects.get().text == "谢谢"


def test_the_community_may_keep_them_off_and_take_them_down(client, as_, cast, closed, page):
    worker, address = as_(cast.worker), f"/wishes/{closed.code}/story/"
    offer(client, page)
    worker.post(address)
    assert worker.post(address).status_code == 409
    worker.post(address, {"drop": "on"})
    assert Story.objects.get().state == "withdrawn"
    assert WORDS not in text_of(client.get("/")) + dump()
    assert worker.post(address, {"drop": "on"}).status_code == 409


def test_a_wish_that_not_everybody_sees_becomes_no_story(client, wish_in):
    page = f"/r/{token_of(wish_in('closed', visibility='paired'))}/"
    assert "/story/" not in text_of(client.get(page))
    assert offer(client, page).status_code == 409


def test_they_go_with_the_resident(client, as_, cast, closed, page):
    offer(client, page)
    as_(cast.worker).post(f"/wishes/{closed.code}/story/")
    erase(resident=closed.resident)
    assert Story.objects.count() == 0
    assert WORDS not in text_of(client.get("/")) + dump()


def test_opening_the_page_changes_nothing_and_made_up_links_are_not_found(client, page):
    before = dump()
    client.get(page)
    client.head(page)
    assert dump() == before
    assert offer(client, "/r/made-up/").status_code == 404
    assert client.get(f"{page}story/").status_code == 405
    assert client.get(f"{page}story/back/").status_code == 405


def test_the_worker_who_wrote_it_down_hears_the_ending(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    actions.confirm(wish=wish, by=cast.colleague, rating="fair", how="door", words="")
    ending = Notice.objects.get(recipient=cast.worker, kind="confirmed")
    assert ending.title == f"居民点头了：{wish.title}"
    assert wish.logged_by == cast.worker
