"""Pairing agencies with communities, and saying where one registered."""

import datetime as dt

import pytest

from accounts import trail
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from jiangdong.terms import DateRange
from pairing import actions
from pairing.models import Cadre, Details, Pairing
from tests.cast import NOW, RESIDENT, fresh
from tests.wishes.doors import text_of

TODAY = NOW.date()


class TestPair:
    def test_a_new_pairing_ends_the_one_before_and_both_are_recorded(self, cast):
        p = cast.places
        actions.pair(agency=p.wb, community=p.qt, by=fresh(cast.supervisor))
        terms = (
            Pairing.objects.filter(community=p.qt)
            .order_by("term")
            .values_list("agency__code", "term")
        )
        assert list(terms) == [
            ("JY", DateRange(dt.date(2014, 1, 1), TODAY, "[)")),
            ("WB", DateRange(TODAY, None, "[)")),
        ]
        moves = [
            trail.events_of(pairing).last().move
            for pairing in Pairing.objects.filter(community=p.qt).order_by("term")
        ]
        assert moves == ["end", "pair"]
        assert not list(trail.verify())

    def test_it_may_begin_on_a_day_to_come(self, cast):
        p = cast.places
        actions.pair(
            agency=p.wb,
            community=p.qt,
            by=fresh(cast.supervisor),
            since=TODAY + dt.timedelta(days=30),
        )
        assert Pairing.objects.agency_of(p.qt.pk) == p.jy.pk
        assert Pairing.objects.on(TODAY + dt.timedelta(days=30)).get(community=p.qt).agency == p.wb

    def test_before_another_that_is_arranged_already_it_is_refused(self, cast):
        p = cast.places
        by = fresh(cast.supervisor)
        actions.pair(agency=p.wb, community=p.qt, by=by, since=TODAY + dt.timedelta(days=30))
        with pytest.raises(NotNow) as refusal:
            actions.pair(agency=p.cx, community=p.qt, by=by, since=TODAY + dt.timedelta(days=10))
        assert refusal.value.code == "paired_later"
        assert Pairing.objects.on(TODAY + dt.timedelta(days=20)).get(community=p.qt).agency == p.jy

    def test_twice_on_one_day_is_refused(self, cast):
        p = cast.places
        by = fresh(cast.supervisor)
        actions.pair(agency=p.wb, community=p.qt, by=by)
        with pytest.raises(NotNow) as refusal:
            actions.pair(agency=p.cx, community=p.qt, by=by)
        assert refusal.value.code == "paired_that_day"

    @pytest.mark.parametrize(
        "who", ["street", "liaison", "worker", "supervision_group", "admin", "leader", "stranger"]
    )
    def test_only_a_supervisor_arranges(self, who, cast):
        with pytest.raises(NotAllowed):
            actions.pair(
                agency=cast.places.wb, community=cast.places.qt, by=fresh(getattr(cast, who))
            )

    def test_new_wishes_are_offered_to_the_new_agency(self, cast, wish_in):
        actions.pair(agency=cast.places.wb, community=cast.places.qt, by=fresh(cast.supervisor))
        assert wish_in("open").offered_to == cast.places.wb


class TestOneself:
    def test_a_cadre_says_what_they_are_good_at_and_where_they_registered(self, cast, as_):
        client = as_(cast.cadre2)
        html = text_of(client.get("/me/"))
        assert "孙示例" in html
        assert "陪伴" in html
        said = {"specialities": ["repair", "legal"], "registered_with": cast.places.hl.pk}
        assert client.post("/me/", said).status_code == 302
        cadre = Cadre.objects.get(user=cast.cadre2)
        assert (cadre.specialities, cadre.registered_with) == (["legal", "repair"], cast.places.hl)

    @pytest.mark.parametrize(
        "said",
        [{"specialities": ["money"]}, {"registered_with": "999999"}, {"registered_with": "x"}],
    )
    def test_what_cannot_be_is_refused(self, said, cast, as_):
        assert as_(cast.cadre2).post("/me/", said).status_code == 400

    def test_others_see_their_page_without_a_form(self, cast, as_):
        for who in ("worker", "supervisor", "stranger"):
            html = text_of(as_(getattr(cast, who)).get("/me/"))
            assert "specialities" not in html
        with pytest.raises(NotAllowed):
            actions.describe_oneself(by=fresh(cast.worker), specialities=[], registered_with=None)

    def test_a_passer_by_is_sent_to_sign_in(self, client, db):
        assert client.get("/me/")["Location"].startswith("/accounts/login/")


