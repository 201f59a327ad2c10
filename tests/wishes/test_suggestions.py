"""What is suggested to a cadre, and whom a liaison is told they could ask: each with its reason."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong.terms import DateRange
from pairing.models import Absence, Cadre
from tests.cast import NOW, fresh
from tests.wishes.doors import codes_on, text_of
from wishes.models import Wish


def go_away(cast, person) -> None:
    Absence.objects.create(
        user=person,
        substitute=cast.cadre_b,
        entered_by=person,
        term=DateRange(NOW.date(), NOW.date() + dt.timedelta(days=5), "[)"),
    )


@pytest.fixture
def spread(cast, wish_in):
    """Wishes by how well they fit `cadre`: registered with and paired to 七塔, good at companionship."""
    elsewhere = {"community": cast.places.hc, "logged_by": cast.worker2}
    return {
        "speciality": wish_in("open", title="想有人说说话", **elsewhere),
        "paired": wish_in("open", title="想换一只灯泡", kind="repair"),
        "both": wish_in("open", title="想有人陪着散步"),
        "neither": wish_in("open", title="想要一把伞", kind="goods", **elsewhere),
    }


class TestToACadre:
    def test_what_fits_best_comes_first_with_its_reasons(self, cast, as_, spread):
        html = text_of(as_(cast.cadre).get("/wishes/"))
        assert codes_on(html) == [spread[name].code for name in ("both", "paired", "speciality")]
        assert "结对社区 · 你填过「陪伴」 · 你报到的社区" in html
        assert "和你报到的社区在一个街道" in html

    def test_of_equals_what_is_due_first_comes_first(self, cast, as_, wish_in, later):
        late = wish_in("open")
        with later(days=1):
            early = wish_in("open")
            Wish.objects.filter(pk=early.pk).update(due_on="2026-03-12")
            assert codes_on(text_of(as_(cast.cadre).get("/wishes/"))) == [early.code, late.code]

    def test_at_most_ten_are_suggested_and_the_rest_is_a_press_away(self, cast, as_, wish_in):
        for _ in range(12):
            wish_in("open")
        client = as_(cast.cadre)
        assert len(codes_on(text_of(client.get("/wishes/")))) == 10
        assert len(codes_on(text_of(client.get("/wishes/?tab=suited&sort=due")))) == 12

    def test_who_holds_much_is_told_so_alone_and_offered_less(self, cast, as_, wish_in):
        for _ in range(5):
            wish_in("claimed")
        for _ in range(6):
            wish_in("open")
        html = text_of(as_(cast.cadre).get("/wishes/"))
        assert "你手上有 5 件在办" in html
        assert len(codes_on(html)) == 3
        for other in (cast.cadre_b, cast.liaison, cast.street):
            assert "5 件在办" not in text_of(as_(other).get("/wishes/"))

    def test_filters_narrow_what_is_suggested(self, cast, as_, spread):
        html = text_of(as_(cast.cadre).get("/wishes/?kind=repair"))
        assert codes_on(html) == [spread["paired"].code]

    def test_it_is_one_query_whatever_is_found(self, cast, as_, spread, wish_in):
        def asked() -> int:
            client = as_(fresh(cast.cadre))
            with CaptureQueriesContext(connection) as queries:
                client.get("/wishes/")
            assert len([one for one in queries if '"fit"' in one["sql"]]) == 1
            return len(queries)

        once = asked()
        for _ in range(3):
            wish_in("open")
        assert asked() == once


class TestToALiaison:
    def test_the_desk_names_who_fits_each_open_wish_and_why(self, cast, as_, wish_in):
        wish_in("claimed", title="想有人读报", by=cast.cadre)
        wish_in("open")
        html = text_of(as_(cast.liaison).get("/wishes/desk/?tab=open"))
        assert "可以请谁办" in html
        assert "<strong>王示例</strong>（擅长陪伴，在这个社区报到，手上 1 件）" in html
        assert "赵示例" not in html

    def test_of_equals_who_holds_less_comes_first(self, cast, as_, wish_in):
        Cadre.objects.filter(user=cast.cadre_b).update(
            specialities=["companionship"], registered_with=cast.places.qt
        )
        wish_in("claimed", by=cast.cadre)
        wish = wish_in("open")
        html = text_of(as_(cast.liaison).get(wish.get_absolute_url()))
        assert html.index("赵示例") < html.index("王示例")
        assert "手上没有" in html

    def test_the_form_that_names_a_handler_says_why_too(self, cast, as_, wish_in):
        wish = wish_in("branch")
        html = text_of(as_(cast.liaison).get(wish.get_absolute_url()))
        assert "擅长陪伴，在这个社区报到，手上没有</option>" in html

    @pytest.mark.parametrize("who", ["cadre", "cadre_b", "street", "worker", "supervisor"])
    def test_nobody_else_reads_what_people_hold(self, who, cast, as_, wish_in):
        wish_in("claimed", by=cast.cadre_b)
        wish, branch = wish_in("open"), wish_in("branch")
        client = as_(getattr(cast, who))
        for address in (
            wish.get_absolute_url(),
            branch.get_absolute_url(),
            "/wishes/desk/?tab=open",
        ):
            assert "手上" not in text_of(client.get(address))

    def test_a_liaison_of_another_agency_is_told_nothing(self, cast, as_, wish_in):
        wish = wish_in("open")
        assert "可以请谁办" not in text_of(as_(cast.liaison2).get(wish.get_absolute_url()))

    def test_the_desk_asks_once_for_all(self, cast, as_, wish_in):
        def asked() -> int:
            client = as_(fresh(cast.liaison))
            with CaptureQueriesContext(connection) as queries:
                client.get("/wishes/desk/?tab=open")
            return len(queries)

        wish_in("open")
        once = asked()
        for _ in range(3):
            wish_in("open")
        assert asked() == once

    def test_who_is_away_is_suggested_nothing_and_named_to_nobody(self, cast, as_, wish_in):
        wish = wish_in("open")
        go_away(cast, cast.cadre)
        assert codes_on(text_of(as_(fresh(cast.cadre)).get("/wishes/"))) == []
        html = text_of(as_(cast.liaison).get(wish.get_absolute_url()))
        assert "可以请谁办" not in html

    def test_who_left_is_not_named(self, cast, as_, wish_in):
        wish = wish_in("open")
        Cadre.objects.filter(user=cast.cadre).delete()
        html = text_of(as_(cast.liaison).get(wish.get_absolute_url()))
        assert "可以请谁办" not in html
