"""Who may do what, in which state, through the pages: the specification of the workflow as a table.

A button stands on the page if and only if the policy lets the move through, and the move then
succeeds; every other try is refused with 403, 404 or 409 and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.models import Event
from notices.models import Notice
from tests.cast import fresh
from tests.wishes.doors import act, body_of, course_of, moves_on, text_of
from wishes import policy
from wishes.models import Wish
from wishes.workflow import TABLE, Move, State

WORKERS = "worker colleague"
DESK = f"{WORKERS} street"
AGENCIES = "cadre cadre_b liaison cadre2 liaison2 member member_liaison street street2"


def _but(people: str, without: str) -> str:
    return " ".join(who for who in people.split() if who not in without.split())


# A public wish of 七塔 without anything delicate, noted by `worker`, held by `cadre` from `claimed` on; the days
# of first offer are over. state -> move -> who may. What is not here nobody may.
WHO_MAY = {
    State.DRAFT: {
        Move.SUBMIT: WORKERS,
        Move.PUBLISH: WORKERS,
        **dict.fromkeys((Move.WITHDRAW, Move.REFER, Move.END), WORKERS),
    },
    State.CHECKING: {
        Move.RETURN: DESK,
        Move.PUBLISH: DESK,
        **dict.fromkeys((Move.WITHDRAW, Move.REFER, Move.END), DESK),
    },
    State.OPEN: {
        Move.CLAIM: AGENCIES,
        Move.ASSIGN: "street supervisor",
        **dict.fromkeys((Move.WITHDRAW, Move.REFER, Move.END), DESK),
    },
    State.CLAIMED: {
        Move.ASSIGN: "liaison street supervisor",
        Move.RELEASE: "cadre liaison",
        Move.WAIT: "cadre liaison",
        Move.FULFIL: "cadre",
        Move.WITHDRAW: DESK,
        Move.END: DESK,
    },
    State.WAITING: {
        Move.ASSIGN: "liaison street supervisor",
        Move.RELEASE: "cadre liaison",
        Move.RESUME: "cadre liaison",
        Move.WITHDRAW: DESK,
        Move.END: DESK,
    },
    State.FULFILLED: {Move.CONFIRM: DESK, Move.REOPEN: DESK, Move.END: DESK},
    State.UNREACHED: {Move.CONFIRM: DESK, Move.REOPEN: DESK, Move.END: DESK},
    **{
        state: {}
        for state in (State.CLOSED, State.WITHDRAWN, State.REFERRED, State.DECLINED, State.ENDED)
    },
}
# The same for what states alone do not tell: see `tests/lives.py`. situation -> state, what is open besides.
BESIDES = {
    "together": (State.CLAIMED, {Move.JOIN: _but(AGENCIES, "cadre")}),
    "joined": (
        State.CLAIMED,
        {Move.JOIN: _but(AGENCIES, "cadre cadre_b"), Move.LEAVE: "cadre_b"},
    ),
    "asked to extend": (State.CLAIMED, {Move.EXTEND: "liaison street"}),
    "asked to decline": (State.CLAIMED, {Move.DECLINE: DESK}),
    "silent": (State.CLAIMED, {Move.LAPSE: f"{DESK} supervisor"}),
    "rung in vain": (State.FULFILLED, {Move.UNREACHED: DESK}),
}
WHO_MAY |= {name: WHO_MAY[state] | moves for name, (state, moves) in BESIDES.items()}

EVERYBODY = (
    "worker colleague warden worker2 cadre cadre_b liaison cadre2 liaison2 member member_liaison street street2 "
    "supervisor supervision_group inspector leader admin stranger"
)
# Who may open it by its address; to the rest it does not exist.
WHO_SEES = {
    State.DRAFT: WORKERS,
    State.CHECKING: DESK,
    State.OPEN: EVERYBODY,
    State.CLAIMED: EVERYBODY,
    State.FULFILLED: EVERYBODY,
    State.WAITING: EVERYBODY,
    State.CLOSED: EVERYBODY,
    State.UNREACHED: EVERYBODY,
    **dict.fromkeys(
        (State.WITHDRAWN, State.REFERRED, State.DECLINED, State.ENDED),
        f"{DESK} supervisor supervision_group",
    ),
    **dict.fromkeys(BESIDES, EVERYBODY),
}


def moves_of(who: str, state: str) -> set[str]:
    return {move for move, people in WHO_MAY[state].items() if who in people.split()}


def seen_moves(client, wish) -> set[str] | None:
    """Return the buttons on a wish's pages, or None where there is no page for this person."""
    detail = client.get(wish.get_absolute_url())
    if detail.status_code == 404:
        return None
    html = text_of(detail)
    if f"/wishes/{wish.code}/preview/" in html:
        html += text_of(client.get(f"/wishes/{wish.code}/preview/"))
    return moves_on(html, wish)


