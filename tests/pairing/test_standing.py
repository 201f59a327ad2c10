"""Where a person stands today, in one query."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser

from jiangdong.terms import DateRange
from pairing.models import Cadre, Pairing
from pairing.standing import NOBODY, standing_of
from tests.cast import NOW, fresh


def test_a_worker(cast):
    standing = standing_of(fresh(cast.worker))
    assert (standing.community_id, standing.warden_of_id, standing.agency_id) == (
        cast.places.qt.pk,
        None,
        None,
    )
    assert (standing.label, standing.any_community_id) == ("七塔社区", cast.places.qt.pk)


def test_a_block_warden_is_no_worker(cast):
    standing = standing_of(fresh(cast.warden))
    assert (standing.community_id, standing.warden_of_id) == (None, cast.places.qt.pk)
    assert standing.any_community_id == cast.places.qt.pk


def test_a_cadre_with_what_they_are_good_at_and_where_they_registered(cast):
    standing = standing_of(fresh(cast.cadre))
    assert (standing.agency_id, standing.agency_name, standing.is_agency_staff) == (
        cast.places.jy.pk,
        "区教育局",
        True,
    )
    assert standing.specialities == ("companionship",)
    assert (standing.registered_with_id, standing.home_street_id) == (
        cast.places.qt.pk,
        cast.places.bz.pk,
    )
    assert standing.paired_community_ids == {cast.places.qt.pk}
    assert not standing.is_liaison
    assert standing_of(fresh(cast.liaison)).is_liaison


def test_a_member_of_an_association_is_no_agency_staff(cast):
    standing = standing_of(fresh(cast.member))
    assert (standing.agency_kind, standing.is_agency_staff) == ("association", False)


def test_staff_of_a_street_office(cast):
    standing = standing_of(fresh(cast.street))
    assert (standing.street_id, standing.is_agency_staff) == (cast.places.bz.pk, True)


def test_district_roles(cast):
    for who in ("supervisor", "supervision_group", "inspector", "leader"):
        assert standing_of(fresh(getattr(cast, who))).roles == {who}
    assert standing_of(fresh(cast.admin)).roles == {"administrator"}
    assert standing_of(fresh(cast.supervisor)).is_supervisor


def test_everything_is_as_of_today(cast):
    Cadre.objects.filter(user=cast.cadre).update(
        term=DateRange(dt.date(2014, 1, 1), NOW.date(), "[)")
    )
    assert standing_of(fresh(cast.cadre)).agency_id is None
    assert standing_of(fresh(cast.cadre)).paired_community_ids == frozenset()
    Pairing.objects.filter(agency=cast.places.jy).update(
        term=DateRange(NOW.date() + dt.timedelta(days=1), None, "[)")
    )
    assert standing_of(fresh(cast.liaison)).paired_community_ids == frozenset()


def test_passers_by_and_ended_accounts_stand_nowhere(cast):
    cast.cadre.is_active = False
    cast.cadre.save()
    for nobody in (None, AnonymousUser(), fresh(cast.cadre)):
        assert standing_of(nobody) is NOBODY


def test_it_costs_one_query_and_is_asked_once(cast, django_assert_num_queries):
    user = fresh(cast.cadre)
    with django_assert_num_queries(1):
        standing_of(user)
        standing_of(user)
