"""Places, people and pairings in the admin."""

import pytest

from accounts import trail
from pairing.models import Agency, Cadre, Community, CommunityWorker, Pairing, Street

ADD = "/admin/pairing/pairing/add/"


def pair(client, community, agency, since="2026-03-10"):
    return client.post(ADD, {"community": community.pk, "agency": agency.pk, "since": since})


def test_a_supervisor_pairs_and_the_pairing_before_ends(cast, as_):
    places = cast.places
    response = pair(as_(cast.supervisor), places.qt, places.wb)
    assert response.status_code == 302
    assert Pairing.objects.agency_of(places.qt.pk) == places.wb.pk
    before = Pairing.objects.get(community=places.qt, agency=places.jy)
    assert before.term.upper.isoformat() == "2026-03-10"
    assert trail.events_of(before).last().move == "end"
    html = as_(cast.supervisor).get("/admin/pairing/pairing/").content.decode()
    assert "2026-03-10 起" in html
    assert "2014-01-01 至 2026-03-09" in html


def test_a_pairing_that_would_overlap_a_later_one_says_so_and_changes_nothing(cast, as_):
    places, client = cast.places, as_(cast.supervisor)
    assert pair(client, places.hl, places.wb, "2026-06-01").status_code == 302
    response = pair(client, places.hl, places.jy, "2026-05-01")
    assert response.status_code == 409
    assert "这个社区在那以后已另有结对安排。" in response.content.decode()
    assert list(Pairing.objects.filter(community=places.hl).values_list("agency", flat=True)) == [
        places.wb.pk
    ]


def test_a_pairing_in_the_past_or_without_an_agency_comes_back(cast, as_):
    places, client = cast.places, as_(cast.supervisor)
    response = pair(client, places.qt, places.wb, "2026-03-09")
    assert response.status_code == 400
    assert "不能早于今天" in response.content.decode()
    assert client.post(ADD, {"community": places.qt.pk, "since": "2026-03-10"}).status_code == 400
    assert Pairing.objects.agency_of(places.qt.pk) == places.jy.pk


@pytest.mark.parametrize("who", ["supervision_group", "admin", "worker"])
def test_nobody_else_pairs(cast, as_, who):
    assert pair(as_(getattr(cast, who)), cast.places.qt, cast.places.wb).status_code == 403
    assert Pairing.objects.count() == 2


def test_looking_at_the_form_pairs_nobody(cast, as_):
    as_(cast.supervisor).get(
        ADD, {"community": cast.places.hl.pk, "agency": cast.places.wb.pk, "since": "2026-03-10"}
    )
    assert Pairing.objects.count() == 2


@pytest.mark.parametrize("who", ["supervisor", "supervision_group"])
def test_a_pairing_is_read_and_never_saved_by_a_form(cast, as_, who):
    pairing = Pairing.objects.first()
    path = f"/admin/pairing/pairing/{pairing.pk}/change/"
    client = as_(getattr(cast, who))
    assert client.get(path).status_code == 200
    assert client.post(path, {"agency": cast.places.cx.pk}).status_code == 403
    assert Pairing.objects.get(pk=pairing.pk).agency_id == pairing.agency_id


def test_an_administrator_enters_who_acts_for_an_agency(cast, as_):
    facts = {
        "user": cast.stranger.pk,
        "agency": cast.places.jy.pk,
        "is_liaison": "on",
        "term_0": "2026-03-10",
        "term_1": "",
    }
    assert as_(cast.admin).post("/admin/pairing/cadre/add/", facts).status_code == 302
    cadre = Cadre.objects.get(user=cast.stranger)
    assert (cadre.agency, cadre.is_liaison, cadre.term.upper) == (cast.places.jy, True, None)


def test_a_person_in_two_agencies_at_once_is_refused_in_words(cast, as_):
    facts = {
        "user": cast.cadre.pk,
        "agency": cast.places.wb.pk,
        "term_0": "2026-03-10",
        "term_1": "",
    }
    response = as_(cast.admin).post("/admin/pairing/cadre/add/", facts)
    assert "这段时间里这个人已经在一个单位了" in response.content.decode()


def test_a_post_ends_with_its_term_and_keeps_whose_and_where_it_was(cast, as_):
    cadre = Cadre.objects.get(user=cast.cadre)
    facts = {
        "user": cast.stranger.pk,
        "agency": cast.places.wb.pk,
        "term_0": "2014-01-01",
        "term_1": "2026-03-10",
    }
    response = as_(cast.admin).post(f"/admin/pairing/cadre/{cadre.pk}/change/", facts)
    assert response.status_code == 302
    ended = Cadre.objects.get(pk=cadre.pk)
    assert (ended.user, ended.agency, ended.term.upper.isoformat()) == (
        cast.cadre,
        cast.places.jy,
        "2026-03-11",
    )
    assert ended.specialities == cadre.specialities
    assert ended.registered_with == cadre.registered_with


def test_an_administrator_enters_a_worker_of_a_community(cast, as_):
    facts = {
        "user": cast.stranger.pk,
        "community": cast.places.hl.pk,
        "duty": "warden",
        "term_0": "2026-03-10",
        "term_1": "2026-12-31",
    }
    assert as_(cast.admin).post("/admin/pairing/communityworker/add/", facts).status_code == 302
    assert CommunityWorker.objects.get(user=cast.stranger).duty == "warden"


def test_an_administrator_adds_a_street_a_community_and_an_agency(cast, as_):
    client = as_(cast.admin)
    client.post("/admin/pairing/street/add/", {"code": "ML", "name": "明楼街道", "position": 3})
    street = Street.objects.get(code="ML")
    client.post(
        "/admin/pairing/community/add/", {"code": "XY", "name": "新源社区", "street": street.pk}
    )
    assert Community.objects.get(code="XY").sort_key == "xin yuan she qu"
    office = {"code": "MLO", "name": "明楼街道办事处", "kind": "street_office", "position": 52}
    response = client.post("/admin/pairing/agency/add/", office)
    assert "街道办事处要写明街道" in response.content.decode()
    client.post("/admin/pairing/agency/add/", {**office, "street": street.pk})
    assert Agency.objects.get(code="MLO").street == street


def test_a_code_that_wishes_carry_is_not_changed(cast, as_):
    facts = {
        "code": "ZZ",
        "name": "七塔社区",
        "street": cast.places.bz.pk,
        "phone": "138 0000 0001",
    }
    as_(cast.admin).post(f"/admin/pairing/community/{cast.places.qt.pk}/change/", facts)
    assert Community.objects.get(pk=cast.places.qt.pk).code == "QT"


@pytest.mark.parametrize("table", ["cadre", "communityworker", "pairing", "community", "agency"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast, as_, table, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.cast import SINCE, person

    client = as_(cast.supervisor if table == "pairing" else cast.admin)
    path = f"/admin/pairing/{table}/"
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for n in range(5):
        street = Street.objects.create(code=f"ZZ{n}", name=f"示例街道{n}")
        community = Community.objects.create(code=f"ZY{n}", name=f"示例社区{n}", street=street)
        agency = Agency.objects.create(
            code=f"ZX{n}", name=f"示例单位{n}", kind="street_office", street=street
        )
        Cadre.objects.create(user=person(f"x{n}", "示例"), agency=agency, term=SINCE)
        CommunityWorker.objects.create(
            user=person(f"y{n}", "示例"), community=community, term=SINCE
        )
        Pairing.objects.create(agency=agency, community=community, term=SINCE)
    with django_assert_num_queries(len(few)):
        client.get(path)
