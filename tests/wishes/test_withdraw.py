"""Taking a wish back."""

import datetime as dt

import pytest

from accounts import trail
from notices.models import Notice
from tests.cast import NOW
from tests.wishes.doors import act, course_of, text_of


@pytest.mark.parametrize("state", ["draft", "checking", "open", "claimed", "branch"])
def test_before_it_is_done_the_community_takes_it_back_with_a_reason(state, cast, as_, wish_in):
    wish = wish_in(state)
    before = wish.state
    assert act(as_(cast.colleague), wish, "withdraw", reason="").status_code == 400
    assert act(as_(cast.colleague), wish, "withdraw", reason="家里人带去了").status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.agency, wish.handler, wish.origin) == ("withdrawn", None, None, "")
    assert course_of(wish)[-1] == ("withdraw", before, "withdrawn")
    assert trail.events_of(wish).last().note.text == "家里人带去了"


@pytest.mark.parametrize("state", ["fulfilled", "closed", "withdrawn"])
def test_what_is_called_done_is_not_taken_back(state, cast, as_, wish_in):
    wish = wish_in(state)
    count = len(course_of(wish))
    assert act(as_(cast.worker), wish, "withdraw", reason="不要了").status_code == 409
    assert len(course_of(wish)) == count


def test_whoever_was_at_it_is_told_why(cast, as_, wish_in):
    wish = wish_in("claimed")
    act(as_(cast.worker), wish, "withdraw", reason="家里人带去了")
    notice = Notice.objects.get(kind="withdrawn")
    assert (notice.recipient, notice.body) == (cast.cadre, "家里人带去了")


def test_the_public_no_longer_finds_it_and_the_term_of_the_details_runs(cast, as_, wish_in, client):
    wish = wish_in("open")
    assert wish.title in text_of(client.get("/"))
    act(as_(cast.worker), wish, "withdraw", reason="家里人带去了")
    assert wish.title not in text_of(client.get("/"))
    assert client.get(wish.get_absolute_url()).status_code == 404
    assert as_(cast.cadre).get(wish.get_absolute_url()).status_code == 404
    wish.resident.refresh_from_db()
    assert wish.resident.erase_after == NOW.date() + dt.timedelta(days=180)


def test_the_resident_reads_on_their_page_that_it_was_taken_back(cast, as_, wish_in, client):
    from jiangdong.privacy import unseal

    wish = wish_in("open")
    token = unseal(wish.link.sealed_token)["token"]
    act(as_(cast.worker), wish, "withdraw", reason="家里人带去了")
    html = text_of(client.get(f"/r/{token}/"))
    assert "这件心愿已经撤回。" in html
    assert "家里人带去了" not in html


def test_a_warden_takes_back_only_the_own_draft(cast, as_, wish_in):
    own = wish_in("draft", logged_by=cast.warden)
    assert act(as_(cast.warden), own, "withdraw", reason="听错了").status_code == 302
    gone_on = wish_in("checking", logged_by=cast.warden)
    assert act(as_(cast.warden), gone_on, "withdraw", reason="听错了").status_code == 403
