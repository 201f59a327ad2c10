"""The wall: what everybody may see of wishes, and nothing else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import RESIDENT
from tests.wishes.doors import codes_on, text_of
from wishes.models import Campaign, Wish


def wall(client, **asked) -> str:
    answer = client.get("/", asked)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.fixture
def town(cast, wish_in) -> dict[str, str]:
    codes = {
        state: wish_in(state).code
        for state in ("draft", "checking", "open", "claimed", "fulfilled", "closed", "withdrawn")
    }
    codes["paired"] = wish_in("open", visibility="paired").code
    codes["private"] = wish_in("open", visibility="private").code
    return codes


def test_it_holds_public_wishes_from_publishing_on(town, client):
    assert set(codes_on(wall(client))) == {
        town[s] for s in ("open", "claimed", "fulfilled", "closed")
    }


def test_everybody_sees_the_same_wall(town, cast, as_, client):
    for who in ("worker", "cadre", "street", "supervisor", "admin"):
        assert codes_on(wall(as_(getattr(cast, who)))) == codes_on(wall(client))


def test_its_figures_are_those_of_its_wishes(town, client):
    figures = re.findall(r"<p[^>]*>(公开|有人接了|居民点头)<b>(\d+)</b>", wall(client))
    assert figures == [("公开", "4"), ("有人接了", "3"), ("居民点头", "1")]


def test_a_card_says_what_where_how_far_and_which_agency_and_no_more(town, cast, client):
    html = wall(client)
    assert "想有人陪着去医院配一次药" in html
    assert "七塔社区 · 陪伴" in html
    assert "区教育局" in html
    people = [cast.worker.name, cast.cadre.name]
    for secret in (*vars(RESIDENT).values(), *people, "周五上午陪着去配好了药", "谢谢你们"):
        assert secret not in html


def test_a_wish_opened_by_a_passer_by_shows_its_public_text_and_the_judgement(town, cast, client):
    html = text_of(client.get(f"/wishes/{town['closed']}/"))
    assert "满意" in html
    for secret in (*vars(RESIDENT).values(), cast.worker.name, cast.cadre.name, "谢谢你们", "周五上午陪着去配好了药",
                   "办理经过", "本人认领", "电话</dd>"):  # fmt: skip
        assert secret not in html


def test_search_engines_read_the_wall_and_no_single_wish(town, client):
    assert "X-Robots-Tag" not in client.get("/").headers
    answer = client.get(f"/wishes/{town['open']}/")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in text_of(answer)
    robots = text_of(client.get("/robots.txt"))
    assert "Allow: /$" in robots
    assert "Disallow: /" in robots


NARROWS = (
    ({"q": "医院"}, 4),
    ({"q": "漏水"}, 0),
    ({"kind": "companionship"}, 4),
    ({"kind": "legal"}, 0),
    ({"kind": "x"}, 4),
    ({"community": "QT"}, 4),
    ({"community": "HL"}, 0),
    ({"community": "'"}, 4),
    ({"q": "\x00"}, 4),
    ({"q": "字" * 41}, 4),
)


def test_it_is_narrowed_by_word_kind_and_community(town, client):
    for asked, count in NARROWS:
        assert len(codes_on(wall(client, **asked))) == count, asked


def test_when_nothing_is_found_it_says_so(db, client):
    assert "这里还没有心愿" in wall(client)


def test_an_archived_wish_is_never_called_late(cast, wish_in, as_, later):
    wish = wish_in("claimed")
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    Wish.objects.filter(pk=wish.pk).update(archived=True, campaign=campaign, resident=None)
    with later(days=60):
        html = as_(cast.cadre).get(wish.get_absolute_url()).content.decode()
    assert wish.title in html
    assert "工作日" not in html
    assert 'class="late"' not in html
    for word in ("visit", "handover", "calendar", "share"):
        assert f"/wishes/{wish.code}/{word}/" not in html, word


def test_archived_wishes_are_not_on_it(cast, wish_in, client):
    wish = wish_in("closed")
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    Wish.objects.filter(pk=wish.pk).update(archived=True, campaign=campaign, resident=None)
    assert codes_on(wall(client)) == []


def test_the_newest_come_first_and_the_rest_on_further_pages(cast, wish_in, client, later):
    first = wish_in("open")
    copies = []
    for n in range(2, 41):
        copy = Wish.objects.get(pk=first.pk)
        copy.pk, copy.serial, copy.code = None, n, f"QT-{n:04d}"
        copies.append(copy)
    Wish.objects.bulk_create(copies)
    address, pages = "/", []
    while address:
        html = text_of(client.get(address))
        pages.append(codes_on(html))
        onwards = re.search(r'href="([^"]+)" rel="next"', html)
        address = onwards and onwards[1].replace("&amp;", "&")
    assert [len(page) for page in pages] == [18, 18, 4]
    assert [code for page in pages for code in page] == [f"QT-{n:04d}" for n in range(40, 0, -1)]


def test_seventeen_wishes_cost_as_many_queries_as_one(cast, wish_in, client):
    wish_in("closed")
    with CaptureQueriesContext(connection) as one:
        wall(client)
    for _ in range(4):
        for state in ("open", "claimed", "fulfilled", "closed"):
            wish_in(state)
    with CaptureQueriesContext(connection) as seventeen:
        assert len(codes_on(wall(client))) == 17
    assert len(seventeen) == len(one)
    assert len(one) <= 8