class TestPages:
    """Who answers for whom may be read by everybody."""

    def test_every_community_stands_under_its_street_with_its_agency(self, cast, client):
        html = text_of(client.get("/pairing/"))
        places = [
            html.index(name)
            for name in ("百丈街道", "划船社区", "七塔社区", "东胜街道", "黄鹂社区")
        ]
        assert places == sorted(
            places
        )  # streets in the customary order, communities as they are read
        assert "还没有单位结对" in html

    @pytest.mark.parametrize(
        ("words", "found", "not_found"),
        [("划船", "划船社区", "七塔社区"), ("教育", "七塔社区", "划船社区"), ("没有", "没有找到", "七塔社区"),
         ("\x00", "七塔社区", "没有找到"), ("%", "没有找到", "七塔社区"), ("_", "没有找到", "七塔社区")],
    )  # fmt: skip
    def test_a_name_is_found(self, words, found, not_found, cast, client):
        html = text_of(client.get("/pairing/", {"q": words}))
        main = html[html.index("<main") :]
        assert found in main
        assert not_found not in main

    def test_a_community_says_who_answers_for_it(self, cast, client):
        html = text_of(client.get("/pairing/communities/QT/"))
        for words in ("百丈街道", "区教育局", "2000 户", "138 0000 0001", "1 人"):
            assert words in html
        assert "还没有单位结对" in text_of(client.get("/pairing/communities/HL/"))

    def test_liaisons_and_their_telephones_are_for_colleagues(self, cast, as_, client):
        assert "钱示例" not in text_of(client.get("/pairing/agencies/JY/"))
        html = text_of(as_(cast.worker).get("/pairing/agencies/JY/"))
        assert "钱示例" in html
        assert "138 0000 0000" in html
        assert "王示例" not in html

    @pytest.mark.parametrize("path", ["/pairing/agencies/XX/", "/pairing/communities/XX/", "/pairing/agencies/%00/",
                                      "/pairing/communities/%00/", "/pairing/communities/七塔/"])  # fmt: skip
    def test_a_made_up_code_is_not_found(self, path, db, client):
        assert client.get(path).status_code == 404

    def test_the_list_costs_as_many_queries_for_thirty_as_for_three(
        self, cast, client, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from pairing.models import Community

        with CaptureQueriesContext(connection) as three:
            client.get("/pairing/")
        for n in range(27):
            Community.objects.create(code=f"X{n}", name=f"示例社区{n}", street=cast.places.ds)
        with django_assert_num_queries(len(three)):
            client.get("/pairing/")


class TestResidents:
    def test_details_are_opened_with_a_reason_alone(self, cast, wish_in):
        wish = wish_in("claimed")
        assert actions.look(resident=wish.resident, by=cast.cadre, why="联系") == RESIDENT
        with pytest.raises(NotValid):
            actions.look(resident=wish.resident, by=cast.cadre, why=" ")

    def test_a_phone_alone_wants_a_nod_too(self, cast):
        with pytest.raises(NotValid):
            actions.record_resident(
                community=cast.places.qt,
                details=Details(phone="1"),
                consents=["publish"],
                by=cast.worker,
            )

    def test_a_consent_recorded_twice_is_one(self, cast, wish_in):
        resident = wish_in("draft").resident
        actions.add_consents(resident=resident, consents=["publish", "publish"], by=cast.colleague)
        assert resident.consents.filter(kind="publish").count() == 1
