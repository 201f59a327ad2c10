"""The wall of a season: every number is the list behind its link, with no resident in sight."""

import copy
import datetime as dt
import re
from html import unescape
from html.parser import HTMLParser

import pytest

from accounts.models import User
from jiangdong import clock
from pairing.models import Agency
from tests.cast import (
    NOW,
    fresh,
    kept_for_a_file,
    make_people,
    make_places,
    maker_of_wishes,
)
from wishes import actions
from wishes.actions import Brought, Step
from wishes.models import Campaign, Draft, Wish

LINK = re.compile(r'<a [^>]*href="(/admin/wishes/wish/\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
BAR = re.compile(
    r'<a href="(/admin/wishes/wish/\?[^"]*)" tabindex="-1">.*?<title>.*? (\d+)</title>', re.DOTALL
)
DIGITS = re.compile(r"[\d\N{THIN SPACE}]+")


def numbers_on(html):
    """Return every (address, number) that a page shows as a link."""
    found = [(address, int(number)) for address, number in BAR.findall(html)]
    for address, words in LINK.findall(html):
        if "<rect" not in words and (digits := DIGITS.search(words.strip())):
            found.append((address, int(digits.group().replace("\N{THIN SPACE}", ""))))
    return [(unescape(address), number) for address, number in found]


@pytest.fixture(scope="module")
def season(django_db_setup, django_db_blocker):
    """Live through a season once for this file, and return its people."""
    with kept_for_a_file(django_db_blocker):
        cast = make_people(make_places())
        live_through(cast, maker_of_wishes(cast))
        yield cast


@pytest.fixture
def cast(season, db):
    """The people of the season, for one test."""
    return copy.deepcopy(season)


def live_through(cast, wish_in):
    """Bring wishes into every state, some late, some reopened, told over three weeks before NOW."""

    def on(days, hours=0):
        return clock.at(NOW + dt.timedelta(days=days, hours=hours))

    for days in (-20, -12, -9, -1, 0):
        with on(days):
            for state in ("open", "claimed", "branch", "fulfilled", "closed", "withdrawn"):
                wish_in(state)
    with on(-15):
        wish = wish_in(
            "fulfilled", community=cast.places.hc, logged_by=cast.worker2, by=cast.cadre2
        )
    with on(-14):
        actions.reopen(wish=wish, by=fresh(cast.worker2), reason="水还在滴")
    with on(-6):
        for _ in range(12):
            wish = wish_in(
                "fulfilled", community=cast.places.hc, logged_by=cast.worker2, by=cast.cadre2
            )
            actions.confirm_by_link(link=wish.link, rating="fair")
        wish = wish_in("claimed")
        actions.release(wish=wish, by=fresh(cast.cadre), reason="临时出差")
    with on(-3):
        for how in ("door", "family"):
            wish = wish_in("fulfilled")
            actions.confirm(wish=wish, by=fresh(cast.worker), rating="unsatisfied", how=how)
    wish_in("draft")
    wish_in("checking")
    spring = Campaign.objects.create(slug="spring-2014", name="2014 春", archived=True)
    at = dt.datetime(2014, 3, 3, 2, tzinfo=dt.UTC)
    publish = Step("publish", at, cast.worker, "七塔社区")
    claim = Step("claim", at, cast.member, "创二代联谊会", agency=cast.places.cx)
    radio = Draft(title="想要一台收音机", kind="goods")
    rows = [
        Brought(
            draft=radio, community=cast.places.qt, by=cast.worker, at=at, steps=(publish, claim)
        )
        for _ in range(4)
    ]
    actions.bring_in(rows=rows, campaign=spring)


@pytest.mark.parametrize("who", ["supervisor", "supervision_group"])
def test_every_number_counts_the_list_that_its_link_opens(cast, as_, who):
    client = as_(getattr(cast, who))
    numbers = numbers_on(client.get("/admin/").content.decode())
    assert len(numbers) > 40
    for address, number in set(numbers):
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.context["cl"].result_count == number, address


def test_the_four_figures_and_their_lines(cast, as_):
    figures = as_(cast.supervisor).get("/admin/").context["figures"]
    counted = {slug: figure.number for slug, figure in figures.items()}
    live = Wish.objects.filter(archived=False, published_at__isnull=False)
    assert counted["open"] == live.filter(state="open").count() == 6
    assert counted["claimed"] == live.filter(state="claimed").count() == 11
    assert counted["nod"] == 5
    assert counted["confirmed"] == 5 + 12 + 2
    assert counted["standing"] == live.exclude(state="withdrawn").count()
    assert counted["reopened"] == 1
    assert counted["satisfied"] == 5


def test_rates_are_those_of_the_contract(cast, as_):
    answered, settled, satisfied = as_(cast.supervisor).get("/admin/").context["rates"]
    live = Wish.objects.filter(archived=False)
    assert answered.of.number == live.filter(published_at__isnull=False).count()
    assert settled.yes.number == live.filter(state="closed").count()
    assert (
        settled.of.number
        == live.filter(published_at__isnull=False).exclude(state="withdrawn").count()
    )
    assert (satisfied.yes.number, satisfied.of.number) == (5, 19)


def test_what_is_late_comes_first_with_one_act_each(cast, as_):
    response = as_(cast.supervisor).get("/admin/")
    rows = response.context["first"]
    assert [row.late for row in rows] == sorted((row.late for row in rows), reverse=True)
    assert all(row.late > 0 for row in rows)
    assert {(row.wish.state, row.act) for row in rows} == {
        ("open", "assign"),
        ("claimed", "remind"),
    }
    html = response.content.decode()
    for row in rows:
        act = f'href="/admin/wishes/wish/{row.wish.pk}/assign/"' if row.act == "assign" else ""
        assert act or f'action="/admin/wishes/wish/{row.wish.pk}/remind/"' in html
        assert act in html


def test_a_wish_nudged_today_says_so_in_its_row(cast, as_):
    client = as_(cast.supervisor)
    late = next(row.wish for row in client.get("/admin/").context["first"] if row.act == "remind")
    client.post(f"/admin/wishes/wish/{late.pk}/remind/", {"next": "/admin/"})
    html = client.get("/admin/").content.decode()
    assert f'action="/admin/wishes/wish/{late.pk}/remind/"' not in html
    assert "提醒过了" in html


def test_the_supervision_group_sees_the_wall_without_an_act(cast, as_):
    html = as_(cast.supervision_group).get("/admin/").content.decode()
    assert "先办这些" in html
    assert "/remind/" not in html
    assert "/assign/" not in html
    assert '<form method="post" action="/admin/wishes' not in html


def test_agencies_stand_in_the_customary_order_and_few_cases_are_not_compared(cast, as_):
    response = as_(cast.supervisor).get("/admin/")
    told = response.context["agencies"]
    rows = told.compared + told.few
    assert [row.agency.name for row in told.compared] == ["区委办公室", "区教育局"]
    assert all(row.claimed.number >= 10 for row in told.compared)
    assert all(row.claimed.number < 10 for row in told.few)
    wb = rows[0]
    assert (wb.claimed.number, wb.fulfilled.number, wb.confirmed.number) == (13, 12, 12)
    Agency.objects.filter(pk=cast.places.wb.pk).update(position=3)
    again = as_(cast.supervisor).get("/admin/").context["agencies"].compared
    assert [row.agency.name for row in again] == ["区教育局", "区委办公室"]


def test_communities_are_told_by_street_and_the_longest_waits_marked(cast, as_):
    client = as_(cast.supervisor)
    streets = client.get("/admin/").context["waiting"]
    assert [
        (street.street.name, [row.community.name for row in street.rows]) for street in streets
    ] == [("百丈街道", ["七塔社区"])]
    row = streets[0].rows[0]
    assert (row.open.number, row.oldest, row.median, row.is_longest) == (6, 20, 7, True)
    assert [each.name for each in client.get("/admin/").context["calm"]] == ["划船社区", "黄鹂社区"]
    assert [
        row.community.name for row in client.get("/admin/?order=waiting").context["waiting"]
    ] == ["七塔社区"]


def test_how_the_nod_was_given_stands_apart(cast, as_):
    how = as_(cast.supervisor).get("/admin/").context["how"]
    assert [(str(row.figure.value), row.figure.number) for row in how] == [
        ("scan", 12),
        ("phone", 5),
        ("door", 1),
        ("family", 1),
    ]


def test_an_archived_campaign_is_one_line_of_its_own(cast, as_):
    html = as_(cast.supervisor).get("/admin/").content.decode()
    assert re.search(
        r'2014 春：\s*征集 <a href="[^"]*">4</a>，\s*<a href="[^"]*">全部认领</a>', html
    )


FILES = ("Excel", "xlsx")  # called so in every language


class Words(HTMLParser):
    """Gathers what a page says to people, leaving out scripts, styles and the names of icons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said, self.silent = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        quiet = tag in ("script", "style") or "material-symbols" in facts.get("class", "")
        if (quiet or self.silent) and tag not in ("input", "img", "br", "link", "meta", "hr"):
            self.silent += 1
        self.said += [facts.get(name) or "" for name in ("title", "placeholder", "aria-label")]

    def handle_endtag(self, tag):
        self.silent = max(self.silent - 1, 0)

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "wishes/wish/",
        "wishes/wish/?list=nod&q=x",
        "pairing/pairing/",
        "pairing/pairing/add/",
        "accounts/portalfeedback/",
    ],
)
def test_the_theme_speaks_chinese_to_supervisors(cast, as_, path):
    said = Words(as_(cast.supervisor).get(f"/admin/{path}").content.decode()).said
    assert set(re.findall(r"[A-Za-z]{4,}", " ".join(said))) <= {"supervisor", "example", *FILES}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "accounts/user/",
        "accounts/user/add/",
        "accounts/districtrole/add/",
        "pairing/cadre/",
        "pairing/agency/add/",
    ],
)
def test_the_theme_speaks_chinese_to_administrators(cast, as_, path):
    said = Words(as_(cast.admin).get(f"/admin/{path}").content.decode()).said
    names = " ".join(User.objects.values_list("username", flat=True))
    known = {*re.findall(r"[A-Za-z]{4,}", names), "example", *FILES}
    assert set(re.findall(r"[A-Za-z]{4,}", " ".join(said))) <= known
