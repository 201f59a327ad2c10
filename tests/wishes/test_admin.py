"""Wishes in the admin: read by supervisors, moved through the actions alone, and nobody's details in sight."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import trail
from notices.models import Notice
from pairing.models import Cadre, Look
from tests.cast import RESIDENT, fresh
from wishes import actions
from wishes.actions import Brought, Step
from wishes.admin_filters import BoundedPaginator
from wishes.lists import LISTS
from wishes.models import Campaign, Draft, Wish

LIST = "/admin/wishes/wish/"
STATES = ("open", "claimed", "branch", "fulfilled", "closed", "withdrawn")
WATCHING = ("supervisor", "supervision_group")


def page_of(wish, act="change"):
    return f"{LIST}{wish.pk}/{act}/"


def cadre_of(user):
    return Cadre.objects.get(user=user).pk


def facts_of(wish):
    return Wish.objects.filter(pk=wish.pk).values().get()


# --- reading


@pytest.mark.parametrize("who", WATCHING)
@pytest.mark.parametrize("state", STATES)
def test_a_published_wish_is_read_with_its_course(cast, as_, wish_in, state, who):
    wish = wish_in(state)
    html = as_(getattr(cast, who)).get(page_of(wish)).content.decode()
    assert wish.title in html
    assert html.count("<time ") == trail.events_of(wish).count()


@pytest.mark.parametrize("state", ["draft", "checking"])
def test_what_was_never_published_is_its_communitys_own(cast, as_, wish_in, state):
    wish = wish_in(state)
    client = as_(cast.supervisor)
    assert client.get(page_of(wish)).status_code == 404
    assert wish.code not in client.get(LIST).content.decode()


def test_a_draft_taken_back_unpublished_is_not_read_either(cast, as_, wish_in):
    wish = actions.withdraw(wish=wish_in("draft"), by=cast.worker, reason="记错了")
    assert as_(cast.supervisor).get(page_of(wish)).status_code == 404


@pytest.mark.parametrize("who", ["admin", "worker", "cadre", "street", "stranger"])
def test_nobody_else_comes_near_a_wish_in_the_admin(cast, as_, wish_in, who):
    wish = wish_in("claimed")
    client = as_(getattr(cast, who))
    assert client.get(LIST).status_code == 403
    for act in ("change", "assign", "resident"):
        assert client.get(page_of(wish, act)).status_code == 403
    for act in ("assign", "remind", "resident"):
        assert client.post(page_of(wish, act), {"why": "看看"}).status_code == 403
    assert not Look.objects.exists()
    assert not Notice.objects.filter(kind="reminded").exists()


@pytest.mark.parametrize("path", ["add/", "1/delete/", "1/history/"])
def test_there_is_no_page_to_add_or_delete_a_wish(cast, as_, path):
    assert as_(cast.supervisor).get(f"{LIST}{path}").status_code == 404


# --- nothing is saved by a form


@pytest.mark.parametrize("state", STATES)
def test_a_wish_cannot_be_saved_through_the_admin(cast, as_, wish_in, state):
    wish = wish_in(state)
    before = facts_of(wish)
    client = as_(cast.supervisor)
    body = {"state": "open", "title": "改过的", "agency": "", "_save": "保存"}
    assert client.post(page_of(wish), body).status_code == 405
    assert (
        client.post(LIST, {"action": "delete_selected", "_selected_action": [wish.pk]}).status_code
        == 405
    )
    assert facts_of(wish) == before


@pytest.mark.parametrize("act", ["change", "assign", "remind", "resident"])
def test_getting_an_address_changes_nothing(cast, as_, wish_in, act):
    wish = wish_in("open")
    before = facts_of(wish)
    answer = as_(cast.supervisor).get(
        page_of(wish, act), {"handler": cadre_of(cast.cadre), "why": "看看", "next": "/"}
    )
    assert answer.status_code == (405 if act == "remind" else 200)
    assert facts_of(wish) == before
    assert not Look.objects.exists()
    assert not Notice.objects.filter(kind__in=["assigned", "reminded"]).exists()


def test_an_act_without_the_forms_token_is_refused(cast, as_, wish_in):
    wish = wish_in("claimed")
    client = as_(cast.supervisor, enforce_csrf_checks=True)
    assert client.post(page_of(wish, "remind")).status_code == 403
    assert not Notice.objects.filter(kind="reminded").exists()


# --- 交办


def test_a_supervisor_hands_an_open_wish_to_somebody(cast, as_, wish_in):
    wish = wish_in("open")
    response = as_(cast.supervisor).post(
        page_of(wish, "assign"), {"handler": cadre_of(cast.cadre2)}, follow=True
    )
    wish.refresh_from_db()
    assert (wish.state, wish.agency, wish.handler, wish.origin) == (
        "claimed",
        cast.places.wb,
        cast.cadre2,
        "assigned",
    )
    assert Notice.objects.filter(kind="assigned", recipient=cast.cadre2).count() == 1
    assert "已交给区委办公室的孙示例办。" in response.content.decode()
    event = trail.events_of(wish).last()
    assert (event.move, event.by_id, event.by_label) == ("assign", cast.supervisor.pk, "区督办")


def test_a_claimed_wish_goes_over_to_another_agency(cast, as_, wish_in):
    wish = wish_in("claimed")
    as_(cast.supervisor).post(page_of(wish, "assign"), {"handler": cadre_of(cast.cadre2)})
    assert Wish.objects.get(pk=wish.pk).handler == cast.cadre2


@pytest.mark.parametrize("state", ["fulfilled", "closed", "withdrawn"])
def test_what_cannot_be_handed_over_says_why(cast, as_, wish_in, state):
    wish = wish_in(state)
    before = facts_of(wish)
    response = as_(cast.supervisor).post(
        page_of(wish, "assign"), {"handler": cadre_of(cast.cadre2)}, follow=True
    )
    assert f"心愿现在是「{wish.get_state_display()}」，不能这样做。" in response.content.decode()
    assert facts_of(wish) == before


def test_handing_it_to_whoever_has_it_already_says_so(cast, as_, wish_in):
    wish = wish_in("claimed")
    response = as_(cast.supervisor).post(
        page_of(wish, "assign"), {"handler": cadre_of(cast.cadre)}, follow=True
    )
    assert "现在就是这位同事在办。" in response.content.decode()


@pytest.mark.parametrize("handler", ["", "0", "999999", "x"])
def test_handing_it_to_nobody_comes_back_with_a_complaint(cast, as_, wish_in, handler):
    wish = wish_in("open")
    assert (
        as_(cast.supervisor).post(page_of(wish, "assign"), {"handler": handler}).status_code == 400
    )
    assert Wish.objects.get(pk=wish.pk).state == "open"


def test_who_fits_is_named_with_the_reason(cast, as_, wish_in):
    html = as_(cast.supervisor).get(page_of(wish_in("open"), "assign")).content.decode()
    assert html.index("王示例") < html.index("钱示例") < html.index("赵示例")
    assert "结对单位，擅长陪伴，在这个社区报到" in html
    assert "结对单位，联络员" in html
    assert "孙示例" not in html


def test_anybody_is_found_by_name_or_agency(cast, as_, wish_in):
    client, path = as_(cast.supervisor), page_of(wish_in("open"), "assign")
    assert "孙示例" in client.get(path, {"q": "委办"}).content.decode()
    assert "孙示例" in client.get(path, {"q": "孙"}).content.decode()
    assert "没有找到" in client.get(path, {"q": "查无此人"}).content.decode()


def test_the_supervision_group_reads_and_does_nothing(cast, as_, wish_in):
    wish = wish_in("claimed")
    before = facts_of(wish)
    client = as_(cast.supervision_group)
    html = client.get(page_of(wish)).content.decode()
    for word in ("交办给别人", "提醒一下", "写明原因"):
        assert word not in html
    assert client.get(page_of(wish, "assign")).status_code == 403
    assert client.get(page_of(wish, "resident")).status_code == 403
    assert (
        client.post(page_of(wish, "assign"), {"handler": cadre_of(cast.cadre2)}).status_code == 403
    )
    assert client.post(page_of(wish, "remind")).status_code == 403
    assert client.post(page_of(wish, "resident"), {"why": "了解情况"}).status_code == 403
    assert facts_of(wish) == before
    assert not Look.objects.exists()


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_offered_exactly_where_it_is_allowed(cast, as_, wish_in, state):
    wish = wish_in(state)
    html = as_(cast.supervisor).get(page_of(wish)).content.decode()
    to_be_done = state in ("open", "claimed", "branch")
    assert (f'href="{page_of(wish, "assign")}"' in html) == to_be_done
    assert (f'action="{page_of(wish, "remind")}"' in html) == to_be_done


# --- 提醒一下


def test_a_nudge_goes_back_to_the_page_it_came_from_and_is_not_offered_twice(cast, as_, wish_in):
    wish = wish_in("claimed")
    client = as_(cast.supervisor)
    response = client.post(page_of(wish, "remind"), {"next": "/admin/?order=waiting"})
    assert response.url == "/admin/?order=waiting"
    assert Notice.objects.filter(kind="reminded", recipient=cast.cadre).count() == 1
    html = client.get(page_of(wish)).content.decode()
    assert "今天提醒过了" in html
    assert f'action="{page_of(wish, "remind")}"' not in html
    again = client.post(page_of(wish, "remind"), follow=True).content.decode()
    assert "今天已经提醒过了" in again
    assert Notice.objects.filter(kind="reminded").count() == 1


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_an_act_never_leads_out_of_the_portal(cast, as_, wish_in, elsewhere):
    wish = wish_in("claimed")
    response = as_(cast.supervisor).post(page_of(wish, "remind"), {"next": elsewhere})
    assert response.url == page_of(wish)


# --- residents' details


@pytest.mark.parametrize("who", WATCHING)
def test_no_page_shows_a_residents_details(cast, as_, wish_in, who):
    client = as_(getattr(cast, who))
    wishes = [wish_in(state) for state in STATES]
    pages = [LIST, "/admin/", *(page_of(wish) for wish in wishes)]
    pages += [page_of(wish, act) for wish in wishes[:1] for act in ("assign", "resident")]
    for page in pages:
        html = client.get(page).content.decode()
        for detail in (RESIDENT.name, RESIDENT.phone, RESIDENT.address, RESIDENT.note):
            assert detail not in html
    assert not Look.objects.exists()


def test_a_supervisor_sees_details_for_a_written_reason_which_is_kept(cast, as_, wish_in):
    wish = wish_in("claimed")
    response = as_(cast.supervisor).post(page_of(wish, "resident"), {"why": "居民来电说没人上门"})
    html = response.content.decode()
    for detail in (RESIDENT.name, RESIDENT.phone, RESIDENT.address, RESIDENT.note):
        assert detail in html
    assert "no-store" in response["Cache-Control"]
    look = Look.objects.get()
    assert (look.by, look.resident, look.why) == (
        cast.supervisor,
        wish.resident,
        f"{wish.code} 居民来电说没人上门",
    )


@pytest.mark.parametrize("why", ["", "   "])
def test_without_a_reason_nothing_is_shown_and_nothing_kept(cast, as_, wish_in, why):
    response = as_(cast.supervisor).post(page_of(wish_in("claimed"), "resident"), {"why": why})
    assert response.status_code == 400
    assert RESIDENT.phone not in response.content.decode()
    assert not Look.objects.exists()


# --- the list


def test_two_characters_find_a_wish(cast, as_, wish_in):
    found, other = wish_in("open", title="厨房的水龙头滴水"), wish_in("open", title="想学写毛笔字")
    html = as_(cast.supervisor).get(LIST, {"q": "龙头"}).content.decode()
    assert found.title in html
    assert other.title not in html


@pytest.mark.parametrize(
    "query",
    [
        "list=nothing",
        "list=%00",
        "week=9999-12-31&list=published",
        "week=0001-01-01",
        "q=%00",
        "q=%F0%A0%AE%B7",
        "p=abc",
        "p=0",
        "p=99999999999999999999",
        "o=99.-7",
        "all=",
        "community__id__exact=99999999999999999999",
        "community__street__id__exact=%00",
        "agency__id__exact=1&agency__id__exact=2",
        "campaign__id__exact=-1",
        "week=yesterday",
        "community__id__exact=x",
        "how__exact=owl",
        "resident__sealed__contains=a",
    ],
)
def test_made_up_filters_never_fail(cast, as_, wish_in, query):
    wish_in("open")
    assert as_(cast.supervisor).get(f"{LIST}?{query}").status_code in (200, 302, 400)


def test_made_up_addresses_and_words_never_fail(cast, as_, wish_in):
    wish, client = wish_in("open"), as_(cast.supervisor)
    assert client.get(f"{LIST}99999999999999999999/change/").status_code == 404
    assert client.get(f"{page_of(wish, 'assign')}?q=%00").status_code == 200
    assert client.post(page_of(wish, "assign"), {"handler": "\0"}).status_code == 400
    assert client.post(page_of(wish, "resident"), {"why": "为什么\0"}).status_code == 400
    assert client.post(page_of(wish, "resident"), {"why": "长" * 201}).status_code == 400
    assert client.post(page_of(wish, "remind"), {"next": "\0" * 9}).status_code == 302
    assert client.get("/admin/?order=%00").status_code == 200


def test_lists_can_be_narrowed_to_a_street_a_kind_and_an_agency(cast, as_, wish_in):
    near = wish_in("claimed", kind="repair")
    far = wish_in("open", community=cast.places.hc, logged_by=cast.worker2)
    client = as_(cast.supervisor)

    def codes(**query):
        return {wish.code for wish in client.get(LIST, query).context["cl"].result_list}

    assert codes(community__street__id__exact=cast.places.bz.pk) == {near.code, far.code}
    assert codes(community__street__id__exact=cast.places.ds.pk) == set()
    assert codes(community__id__exact=cast.places.hc.pk) == {far.code}
    assert codes(kind__exact="repair") == {near.code}
    assert codes(agency__id__exact=cast.places.jy.pk, list="claimed") == {near.code}
    html = client.get(
        LIST, {"list": "claimed", "agency__id__exact": cast.places.jy.pk}
    ).content.decode()
    assert "办理中" in html
    assert "有单位认领，还没有说办好；区教育局" in html


def test_an_archived_campaign_is_in_its_own_lists_alone(cast, as_, campaign, wish_in):
    live = wish_in("open")
    client = as_(cast.supervisor)

    def codes(**query):
        return {wish.code for wish in client.get(LIST, query).context["cl"].result_list}

    archived = set(Wish.objects.filter(archived=True).values_list("code", flat=True))
    assert len(archived) == 3
    assert codes() == {live.code}
    assert codes(list="campaign") == archived
    for slug in LISTS:
        if not slug.startswith("campaign"):
            assert not codes(list=slug) & archived


def test_an_archived_wish_is_read_and_not_moved(cast, as_, campaign):
    wish = Wish.objects.filter(archived=True).first()
    before = facts_of(wish)
    client = as_(cast.supervisor)
    html = client.get(page_of(wish)).content.decode()
    assert "2014 春，已归档" in html
    assert page_of(wish, "assign") not in html
    client.post(page_of(wish, "assign"), {"handler": cadre_of(cast.cadre2)})
    client.post(page_of(wish, "remind"))
    assert facts_of(wish) == before


@pytest.fixture
def campaign(cast):
    """Three wishes of an archived campaign, all claimed."""
    spring = Campaign.objects.create(slug="spring-2014", name="2014 春", archived=True)
    at = dt.datetime(2014, 3, 3, 2, tzinfo=dt.UTC)
    rows = [
        Brought(
            draft=Draft(title="想要一台收音机", kind="goods"),
            community=cast.places.qt,
            by=cast.worker,
            at=at,
            steps=(
                Step("publish", at, cast.worker, "七塔社区"),
                Step("claim", at, cast.cadre, "区教育局", agency=cast.places.jy),
            ),
        )
        for _ in range(3)
    ]
    actions.bring_in(rows=rows, campaign=spring)
    return spring


def test_queries_do_not_grow_with_the_wishes(cast, as_, wish_in):
    client = as_(cast.supervisor)
    first = wish_in("claimed")
    paths = (
        LIST,
        f"{LIST}?list=claimed",
        f"{LIST}?q=医院",
        page_of(first),
        page_of(first, "assign"),
    )

    def counted():
        numbers = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            numbers.append(len(queries))
        return numbers

    one = counted()
    for n in range(29):
        wish_in(STATES[n % len(STATES)])
    assert counted() == one
    assert max(one) <= 20


def test_a_long_list_counts_to_its_limit_and_says_more(cast, as_, wish_in, monkeypatch):
    monkeypatch.setattr("wishes.admin_filters.MOST", 2)
    for _ in range(3):
        wish_in("open")
    paginator = BoundedPaginator(Wish.objects.order_by("pk"), 50)
    assert (paginator.count, paginator.is_more) == (2, True)
    assert "2 件以上" in as_(cast.supervisor).get(LIST).content.decode()


def test_somebody_whose_rights_ended_while_the_page_was_open_acts_no_more(
    cast, as_, wish_in, later
):
    wish = wish_in("claimed")
    client = as_(cast.supervisor)
    cast.supervisor.district_roles.update(term="[2014-01-01,2026-03-11)")
    with later(days=1):
        assert client.post(page_of(wish, "remind")).status_code == 403
    assert not Notice.objects.filter(kind="reminded").exists()
    assert fresh(cast.supervisor).is_active
