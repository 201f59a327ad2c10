"""Festival batches and group wishes: picked while logging, counted apart, called what they are."""

import pytest

from tests.api import api
from tests.wishes.doors import codes_on, text_of
from wishes.lists import LISTS, watched
from wishes.models import Campaign, Wish

WORDS = {"title": "想要一副春联", "kind": "culture"}


@pytest.fixture
def spring(db) -> Campaign:
    return Campaign.objects.create(slug="spring-2026", name="2026 年春节慰问", festival=True)


@pytest.fixture
def over(db) -> Campaign:
    return Campaign.objects.create(
        slug="mid-autumn-2025", name="2025 年中秋慰问", festival=True, archived=True
    )


def test_the_worker_picks_a_running_festival_and_no_other_campaign(cast, as_, spring, over):
    Campaign.objects.create(slug="drive", name="征集活动")
    html = text_of(as_(cast.worker).get("/wishes/log/"))
    assert '<option value="spring-2026">2026 年春节慰问</option>' in html
    assert "中秋慰问" not in html
    assert "征集活动" not in html


def test_without_a_running_festival_nobody_is_asked(cast, as_, over):
    assert 'name="campaign"' not in text_of(as_(cast.worker).get("/wishes/log/"))


def test_what_is_logged_into_it_is_of_the_batch(cast, as_, spring):
    as_(cast.worker).post("/wishes/log/", WORDS | {"campaign": "spring-2026"})
    as_(cast.worker).post("/wishes/log/", WORDS)
    found = Wish.objects.order_by("serial").values_list("campaign__slug", "in_batch", "archived")
    assert list(found) == [("spring-2026", True, False), (None, False, False)]


def test_a_festival_that_is_over_takes_no_more(cast, as_, over):
    answer = as_(cast.worker).post("/wishes/log/", WORDS | {"campaign": "mid-autumn-2025"})
    assert answer.status_code == 400
    assert Wish.objects.count() == 0


def test_phones_send_it_through_the_api_as_the_form_has_it(cast, spring):
    client = api(cast.worker)
    for slug, expected in (("spring-2026", True), ("", False), (None, False)):
        answer = client.post("/api/v1/wishes/", WORDS | {"campaign": slug}, format="json")
        assert answer.status_code == 201
        assert Wish.objects.order_by("-serial")[0].in_batch is expected
    answer = client.post("/api/v1/wishes/", WORDS | {"campaign": "nowhere"}, format="json")
    assert answer.status_code == 400


@pytest.fixture
def one_of_each(cast, wish_in, spring) -> tuple[Wish, Wish]:
    """Return an open wish, and one of the festival's batch."""
    return wish_in("open"), wish_in("open", campaign=spring)


def test_the_board_says_what_is_of_a_festival_and_narrows_to_it(cast, as_, one_of_each):
    wish, gift = one_of_each
    client = as_(cast.cadre)
    html = text_of(client.get("/wishes/?tab=all"))
    assert set(codes_on(html)) == {wish.code, gift.code}
    assert html.count("<span>节日慰问</span>") == 1
    assert codes_on(text_of(client.get("/wishes/?tab=all&batch=on"))) == [gift.code]


def test_the_wall_and_the_rates_count_them_apart(cast, as_, client, one_of_each):
    html = text_of(client.get("/"))
    assert "公开<b>1</b>" in html
    assert "另有节日慰问<b>1</b>" in html
    assert LISTS["published"].of(watched()).count() == 1
    assert LISTS["batch"].of(watched()).count() == 1
    assert "成批的节日慰问" in text_of(as_(cast.supervisor).get("/admin/"))


def test_a_group_wish_has_one_representative_and_is_called_so(cast, as_, client, wish_in):
    as_(cast.worker).post("/wishes/log/", WORDS | {"for_group": "on"})
    assert Wish.objects.get().for_group
    wish = wish_in("open", for_group=True)
    assert "集体心愿" in text_of(client.get("/"))
    assert "集体心愿" in text_of(client.get(f"/wishes/{wish.code}/"))
    assert "节日慰问" not in text_of(client.get(f"/wishes/{wish.code}/"))


def test_supervisors_begin_a_festival_and_end_it(cast, as_):
    client = as_(cast.supervisor)
    body = {"name": "端午慰问", "slug": "dragon-boat-2026", "festival": "on"}
    assert client.post("/admin/wishes/campaign/add/", body).status_code == 302
    campaign = Campaign.objects.festivals().get()
    client.post(f"/admin/wishes/campaign/{campaign.pk}/change/", body | {"archived": "on"})
    assert not Campaign.objects.festivals().exists()
    assert as_(cast.admin).post("/admin/wishes/campaign/add/", body).status_code == 403
    assert as_(cast.supervision_group).post("/admin/wishes/campaign/add/", body).status_code == 403
