"""周末、半小时、不用花钱: what somebody can do beside their work, as far as it was said while logging."""

import pytest

from tests.api import V1, api
from tests.wishes.doors import codes_on, text_of
from wishes.models import Wish


@pytest.fixture
def spread(wish_in):
    return {
        "weekend": wish_in("open", title="想有人陪着散步", suits_when="weekend", estimate=50),
        "evening": wish_in("open", title="想有人读报", suits_when="evening", takes="half_hour"),
        "any": wish_in("open", title="想换灯泡", suits_when="any", takes="half_hour", estimate=0),
        "goods": wish_in("open", title="想要一把伞", kind="goods", takes="longer"),
        "free_goods": wish_in("open", title="想借一把梯子", kind="goods", estimate=0),
    }


ASKED = [
    ("weekend=on", {"weekend", "any"}),
    ("half_hour=on", {"evening", "any"}),
    ("free=on", {"evening", "any", "free_goods"}),
    ("weekend=on&half_hour=on&free=on", {"any"}),
]


@pytest.mark.parametrize(("asked", "found"), ASKED)
def test_the_board_is_narrowed_to_what_is_asked_for(asked, found, cast, as_, spread):
    html = text_of(as_(cast.cadre_b).get(f"/wishes/?tab=all&{asked}"))
    assert set(codes_on(html)) == {spread[name].code for name in found}
    assert html.count(" checked") == asked.count("=on")


def test_the_drawer_offers_the_three_and_says_how_many_are_set(cast, as_, spread):
    client = as_(cast.cadre_b)
    html = text_of(client.get("/wishes/?tab=all"))
    for name, label in (("weekend", "周末"), ("half_hour", "半小时"), ("free", "不用花钱")):
        assert f'name="{name}"><span>{label}</span>' in html
    assert "<b>2</b></summary>" in text_of(client.get("/wishes/?tab=all&free=on&weekend=on"))


@pytest.mark.parametrize(("asked", "found"), ASKED)
def test_the_api_narrows_the_same(asked, found, cast, spread):
    query = {name.split("=")[0]: "true" for name in asked.split("&")}
    rows = api(cast.cadre_b).get(f"{V1}wishes/", query).json()["results"]
    assert {row["code"] for row in rows} == {spread[name].code for name in found}


def test_the_api_leaves_out_what_is_not_wanted(cast, spread):
    rows = api(cast.cadre_b).get(f"{V1}wishes/", {"free": "false"}).json()["results"]
    assert {row["code"] for row in rows} == {spread[name].code for name in ("weekend", "goods")}


class TestSaying:
    WORDS = {"title": "想换灯泡", "kind": "repair"}

    def test_all_three_may_be_said_while_logging_and_none_must(self, cast, as_):
        client = as_(cast.worker)
        client.post("/wishes/log/", self.WORDS)
        said = {"suits_when": "weekend", "takes": "half_hour", "estimate": "0"}
        client.post("/wishes/log/", self.WORDS | said)
        kept = Wish.objects.order_by("serial").values_list("suits_when", "takes", "estimate")
        assert list(kept) == [("", "", None), ("weekend", "half_hour", 0)]

    def test_nothing_is_chosen_beforehand(self, cast, as_):
        html = text_of(as_(cast.worker).get("/wishes/log/"))
        assert 'name="suits_when" value="weekend"' in html
        assert 'name="suits_when" value="weekend" checked' not in html

    def test_nonsense_is_refused(self, cast, as_):
        answer = as_(cast.worker).post("/wishes/log/", self.WORDS | {"takes": "a_year"})
        assert answer.status_code == 400
        body = self.WORDS | {"suits_when": "never"}
        assert api(cast.worker).post(f"{V1}wishes/", body).status_code == 400

    def test_the_api_takes_and_tells_them(self, cast):
        body = self.WORDS | {"suits_when": "evening", "takes": "half_day"}
        answer = api(cast.worker).post(f"{V1}wishes/", body).json()
        assert (answer["suits_when"], answer["takes"]) == ("evening", "half_day")

    def test_the_wish_says_it_to_whoever_opens_it(self, cast, as_, spread):
        html = text_of(as_(cast.cadre).get(spread["any"].get_absolute_url()))
        assert "随时 · 半小时" in html
