"""The blind index: a resident's other wishes are found by telephone, in the own community, with nothing opened."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jiangdong.privacy import phone_index
from pairing import actions as pairing_actions
from pairing.models import Details, Look, Resident
from tests.cast import RESIDENT
from wishes.models import Wish

HEAD = "这位居民的其他心愿"
RADIO = "想要一台收音机"
OTHERS = ("street", "supervisor", "cadre", "liaison", "warden", "worker2")


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 0077",
        "138-0000-0077",
        "１３８００００００７７",
        "+86 13800000077",
        "008613800000077",
        "13800000077（儿子）",
        "13800000077 / 13900000088",
    ],
)
def test_a_telephone_is_the_same_however_it_is_written(settings, written):
    assert phone_index(written, 1) == phone_index("13800000077", 1)


def test_a_landline_counts_by_its_digits():
    assert phone_index("0574-8712 3456", 1) == phone_index("057487123456", 1) != ""


@pytest.mark.parametrize("written", ["", "没有电话", "110", "找老王"])
def test_what_is_no_telephone_has_no_index(written):
    assert phone_index(written, 1) == ""


def test_two_communities_indexes_cannot_be_joined_and_need_the_key(settings):
    mine = phone_index("13800000077", 1)
    assert phone_index("13800000077", 2) != mine
    settings.INDEX_KEY = "another-index-key-of-at-least-32-characters"
    assert phone_index("13800000077", 1) != mine


@pytest.fixture
def two(wish_in):
    """Two wishes of one resident, the second with the telephone written otherwise, and one of somebody else."""
    first = wish_in("claimed")
    again = Details(name="张阿姨", phone="138 0000 0077")
    second = wish_in("open", title=RADIO, resident=again)
    wish_in("open", title="想修一修水龙头", resident=Details(name="李示例", phone="13900000088"))
    return first, second


def page(as_, user, wish) -> str:
    return as_(user).get(wish.get_absolute_url()).content.decode()


def test_the_worker_finds_a_residents_other_wishes_and_opens_nothing(cast, as_, two):
    html = page(as_, cast.worker, two[0])
    assert HEAD in html
    assert RADIO in html
    assert "水龙头" not in html
    assert not Look.objects.exists()
    assert RESIDENT.phone not in html


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_is_told_which_wishes_are_one_residents(cast, as_, two, who):
    assert HEAD not in page(as_, getattr(cast, who), two[0])


def test_a_wish_alone_has_no_such_list(cast, as_, wish_in):
    assert HEAD not in page(as_, cast.worker, wish_in("open"))


def test_without_a_telephone_nobody_is_taken_for_somebody_else(wish_in):
    nobody = Details(name="王示例")
    first = wish_in("open", resident=nobody)
    wish_in("open", title=RADIO, resident=nobody)
    assert list(Wish.objects.of_the_resident_of(first)) == []


def test_another_communitys_wishes_are_not_found(cast, as_, two, wish_in):
    wish_in("open", title="想学用手机", community=cast.places.hc, logged_by=cast.worker2)
    assert "想学用手机" not in page(as_, cast.worker, two[0])


def test_changing_the_telephone_changes_the_index(cast, two):
    first, second = two
    pairing_actions.change_resident(
        resident=second.resident,
        details=Details(name="张示例", phone="13900000099"),
        consents={"contact"},
        by=cast.worker,
    )
    assert list(Wish.objects.of_the_resident_of(first)) == []


def test_erasing_takes_the_index_along(two):
    first, second = two
    pairing_actions.erase(resident=second.resident)
    assert Resident.objects.get(pk=second.resident_id).phone_index == ""
    assert list(Wish.objects.of_the_resident_of(first)) == []


def test_the_database_refuses_an_index_of_somebody_erased(two):
    pairing_actions.erase(resident=two[1].resident)
    with pytest.raises(IntegrityError, match="erased_resident_is_not_found"), transaction.atomic():
        Resident.objects.filter(pk=two[1].resident_id).update(phone_index="f" * 64)


def test_the_list_costs_the_same_however_long_it_is(cast, as_, two, wish_in):
    client = as_(cast.worker)
    client.get(two[0].get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(two[0].get_absolute_url())
    for n in range(3):
        wish_in("open", title=f"再要{n}盆花")
    with CaptureQueriesContext(connection) as many:
        client.get(two[0].get_absolute_url())
    assert len(many) == len(few)