def succeeds(client, wish, move, handler) -> bool:
    """Make a move and take it back."""
    with transaction.atomic():
        answer = act(client, wish, move, **body_of(move, handler))
        after = Wish.objects.get(pk=wish.pk)
        done = answer.status_code == 200 and after.state == TABLE[move][wish.state]
        done = done and course_of(after)[-1] == (move, wish.state, after.state)
        transaction.set_rollback(True)
    return done


def everything(wish) -> tuple:
    """Return what a refused try must leave as it was."""
    return Event.objects.count(), Notice.objects.count(), Wish.objects.values().get(pk=wish.pk)


def stand_ins(alike: dict[tuple, list[str]]) -> Iterator[tuple[str, str, int]]:
    """Yield who tries which move in vain, and with which status, from people by (move, status, code).

    Of those who are answered alike one goes for all: a door knows who stands before it through the policy
    alone, which is asked for everybody. It is whoever has gone least, and everybody goes somewhere.
    """
    gone = dict.fromkeys(EVERYBODY.split(), 0)
    for only in (None, *gone):
        for (move, status, _code), people in alike.items():
            who = only or min(people, key=gone.__getitem__)
            if who in people and not (only and gone[who]):
                gone[who] += 1
                yield who, move, status


def test_every_state_and_move_is_in_the_table():
    assert set(State.values) <= set(WHO_MAY)
    assert {move for moves in WHO_MAY.values() for move in moves} == set(Move.values)


@pytest.mark.parametrize("state", WHO_MAY)
def test_buttons_policy_and_success_agree_for_everybody(state, cast, wish_in, as_, later):
    wish = wish_in(state)
    handler = cast.liaison
    before = everything(wish)
    clients, alike = {}, defaultdict(list)
    with later(days=8):
        for who in EVERYBODY.split():
            user = fresh(getattr(cast, who))
            clients[who] = client = as_(user, headers={"HX-Request": "true"})  # quicker than pages
            allowed = moves_of(who, state)
            sees = who in WHO_SEES[state].split()
            assert seen_moves(client, wish) == (allowed if sees else None), who
            assert set(policy.moves_open_to(user, wish)) == allowed, who
            for move in Move.values:
                if move in allowed:
                    assert succeeds(client, wish, move, handler), (who, move)
                else:
                    refusal = policy.why_not(user, move, wish)
                    answer = (refusal.status, refusal.code) if sees else (404, "")
                    alike[move, *answer].append(who)
            assert everything(wish) == before, who
        for who, move, status in stand_ins(alike):
            assert status in (403, 404, 409)
            refused = act(clients[who], wish, move, **body_of(move, handler))
            assert refused.status_code == status, (who, move)
            assert everything(wish) == before, (who, move)


@pytest.mark.parametrize("state", State.values)
def test_a_passer_by_is_sent_to_sign_in_and_offered_nothing(state, cast, wish_in, client):
    wish = wish_in(state)
    page = client.get(wish.get_absolute_url())
    public = WHO_SEES[state] == EVERYBODY
    assert page.status_code == (200 if public else 404)
    if public:
        assert moves_on(text_of(page), wish) == set()
    for move in Move.values:
        before = Event.objects.count()
        answer = act(client, wish, move, **body_of(move, cast.liaison))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
        assert Event.objects.count() == before


