"""What the database refuses of terms, kinds, details and consents."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import ApiToken, DistrictRole, IdempotencyKey
from jiangdong.terms import DateRange
from pairing.models import (
    Agency,
    Cadre,
    Community,
    CommunityWorker,
    Consent,
    Look,
    Pairing,
    Resident,
    Street,
)
from tests.cast import NOW

DAY = dt.date(2026, 3, 10)


def term(first: dt.date, end: dt.date | None = None) -> DateRange:
    return DateRange(first, end, "[)")


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


class TestTerms:
    def test_a_community_has_one_agency_on_any_day(self, places):
        with refused("community_has_one_agency_a_day"), transaction.atomic():
            Pairing.objects.create(agency=places.wb, community=places.qt, term=term(DAY))
        Pairing.objects.filter(community=places.qt).update(term=term(dt.date(2014, 1, 1), DAY))
        Pairing.objects.create(agency=places.wb, community=places.qt, term=term(DAY))

    def test_an_agency_may_have_several_communities(self, places):
        Pairing.objects.create(agency=places.jy, community=places.hl, term=term(DAY))
        assert Pairing.objects.now().filter(agency=places.jy).count() == 2

    def test_a_cadre_acts_for_one_agency_on_any_day(self, cast):
        with refused("cadre_acts_for_one_agency_a_day"), transaction.atomic():
            Cadre.objects.create(user=cast.cadre, agency=cast.places.wb, term=term(DAY))

    def test_a_worker_works_in_one_community_on_any_day(self, cast):
        with refused("worker_in_one_community_a_day"), transaction.atomic():
            CommunityWorker.objects.create(
                user=cast.worker, community=cast.places.hc, term=term(DAY)
            )

    def test_a_district_role_is_held_once_on_any_day(self, cast):
        with refused("district_role_once_a_day"), transaction.atomic():
            DistrictRole.objects.create(user=cast.supervisor, role="supervisor", term=term(DAY))

    def test_a_term_that_ended_today_makes_room_today(self, cast):
        Cadre.objects.filter(user=cast.cadre).update(term=term(dt.date(2014, 1, 1), DAY))
        Cadre.objects.create(user=cast.cadre, agency=cast.places.wb, term=term(DAY))


class TestKinds:
    def test_an_agencys_kind_is_known(self, places):
        with refused("agency_kind_is_known"), transaction.atomic():
            Agency.objects.filter(pk=places.jy.pk).update(kind="bank")

    def test_a_street_belongs_to_a_street_office_and_to_no_other(self, places):
        for agency, values in (
            (places.jy, {"street": places.bz}),
            (places.bzo, {"street": None}),
            (places.bzo, {"kind": "department"}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Agency.objects.filter(pk=agency.pk).update(**values)

    def test_a_duty_is_known(self, cast):
        with refused("community_duty_is_known"), transaction.atomic():
            CommunityWorker.objects.filter(user=cast.worker).update(duty="boss")

    def test_a_district_role_is_known(self, cast):
        with refused("district_role_is_known"), transaction.atomic():
            DistrictRole.objects.filter(user=cast.leader).update(role="king")

    @pytest.mark.parametrize("code", ["qt", "1A", "A", "QT-1", "QTQTQTQTQ", "七塔", "Q T", ""])
    def test_a_code_is_capital_letters_and_digits(self, code, places):
        for model in (Street, Community, Agency):
            field = model._meta.get_field("code")
            with pytest.raises(ValidationError):
                field.clean(code, None)


class TestResidents:
    @pytest.fixture
    def resident(self, places) -> Resident:
        return Resident.objects.create(community=places.qt, sealed="x")

    def test_who_was_erased_has_no_details(self, resident):
        with refused("erased_resident_has_no_details"), transaction.atomic():
            Resident.objects.filter(pk=resident.pk).update(erased_at=NOW)

    def test_who_was_erased_is_not_found_by_telephone(self, resident):
        name = "erased_resident_is_not_found_by_telephone"
        with refused(name), transaction.atomic():
            Resident.objects.filter(pk=resident.pk).update(
                sealed="", erased_at=NOW, phone_index="0" * 64
            )

    def test_a_consent_is_of_a_known_kind_and_given_once(self, resident, cast):
        with refused("consent_kind_is_known"), transaction.atomic():
            Consent.objects.create(resident=resident, kind="everything", taken_by=cast.worker)
        Consent.objects.create(resident=resident, kind="contact", taken_by=cast.worker)
        with refused("consent_is_given_once"), transaction.atomic():
            Consent.objects.create(resident=resident, kind="contact", taken_by=cast.worker)

    def test_a_look_says_why_and_is_not_deleted_with_the_person(self, resident, cast):
        with refused("look_says_why"), transaction.atomic():
            Look.objects.create(resident=resident, by=cast.cadre, why="")
        Look.objects.create(resident=resident, by=cast.cadre, why="联系居民")
        with pytest.raises(models.ProtectedError):
            cast.cadre.delete()
        with pytest.raises(models.ProtectedError):
            resident.delete()


class TestKeys:
    def test_a_token_ends_after_it_begins(self, cast):
        with refused("api_token_ends_after_it_begins"), transaction.atomic():
            ApiToken.objects.create(
                user=cast.cadre, digest="0" * 64, created_at=NOW, expires_at=NOW
            )

    def test_an_idempotency_key_is_its_accounts_own(self, cast):
        facts = {"key": "k", "thing_kind": "wishes.wish", "thing_id": 1}
        IdempotencyKey.objects.create(user=cast.worker, **facts)
        IdempotencyKey.objects.create(user=cast.colleague, **facts)
        with refused("idempotency_key_is_the_accounts_own"), transaction.atomic():
            IdempotencyKey.objects.create(user=cast.worker, **facts)
