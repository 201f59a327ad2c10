"""Places, agencies, people and pairings through the API."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong.terms import DateRange
from pairing.models import Agency, Cadre, Community, Pairing, Street
from tests.api import V1, api, is_problem
from tests.cast import SINCE, person

pytestmark = pytest.mark.django_db

RESOURCES = ("streets", "communities", "agencies", "cadres", "pairings")


def listed(client, resource: str, key: str = "code", **query) -> list:
    response = client.get(f"{V1}{resource}/", query)
    assert response.status_code == 200, response.json()
    return [row[key] for row in response.json()["results"]]


def test_streets_stand_in_their_customary_order(cast):
    client = api(cast.stranger)
    assert client.get(f"{V1}streets/").json()["results"] == [
        {"code": "BZ", "name": "百丈街道"},
        {"code": "DS", "name": "东胜街道"},
    ]
    assert client.get(f"{V1}streets/DS/").json() == {"code": "DS", "name": "东胜街道"}
    assert listed(client, "streets", ordering="-position") == ["DS", "BZ"]
    assert listed(client, "streets", q="东胜") == ["DS"]


def test_a_community_says_who_answers_for_it_today(cast):
    client = api(cast.stranger)
    assert client.get(f"{V1}communities/QT/").json() == {
        "code": "QT",
        "name": "七塔社区",
        "street": "BZ",
        "street_name": "百丈街道",
        "agency": "JY",
        "agency_name": "区教育局",
        "phone": "138 0000 0001",
        "households": 2000,
    }
    gap = client.get(f"{V1}communities/HL/").json()
    assert (gap["agency"], gap["agency_name"], gap["households"]) == (None, None, None)


def test_communities_stand_in_the_order_of_their_names(cast):
    client = api(cast.stranger)
    assert listed(client, "communities") == ["HC", "HL", "QT"]  # huachuan, huangli, qita
    assert listed(client, "communities", ordering="-name") == ["QT", "HL", "HC"]
    assert listed(client, "communities", ordering="households") == ["QT", "HC", "HL"]
    assert listed(client, "communities", ordering="-households") == ["QT", "HL", "HC"]
    assert listed(client, "communities", street="BZ") == ["HC", "QT"]
    assert listed(client, "communities", agency="WB") == ["HC"]
    assert listed(client, "communities", q="黄鹂") == ["HL"]


def test_an_agency_says_for_whom_it_answers_today(cast):
    Pairing.objects.create(agency=cast.places.jy, community=cast.places.hl, term=SINCE)
    client = api(cast.stranger)
    assert client.get(f"{V1}agencies/JY/").json() == {
        "code": "JY",
        "name": "区教育局",
        "kind": "department",
        "street": None,
        "communities": ["HL", "QT"],
    }
    office = client.get(f"{V1}agencies/BZO/").json()
    assert (office["street"], office["communities"]) == ("BZ", [])


def test_agencies_are_listed_in_customary_order_and_those_paired_today_apart(cast):
    ended = DateRange(dt.date(2014, 1, 1), dt.date(2026, 3, 10), "[)")
    Pairing.objects.create(agency=cast.places.cx, community=cast.places.hl, term=ended)
    client = api(cast.stranger)
    assert listed(client, "agencies") == ["WB", "JY", "BZO", "DSO", "CX"]
    assert listed(client, "agencies", paired="true") == ["WB", "JY"]
    assert listed(client, "agencies", paired="false") == ["BZO", "DSO", "CX"]
    assert listed(client, "agencies", kind=["association", "department"]) == ["WB", "JY", "CX"]
    assert listed(client, "agencies", street="BZ") == ["BZO"]
    assert listed(client, "agencies", q="教育") == ["JY"]
    assert listed(client, "agencies", ordering="code") == ["BZO", "CX", "DSO", "JY", "WB"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("worker", {"王示例", "赵示例", "钱示例", "孙示例", "李示例", "郑示例", "冯示例", "褚示例", "卫示例"}),
        ("cadre", {"王示例", "赵示例", "钱示例"}),
        ("member", {"郑示例"}),
        ("member_liaison", {"郑示例", "冯示例"}),
        ("stranger", set()),
        ("leader", set()),
    ],
)  # fmt: skip
def test_people_are_looked_up_by_their_own_and_by_those_who_assign(cast, who, seen):
    assert set(listed(api(getattr(cast, who)), "cadres", "name")) == seen


def test_a_cadre_is_told_without_account_telephone_or_mail(cast):
    own = Cadre.objects.get(user=cast.cadre)
    client = api(cast.liaison)
    assert client.get(f"{V1}cadres/{own.pk}/").json() == {
        "id": own.pk,
        "name": "王示例",
        "agency": "JY",
        "agency_name": "区教育局",
        "is_liaison": False,
        "specialities": ["companionship"],
        "registered_with": "QT",
        "registered_with_name": "七塔社区",
    }
    other = Cadre.objects.get(user=cast.cadre2)
    assert is_problem(client.get(f"{V1}cadres/{other.pk}/"), 404, "not_found")


def test_cadres_are_narrowed(cast):
    client = api(cast.supervisor)
    assert listed(client, "cadres", "name", agency="JY", liaison="true") == ["钱示例"]
    assert listed(client, "cadres", "name", agency="JY", liaison="false") == ["王示例", "赵示例"]
    assert listed(client, "cadres", "name", speciality="companionship") == ["王示例"]
    assert listed(client, "cadres", "name", registered_with="QT") == ["王示例"]
    assert listed(client, "cadres", "name", q="赵") == ["赵示例"]


def test_who_left_is_not_among_those_who_act(cast):
    Cadre.objects.filter(user=cast.cadre_b).update(
        term=DateRange(dt.date(2014, 1, 1), dt.date(2026, 3, 10), "[)")
    )
    cast.liaison.is_active = False
    cast.liaison.save()
    assert listed(api(cast.cadre), "cadres", "name") == ["王示例"]


def test_pairings_are_those_of_today_or_of_the_day_asked_for(cast):
    ended = DateRange(dt.date(2014, 1, 1), dt.date(2026, 3, 1), "[)")
    old = Pairing.objects.create(agency=cast.places.cx, community=cast.places.hl, term=ended)
    client = api(cast.stranger)
    assert listed(client, "pairings", "community") == ["QT", "HC"]
    assert listed(client, "pairings", "community", on="2026-02-28") == ["QT", "HC", "HL"]
    assert listed(client, "pairings", "community", on="2026-02-28", ordering="-id")[0] == "HL"
    assert listed(client, "pairings", "community", agency="JY") == ["QT"]
    assert listed(client, "pairings", "agency", community="HC") == ["WB"]
    assert listed(client, "pairings", "agency", street="DS") == []
    assert listed(client, "pairings", "agency", q="七塔") == ["JY"]
    assert listed(client, "pairings", "agency", q="区委") == ["WB"]
    assert client.get(f"{V1}pairings/{old.pk}/").json() == {
        "id": old.pk,
        "agency": "CX",
        "agency_name": "创二代联谊会",
        "community": "HL",
        "community_name": "黄鹂社区",
        "street": "DS",
        "since": "2014-01-01",
        "until": "2026-03-01",
    }


@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        ("agencies", "paired", "perhaps"),
        ("agencies", "kind", "club"),
        ("agencies", "street", "ZZ"),
        ("communities", "agency", "ZZ"),
        ("communities", "q", "社" * 41),
        ("streets", "ordering", "name"),
        ("cadres", "liaison", "2"),
        ("cadres", "speciality", "magic"),
        ("cadres", "registered_with", "\x00"),
        ("pairings", "on", "yesterday"),
        ("pairings", "page_size", "1000"),
        ("pairings", "cursor", "abc"),
    ],
)
def test_an_unknown_choice_is_400_with_its_field(cast, resource, name, value):
    response = api(cast.supervisor).get(f"{V1}{resource}/", {name: value})
    assert is_problem(response, 400, response.json()["code"])
    assert set(response.json()["fields"]) == {name}


@pytest.mark.parametrize("resource", RESOURCES)
def test_nothing_is_written_or_read_without_a_token(cast, resource):
    client = api(cast.supervisor)
    for method in ("post", "put", "patch", "delete"):
        assert is_problem(getattr(client, method)(f"{V1}{resource}/"), 405, "wrong_method")
    assert is_problem(api().get(f"{V1}{resource}/"), 401, "not_signed_in")


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_costs_the_same_queries_for_few_rows_and_for_many(cast, resource):
    client, sizes, counts = api(cast.supervisor), [], []
    for more in (None, _thirty_more):
        if more:
            more(cast)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{V1}{resource}/")
        sizes.append(len(response.json()["results"]))
        counts.append(len(queries))
    assert sizes[1] == sizes[0] + 30
    # token with its user, the list, and for people where the asker stands
    assert counts == [3 if resource == "cadres" else 2] * 2


def _thirty_more(cast) -> None:
    for n in range(30):
        street = Street.objects.create(code=f"S{n}", name=f"示例街道{n}")
        community = Community.objects.create(code=f"C{n}", name=f"示例社区{n}", street=street)
        agency = Agency.objects.create(code=f"A{n}", name=f"示例单位{n}", kind="enterprise")
        Pairing.objects.create(agency=agency, community=community, term=SINCE)
        Cadre.objects.create(user=person(f"p{n}", f"示例{n}"), agency=agency, term=SINCE)
