"""What the database itself holds true of a wish, and how it finds one quickly."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from wishes.workflow import (
    BEFORE_PUBLIC,
    DONE,
    HELD,
    IN_HAND,
    LEFT,
    EndedBy,
    How,
    Kind,
    Origin,
    PauseReason,
    Rating,
    ReferTo,
    State,
    SuitsWhen,
    Takes,
    Visibility,
)

CONSTRAINTS = (
    models.UniqueConstraint(
        name="wish_serial_is_the_communitys_own", fields=["community", "serial"]
    ),
    models.CheckConstraint(name="wish_state_is_known", condition=Q(state__in=State.values)),
    models.CheckConstraint(name="wish_kind_is_known", condition=Q(kind__in=Kind.values)),
    models.CheckConstraint(
        name="wish_published_when_it_left_the_desk",
        condition=Q(state__in=[*BEFORE_PUBLIC, State.WITHDRAWN, State.REFERRED, State.ENDED])
        | Q(
            published_at__isnull=False,
            published_by__isnull=False,
            due_on__isnull=False,
            response_due_on__isnull=False,
            claim_due_on__isnull=False,
            visibility__in=Visibility.values,
        ),
    ),
    models.CheckConstraint(
        name="wish_held_by_somebody_exactly_while_held",
        condition=Q(
            state__in=HELD,
            agency__isnull=False,
            claimed_at__isnull=False,
            claimed_by__isnull=False,
            first_claimed_on__isnull=False,
            origin__in=Origin.values,
        )
        | Q(
            ~Q(state__in=HELD),
            agency__isnull=True,
            claimed_at__isnull=True,
            claimed_by__isnull=True,
            handler__isnull=True,
            origin="",
        ),
    ),
    models.CheckConstraint(
        name="wish_without_handler_is_a_branchs",
        condition=Q(handler__isnull=False)
        | ~Q(state__in=HELD)
        | Q(state__in=IN_HAND, origin=Origin.BRANCH),
    ),
    models.CheckConstraint(
        name="wish_fulfilled_by_somebody_exactly_when_fulfilled",
        condition=Q(
            state__in=DONE,
            fulfilled_at__isnull=False,
            fulfilled_by__isnull=False,
        )
        | Q(
            ~Q(state__in=DONE),
            fulfilled_at__isnull=True,
            fulfilled_by__isnull=True,
        ),
    ),
    models.CheckConstraint(
        name="wish_closed_with_a_rating_exactly_when_closed",
        condition=Q(
            state=State.CLOSED,
            closed_at__isnull=False,
            rating__in=Rating.values,
            how__in=How.values,
        )
        | Q(
            ~Q(state=State.CLOSED),
            closed_at__isnull=True,
            closed_by__isnull=True,
            rating="",
            how="",
        ),
    ),
    models.CheckConstraint(
        name="wish_nod_by_scan_is_the_residents_alone",
        condition=Q(how="", closed_by__isnull=True)
        | Q(how=How.SCAN, closed_by__isnull=True)
        | Q(~Q(how__in=["", How.SCAN]), closed_by__isnull=False),
    ),
    models.CheckConstraint(
        name="wish_nod_is_not_the_claimants",
        condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("handler")),
    ),
    models.CheckConstraint(
        name="archived_wish_holds_no_resident",
        condition=Q(archived=False) | Q(resident__isnull=True, campaign__isnull=False),
    ),
    models.CheckConstraint(
        name="wish_estimate_is_not_negative",
        condition=Q(estimate__isnull=True) | Q(estimate__gte=0),
    ),
    models.CheckConstraint(
        name="wish_waits_for_something_exactly_while_waiting",
        condition=Q(
            state=State.WAITING,
            waiting_since__isnull=False,
            waits_until__isnull=False,
            waits_until__gt=F("waiting_since"),
            waits_for__in=PauseReason.values,
        )
        | Q(
            ~Q(state=State.WAITING),
            waiting_since__isnull=True,
            waits_until__isnull=True,
            waits_for="",
        ),
    ),
    models.CheckConstraint(
        name="wish_referred_with_a_receipt_exactly_when_referred",
        condition=Q(~Q(receipt=""), state=State.REFERRED, referred_to__in=ReferTo.values)
        | Q(~Q(state=State.REFERRED), referred_to="", receipt=""),
    ),
    models.CheckConstraint(
        name="wish_ended_by_something_exactly_when_ended",
        condition=Q(state=State.ENDED, ended_by__in=EndedBy.values)
        | Q(~Q(state=State.ENDED), ended_by=""),
    ),
    models.CheckConstraint(
        name="wish_left_at_a_time_exactly_when_it_left",
        condition=Q(state__in=LEFT, left_at__isnull=False)
        | Q(~Q(state__in=LEFT), left_at__isnull=True),
    ),
    models.CheckConstraint(
        name="wish_merged_into_another_only_when_withdrawn",
        condition=Q(merged_into__isnull=True)
        | (Q(state=State.WITHDRAWN) & ~Q(merged_into=F("id"))),
    ),
    models.CheckConstraint(
        name="wish_repeats_an_earlier_one_of_a_first",
        condition=Q(recurs__isnull=True, recurs_first__isnull=True)
        | (Q(recurs__isnull=False, recurs_first__isnull=False) & ~Q(recurs=F("id"))),
    ),
    models.CheckConstraint(
        name="wish_suits_and_takes_what_is_known",
        condition=Q(suits_when__in=["", *SuitsWhen.values], takes__in=["", *Takes.values]),
    ),
    # What several people take of a goal that can be split never adds up to more than it.
    models.CheckConstraint(
        name="wish_shares_fit_its_goal",
        condition=Q(shares_taken__gte=F("lead_share"))
        & (Q(goal__isnull=True) | Q(shares_taken__lte=F("goal"), goal__gte=2)),
    ),
    models.CheckConstraint(
        name="wish_shares_are_taken_only_while_held",
        condition=Q(state__in=HELD, lead_share__gte=1)
        | Q(~Q(state__in=HELD), lead_share=0, shares_taken=0, together=False),
    ),
)

INDEXES = (
    GinIndex(name="wish_grams", fields=["grams"]),
    models.Index(
        name="wish_recurring",
        fields=["recurs_first", "published_at"],
        condition=Q(recurs_first__isnull=False),
    ),
    models.Index(
        name="wish_board",
        fields=["published_at", "id"],
        condition=Q(state="open", archived=False),
    ),
    models.Index(
        name="wish_board_due",
        fields=["due_on", "id"],
        condition=Q(state="open", archived=False),
    ),
    models.Index(
        name="wish_due",
        fields=["due_on"],
        condition=Q(state__in=["open", "claimed"], archived=False),
    ),
    models.Index(
        name="wish_claim_due",
        fields=["claim_due_on"],
        condition=Q(state="open", archived=False),
    ),
    models.Index(name="wish_published", fields=["published_at", "id"]),
    models.Index(name="wish_due_order", fields=["due_on", "id"]),
    models.Index(name="wish_community_state", fields=["community", "state", "logged_at"]),
    models.Index(name="wish_agency_state", fields=["agency", "state", "due_on"]),
    models.Index(name="wish_handler_state", fields=["handler", "state"]),
    models.Index(
        name="wish_waiting_for_nod",
        fields=["community", "fulfilled_at"],
        condition=Q(state="fulfilled", archived=False),
    ),
    # What the weeks of the wall and the checks of figures too good look back on.
    models.Index(
        name="wish_logged",
        fields=["logged_at"],
        condition=Q(archived=False, published_at__isnull=False),
    ),
    models.Index(
        name="wish_first_claimed",
        fields=["first_claimed_on"],
        condition=Q(archived=False, first_claimed_on__isnull=False),
    ),
    models.Index(
        name="wish_fulfilled",
        fields=["fulfilled_at"],
        condition=Q(archived=False, fulfilled_at__isnull=False),
    ),
    models.Index(
        name="wish_closed", fields=["closed_at"], condition=Q(state="closed", archived=False)
    ),
)
