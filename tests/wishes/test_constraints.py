"""The database refuses rows that cannot be, whoever writes them. Each constraint of wishes is tried once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F

from tests.cast import NOW
from wishes.models import CallBack, Campaign, ResidentLink, Wish

# constraint -> (state of a wish, what is written into its row); names stand for people and agencies of the cast
IMPOSSIBLE = {
    "wish_state_is_known": ("open", {"state": "lost"}),
    "wish_kind_is_known": ("draft", {"kind": "money"}),
    "wish_published_when_it_left_the_desk": ("draft", {"state": "open"}),
    "wish_held_by_somebody_exactly_while_held": ("open", {"agency_id": "jy"}),
    "wish_without_handler_is_a_branchs": ("claimed", {"handler_id": None}),
    "wish_fulfilled_by_somebody_exactly_when_fulfilled": ("claimed", {"fulfilled_at": NOW}),
    "wish_closed_with_a_rating_exactly_when_closed": ("fulfilled", {"rating": "satisfied"}),
    "wish_nod_by_scan_is_the_residents_alone": ("closed", {"how": "scan"}),
    "wish_nod_is_not_the_claimants": ("closed", {"closed_by_id": "cadre"}),
    "archived_wish_holds_no_resident": ("draft", {"archived": True}),
    "wish_estimate_is_not_negative": ("draft", {"estimate": Decimal("-0.01")}),
    "wish_waits_for_something_exactly_while_waiting": ("waiting", {"waits_for": ""}),
    "wish_referred_with_a_receipt_exactly_when_referred": ("referred", {"receipt": ""}),
    "wish_ended_by_something_exactly_when_ended": ("open", {"ended_by": "death"}),
    "wish_left_at_a_time_exactly_when_it_left": ("declined", {"left_at": None}),
    "wish_shares_fit_its_goal": ("claimed", {"goal": 2, "shares_taken": 3}),
    "wish_shares_are_taken_only_while_held": ("open", {"shares_taken": 1}),
    "wish_repeats_an_earlier_one_of_a_first": ("open", {"recurs_id": 0}),
    "wish_suits_and_takes_what_is_known": ("draft", {"suits_when": "never"}),
    "wish_merged_into_another_only_when_withdrawn": ("open", {"merged_into_id": 0}),
}

MORE = [
    ("wish_suits_and_takes_what_is_known", "draft", {"takes": "a_year"}),
    ("wish_repeats_an_earlier_one_of_a_first", "open", {"recurs": F("pk"), "recurs_first": 0}),
    ("wish_repeats_an_earlier_one_of_a_first", "open", {"recurs_first_id": 0}),
    ("wish_merged_into_another_only_when_withdrawn", "withdrawn", {"merged_into": F("pk")}),
    ("wish_waits_for_something_exactly_while_waiting", "claimed", {"waits_for": "goods"}),
    ("wish_waits_for_something_exactly_while_waiting", "waiting", {"waits_until": None}),
    ("wish_waits_for_something_exactly_while_waiting", "waiting", {"waits_until": NOW.date()}),
    ("wish_referred_with_a_receipt_exactly_when_referred", "open", {"receipt": "1"}),
    ("wish_ended_by_something_exactly_when_ended", "ended", {"ended_by": ""}),
    ("wish_left_at_a_time_exactly_when_it_left", "open", {"left_at": NOW}),
    ("wish_shares_fit_its_goal", "claimed", {"shares_taken": 0}),
    ("wish_shares_fit_its_goal", "claimed", {"goal": 1}),
    ("wish_shares_are_taken_only_while_held", "claimed", {"lead_share": 0}),
    ("wish_shares_are_taken_only_while_held", "open", {"together": True}),
    ("wish_published_when_it_left_the_desk", "open", {"due_on": None}),
    ("wish_published_when_it_left_the_desk", "open", {"response_due_on": None}),
    ("wish_published_when_it_left_the_desk", "open", {"claim_due_on": None}),
    ("wish_published_when_it_left_the_desk", "claimed", {"published_by_id": None}),
    ("wish_published_when_it_left_the_desk", "open", {"visibility": ""}),
    ("wish_published_when_it_left_the_desk", "open", {"visibility": "friends"}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"state": "open"}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"claimed_at": None}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"claimed_by_id": None}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"first_claimed_on": None}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"origin": ""}),
    ("wish_held_by_somebody_exactly_while_held", "claimed", {"origin": "found"}),
    ("wish_held_by_somebody_exactly_while_held", "open", {"handler_id": "cadre"}),
    ("wish_without_handler_is_a_branchs", "fulfilled", {"handler_id": None, "origin": "branch"}),
    ("wish_fulfilled_by_somebody_exactly_when_fulfilled", "fulfilled", {"fulfilled_by_id": None}),
    ("wish_fulfilled_by_somebody_exactly_when_fulfilled", "fulfilled", {"state": "claimed"}),
    ("wish_closed_with_a_rating_exactly_when_closed", "closed", {"rating": ""}),
    ("wish_closed_with_a_rating_exactly_when_closed", "closed", {"rating": "superb"}),
    ("wish_closed_with_a_rating_exactly_when_closed", "closed", {"state": "fulfilled"}),
    ("wish_closed_with_a_rating_exactly_when_closed", "closed", {"closed_at": None}),
    ("wish_nod_by_scan_is_the_residents_alone", "closed", {"closed_by_id": None}),
]


def refuses(constraint: str, wish: Wish, values: dict, cast) -> None:
    """Write past every gate, and see this constraint in the way."""
    found = {
        name: getattr(cast.places, value, getattr(cast, value, None)).pk
        if name.endswith("_id") and isinstance(value, str)
        else value
        for name, value in values.items()
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(**found)


@pytest.mark.parametrize("constraint", IMPOSSIBLE)
def test_an_impossible_row_is_refused(constraint, cast, wish_in):
    state, values = IMPOSSIBLE[constraint]
    refuses(constraint, wish_in(state), values, cast)


@pytest.mark.parametrize(("constraint", "state", "values"), MORE)
def test_each_part_of_a_constraint_is_held(constraint, state, values, cast, wish_in):
    refuses(constraint, wish_in(state), values, cast)


def test_every_check_of_a_wish_is_tried_above():
    checks = {c.name for c in Wish._meta.constraints if isinstance(c, models.CheckConstraint)}
    assert checks == set(IMPOSSIBLE)


def test_a_number_is_given_once_in_a_community_and_a_code_once_at_all(cast, wish_in):
    first, second = wish_in("draft"), wish_in("draft")
    with pytest.raises(IntegrityError, match="wish_serial"), transaction.atomic():
        Wish.objects.filter(pk=second.pk).update(serial=first.serial)
    with pytest.raises(IntegrityError, match="code"), transaction.atomic():
        Wish.objects.filter(pk=second.pk).update(code=first.code)


def test_an_archived_wish_belongs_to_a_campaign(cast, wish_in):
    wish = wish_in("draft")
    with pytest.raises(IntegrityError, match="archived_wish"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(archived=True, resident=None)
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    Wish.objects.filter(pk=wish.pk).update(archived=True, resident=None, campaign=campaign)


def test_a_calls_outcome_is_known(cast, wish_in):
    wish = wish_in("fulfilled")
    with pytest.raises(IntegrityError, match="call_outcome_is_known"), transaction.atomic():
        CallBack.objects.create(wish=wish, by=cast.worker, outcome="busy")


def test_a_wish_has_one_link(cast, wish_in):
    wish = wish_in("draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidentLink.objects.create(wish=wish, digest="0" * 64, sealed_token="x")


def test_nobody_who_acted_is_deleted_away(cast, wish_in):
    wish_in("closed")
    for person in (cast.worker, cast.cadre):
        with pytest.raises(models.ProtectedError):
            person.delete()
    with pytest.raises(models.ProtectedError):
        cast.places.qt.delete()
    with pytest.raises(models.ProtectedError):
        cast.places.jy.delete()


def test_a_day_out_of_any_calendar_is_no_day(cast, wish_in):
    wish = wish_in("open", due_on=dt.date(9999, 12, 31))
    assert wish.due_on == dt.date(9999, 12, 31)