@pytest.mark.parametrize("move", Move.values)
def test_a_move_is_never_made_by_opening_its_address(move, wish_in, cast, as_):
    wish = wish_in("claimed")
    for person in (cast.worker, cast.cadre, cast.street):
        assert as_(person).get(f"/wishes/{wish.code}/{move}/").status_code == 405
        assert as_(person).put(f"/wishes/{wish.code}/{move}/").status_code == 405


# state and visibility -> who has the button `claim` on the page, while the days of first offer run and after them.
WHO_CLAIMS = {
    "public": ("cadre cadre_b liaison", AGENCIES),
    "paired": ("cadre cadre_b liaison", "cadre cadre_b liaison"),
    "private": ("", ""),
}
WHO_SEES_OPEN = {
    "public": EVERYBODY,
    "paired": f"{DESK} supervisor supervision_group cadre cadre_b liaison",
    "private": f"{DESK} supervisor supervision_group",
}


@pytest.mark.parametrize(
    ("visibility", "days"), [("public", 0), ("public", 8), ("paired", 8), ("private", 8)]
)
def test_what_an_open_wish_offers_by_its_visibility(visibility, days, cast, wish_in, as_, later):
    wish = wish_in("open", visibility=visibility)
    with later(days=days):
        for who in EVERYBODY.split():
            user = fresh(getattr(cast, who))
            sees = who in WHO_SEES_OPEN[visibility].split()
            buttons = seen_moves(as_(user), wish)
            assert (buttons is not None) == sees, who
            may_claim = who in WHO_CLAIMS[visibility][days > 0].split()
            assert (Move.CLAIM in policy.moves_open_to(user, wish)) == may_claim, who
            if sees:
                assert buttons == set(policy.moves_open_to(user, wish)), who


@pytest.mark.parametrize("state", ["claimed", "fulfilled"])
def test_what_the_street_itself_holds_it_cannot_say_the_residents_word_for(
    state, cast, wish_in, as_, later
):
    with later(days=8):
        wish = wish_in("open", by=cast.street)
    with later(days=20):
        act(as_(cast.street), wish, "claim")
        if state == "fulfilled":
            act(as_(cast.street), wish, "fulfil", note="陪着去过了")
        wish.refresh_from_db()
        assert wish.state == state
        for who in ("street", "worker"):
            user = fresh(getattr(cast, who))
            assert seen_moves(as_(user), wish) == set(policy.moves_open_to(user, wish))
        assert Move.CONFIRM not in policy.moves_open_to(fresh(cast.street), wish)


def test_a_branch_claim_offers_what_the_policy_says(cast, wish_in, as_):
    wish = wish_in("branch")
    offered = {who: seen_moves(as_(getattr(cast, who)), wish) for who in EVERYBODY.split()}
    assert {who: moves for who, moves in offered.items() if moves} == {
        "worker": {"withdraw", "end"},
        "colleague": {"withdraw", "end"},
        "street": {"withdraw", "end", "assign"},
        "supervisor": {"assign"},
        "liaison": {"assign", "release"},
    }


def test_a_warden_does_with_a_draft_of_their_own_what_the_policy_says(cast, wish_in, as_):
    wish = wish_in("draft", logged_by=cast.warden)
    assert seen_moves(as_(cast.warden), wish) == {"submit", "withdraw"}
    assert seen_moves(as_(cast.worker), wish) == {
        "submit",
        "publish",
        "withdraw",
        "refer",
        "end",
    }
    wish = wish_in("checking", logged_by=cast.warden)
    assert seen_moves(as_(cast.warden), wish) == set()
    assert policy.moves_open_to(fresh(cast.warden), wish) == []


def test_an_archived_wish_offers_nothing_to_anybody(cast, wish_in, as_):
    from wishes.models import Campaign

    wish = wish_in("open")
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    Wish.objects.filter(pk=wish.pk).update(archived=True, campaign=campaign, resident=None)
    wish.refresh_from_db()
    for who in EVERYBODY.split():
        user = fresh(getattr(cast, who))
        assert seen_moves(as_(user), wish) == set(), who
        assert policy.moves_open_to(user, wish) == []
    assert act(as_(cast.cadre), wish, "claim").status_code == 409
