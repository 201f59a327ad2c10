"""What each move changes of a wish, in memory: shared by single moves and by what is brought in at once."""

import datetime as dt

from jiangdong import clock
from notices.workdays import add_workdays, workdays_between
from wishes.models import Wish
from wishes.workflow import Origin, Visibility

ANSWER_WORKDAYS = 7  # to be claimed in, and by default to be done in
REOPENED_WORKDAYS = 5

PUBLISHED = (
    "visibility",
    "offered_to",
    "open_to_all_on",
    "published_at",
    "published_by",
    "response_due_on",
    "claim_due_on",
    "due_on",
)
SHARES = ("together", "lead_share", "shares_taken")
CLAIMED = ("agency", "claimed_at", "claimed_by", "first_claimed_on", "handler", "origin", *SHARES)
HANDED_BACK = ("handler", "origin", "claimed_at")
WAITING = ("waiting_since", "waits_until", "waits_for", "waited", "due_on")
RELEASED = (*CLAIMED, *WAITING, "claim_due_on")
FULFILLED = ("fulfilled_at", "fulfilled_by", "fulfil_note")
CLOSED = ("closed_at", "closed_by", "rating", "words", "how", "left_at")
REOPENED = (*FULFILLED, "due_on", "reopened", "left_at")
LEFT = (*RELEASED, "left_at")
ENDED = (*LEFT, *FULFILLED)


def published(
    wish: Wish,
    *,
    visibility: str,
    offered_to_id: int | None,
    by_id: int,
    at: dt.datetime,
    offer_days: int,
) -> None:
    today = _day(at)
    wish.visibility = visibility
    wish.offered_to_id = None if visibility == Visibility.PRIVATE else offered_to_id
    wish.open_to_all_on = None
    if visibility == Visibility.PUBLIC:
        last_of_offer = add_workdays(today, offer_days)
        wish.open_to_all_on = last_of_offer + dt.timedelta(days=1) if wish.offered_to_id else today
    wish.published_at, wish.published_by_id = at, by_id
    wish.response_due_on = wish.claim_due_on = add_workdays(today, ANSWER_WORKDAYS)
    if wish.due_on is None or wish.due_on < today:
        wish.due_on = wish.response_due_on


def claimed(
    wish: Wish,
    *,
    agency_id: int,
    by_id: int,
    handler_id: int | None,
    origin: str,
    at: dt.datetime,
    together: bool = False,
    share: int = 1,
) -> None:
    wish.agency_id, wish.claimed_by_id, wish.handler_id = agency_id, by_id, handler_id
    wish.claimed_at, wish.origin = at, origin
    wish.first_claimed_on = wish.first_claimed_on or _day(at)
    wish.together, wish.lead_share, wish.shares_taken = together, share, share


def handed_back(wish: Wish, *, at: dt.datetime) -> None:
    """Leave the claim with the agency's branch, which has from now on the days to name a handler."""
    wish.handler, wish.origin, wish.claimed_at = None, Origin.BRANCH, at


def waiting(wish: Wish, *, waits_for: str, until: dt.date, on: dt.date) -> None:
    """Stop the clock from this day on."""
    wish.waiting_since, wish.waits_until, wish.waits_for = on, until, waits_for


def resumed(wish: Wish, *, on: dt.date) -> None:
    """Let the clock go on: the working days that it stood still are added, those agreed on at most."""
    stood = max(workdays_between(wish.waiting_since, min(on, wish.waits_until)), 0)
    wish.due_on = add_workdays(wish.due_on, stood) if stood else wish.due_on
    wish.waited += stood
    wish.waiting_since = wish.waits_until = None
    wish.waits_for = ""


def released(wish: Wish, *, on: dt.date) -> None:
    """Empty what the claim filled, but for the day of the first claim: an answer in time stays one.

    Whoever is to take it next has as many days as the first had.
    """
    if wish.agency_id:
        wish.claim_due_on = add_workdays(on, ANSWER_WORKDAYS)
    wish.agency = wish.claimed_by = wish.handler = wish.claimed_at = None
    wish.origin = ""
    wish.together, wish.lead_share, wish.shares_taken = False, 0, 0
    if wish.waiting_since:
        resumed(wish, on=on)


def left(wish: Wish, *, at: dt.datetime) -> None:
    """Take a wish off its way before anybody nodded: out of every hand, at this time."""
    released(wish, on=_day(at))
    wish.left_at = at


def ended(wish: Wish, *, by: str) -> None:
    """Forget of a wish that left what was called done, because its resident died or moved away."""
    wish.fulfilled_at = wish.fulfilled_by = None
    wish.fulfil_note = ""
    wish.ended_by = by


def fulfilled(wish: Wish, *, note: str, by_id: int, at: dt.datetime) -> None:
    wish.fulfilled_at, wish.fulfilled_by_id, wish.fulfil_note = at, by_id, note


def closed(
    wish: Wish, *, rating: str, words: str, how: str, by_id: int | None, at: dt.datetime
) -> None:
    wish.closed_at, wish.closed_by_id, wish.left_at = at, by_id, None
    wish.rating, wish.words, wish.how = rating, words, how


def reopened(wish: Wish, *, on: dt.date) -> None:
    wish.fulfilled_at = wish.fulfilled_by = wish.left_at = None
    wish.fulfil_note = ""
    wish.due_on = add_workdays(on, REOPENED_WORKDAYS)
    wish.reopened += 1


def _day(at: dt.datetime) -> dt.date:
    with clock.at(at):
        return clock.today()
