"""Random people make random moves through the API: each is answered as `who_may` says, and nothing breaks.

Wishes begin in every state, days pass between the moves, and half of the moves are ones that can be made. A few
hundred steps here; `make fuzz` makes 100 000 and prints what it did.
"""

import datetime as dt
import logging
import os
import sys
import time
from collections import Counter
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from rest_framework import serializers
from rest_framework.throttling import SimpleRateThrottle

from accounts import trail
from jiangdong import clock
from tests.api import V1, Client
from tests.attack import who_may
from tests.attack.who_may import MAY, PEOPLE, Known
from tests.cast import NOW, RESIDENT
from wishes.api import Wishes
from wishes.models import Wish
from wishes.serializers import CadreField
from wishes.workflow import HELD, TABLE, Kind, State

STEPS = int(os.environ.get("FUZZ_STEPS", "400"))
STEPS_IN_A_RUN = 50
STEP = "step"
LIVING = {state for ways in TABLE.values() for state in ways}
LAST_MOVES = {verb for verb, ways in TABLE.items() if not set(ways.values()) & LIVING}
AT_MOST_DAYS = 60  # in a run
REFUSALS = {400, 403, 404, 409}
SECRETS = [RESIDENT.name, RESIDENT.phone, RESIDENT.address, RESIDENT.note]
FOR_INSIDERS = "handler_name"
COLUMNS = (
    *("pk", "code", "community__code", "state", "trail_n", "trail_head", "logged_by__username"),
    *("kind", "for_child", "sensitive", "estimate", "visibility", "submitted_by__username"),
    *("offered_to__code", "open_to_all_on", "agency__code", "handler__username", "origin"),
    *("published_at", "resident"),
)

# Everything of a wish that the API is sent: what a verb wants said, by its word.
DOORS = {
    door.url_path: door.kwargs["serializer_class"]
    for door in Wishes.get_extra_actions()
    if "post" in door.mapping
}
texts = st.one_of(st.just("说明一句"), st.text(max_size=12), st.just("字" * 600), st.just("\x00"))
junk = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.lists(st.none(), max_size=2))
days = st.sampled_from(["2026-03-12", "2026-03-20", "2026-03-26", "2026-04-10", "2000-01-01"])
new_wishes = st.fixed_dictionaries(
    {"title": st.sampled_from(["想修一修灯", "想学写字"]), "kind": st.sampled_from(Kind.values)},
    optional={
        "for_child": st.booleans(),
        "sensitive": st.booleans(),
        "estimate": st.sampled_from(["10", "800", "500", "-1", "NaN", "9999999"]),
        "due_on": days,
        "community": st.sampled_from(["QT", "HC", "XX"]),
        "consent": st.fixed_dictionaries({"publish": st.booleans(), "sensitive": st.booleans()}),
        "resident": st.just({"name": RESIDENT.name, "phone": RESIDENT.phone}),
    },
)


def said_in(field: serializers.Field) -> st.SearchStrategy | None:
    """Return what may be said in a field of a body, mostly as it should be; None for what no JSON holds."""
    match field:
        case CadreField():
            return st.sampled_from([*PEOPLE])
        case serializers.ChoiceField():
            return st.sampled_from([*field.choices])
        case serializers.BooleanField():
            return st.booleans()
        case serializers.IntegerField():
            return st.integers(0, 3)
        case serializers.DateField():
            return days
        case serializers.FileField():
            return None
    return st.just("说明一句")


def bodies_of(shape: type[serializers.Serializer]) -> st.SearchStrategy:
    said = {name: said_in(field) for name, field in shape().fields.items()}
    return st.fixed_dictionaries({name: said[name] for name in said if said[name] is not None})


BODIES = {verb: bodies_of(shape) for verb, shape in DOORS.items()}
NAMES = sorted({name for shape in DOORS.values() for name in shape().fields} | {"state", "agency"})
spoilt = st.one_of(junk, st.dictionaries(st.sampled_from(NAMES), junk, max_size=3))
people = st.sampled_from([*PEOPLE])
NEIGHBOURS = ["worker", "colleague", "cadre", "liaison", "street"]
TURNS = [
    *["go_on"] * 8,
    *["try_anything"] * 3,
    *["miss_narrowly"] * 2,
    *["try_what_the_table_lets"] * 3,
    *["say_anything"] * 2,
    *["look"] * 2,
    *["days_pass", "write_down"],
]


class AnyWorkflow(RuleBasedStateMachine):
    """One run: some wishes of those made beforehand, and those written down on the way."""

    beginnings: ClassVar[list[str]]
    clients: ClassVar[dict]
    counts: ClassVar[Counter]

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.wishes: list[Known] = []
        self.days = 0

    def teardown(self) -> None:
        """Prove that refused moves did nothing, every chain, and every reference to a row; undo what was written."""
        try:
            for wish in self.wishes:
                self.hold(wish)
            assert list(trail.verify()) == []
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    @initialize(data=st.data())
    def begin(self, data) -> None:
        some = st.lists(st.sampled_from(self.beginnings), min_size=3, max_size=5, unique=True)
        self.wishes = [known(code) for code in data.draw(some, "wishes")]

    @property
    def today(self) -> dt.date:
        return NOW.date() + dt.timedelta(days=self.days)

    @rule(data=st.data(), turn=st.sampled_from(TURNS))
    def take(self, data, turn: str) -> None:
        """Take a turn; one rule and a list of words, because Hypothesis would weigh rules as it likes."""
        living = [wish for wish in self.wishes if wish.state in LIVING]
        few = data.draw(st.sampled_from(range(8))) == 0
        getattr(self, turn)(
            data, data.draw(st.sampled_from(self.wishes if few else living or self.wishes))
        )
        self.counts[STEP, 0] += 1

    def go_on(self, data, wish: Known) -> None:
        """Make a move that can be made, by one who can."""
        if way := self.way_on(data, wish):
            self.make(*way, wish, who_may.words_for(*way, wish))

    def try_anything(self, data, wish: Known) -> None:
        """Make any move, whoever may, saying what it wants said."""
        verb = data.draw(st.sampled_from([*DOORS]))
        self.make(data.draw(people), verb, wish, data.draw(BODIES[verb]))

    def miss_narrowly(self, data, wish: Known) -> None:
        """Make a move of this state by somebody who sees the wish and may not, or not yet."""
        misses = who_may.near_misses(wish, self.today)
        if misses:
            verb, who = data.draw(st.sampled_from(misses))
            self.make(who, verb, wish, who_may.words_for(who, verb, wish))

    def try_what_the_table_lets(self, data, wish: Known) -> None:
        """Make a move of this state, by somebody near: above all of those that are not judged here."""
        verbs = [verb for verb in DOORS if verb not in TABLE or wish.state in TABLE[verb]]
        if data.draw(st.sampled_from(range(4))):
            verbs = [verb for verb in verbs if verb not in MAY] or verbs
        if verbs:
            verb = data.draw(st.sampled_from(verbs))
            near = [*NEIGHBOURS, *[wish.handler] * 4] if wish.handler else NEIGHBOURS
            self.make(data.draw(st.sampled_from(near)), verb, wish, data.draw(BODIES[verb]))

    def say_anything(self, data, wish: Known) -> None:
        """Make a move that can be made, saying something else than it wants."""
        if way := self.way_on(data, wish):
            self.make(*way, wish, data.draw(spoilt), fits=False)

    def way_on(self, data, wish: Known) -> tuple[str, str] | None:
        """Draw who makes which move that can be made; few are last ones, or lives would be short."""
        ways = who_may.ways_on(wish, self.today)
        if data.draw(st.sampled_from(range(8))):
            ways = {verb: them for verb, them in ways.items() if verb not in LAST_MOVES} or ways
        if not ways:
            return None
        verb = data.draw(st.sampled_from([*ways]))
        return data.draw(st.sampled_from(ways[verb])), verb

    def days_pass(self, data, wish: Known) -> None:
        self.days = min(self.days + data.draw(st.sampled_from([1, 1, 2, 4])), AT_MOST_DAYS)

    def write_down(self, data, wish: Known) -> None:
        who = data.draw(st.sampled_from(["worker", "colleague", "warden", "worker2", "leader"]))
        answer = self.ask(who, "post", "", data.draw(new_wishes), "write down")
        if answer.status_code == 201:
            wish = known(answer.json()["code"])
            assert (wish.state, wish.n, wish.logged_by) == ("draft", 1, who)
            assert wish.community in (PEOPLE[who].works, PEOPLE[who].warden_of)
            self.wishes.append(wish)

    def look(self, data, wish: Known) -> None:
        who, what = data.draw(people), data.draw(st.sampled_from(["", "events/"]))
        answer = self.ask(who, "get", f"{wish.code}/{what}", None, f"look {what}")
        if who not in wish.unjudged_by:
            near = who_may.is_told_more(PEOPLE[who], wish)
            refused = 403 if what and not near else 200
            due = refused if who_may.sees(PEOPLE[who], wish) else 404
            assert answer.status_code == due, (who, what, wish, answer.status_code)
        if answer.status_code == 200 and not what:
            self.compare(answer.json(), who, wish)

    def make(self, who: str, verb: str, wish: Known, body: Any, *, fits: bool = True) -> None:
        """Send a move, and hold answer, row, chain and holder to what is known of the wish."""
        may_be = self.expected(who, verb, wish, body, fits)
        answer = self.ask(who, "post", f"{wish.code}/{verb}/", body, verb)
        assert answer.status_code in may_be, (
            f"{who} made {verb} of {wish} with {body} on {self.today}: answered {answer.status_code},"
            f" and {sorted(may_be)} is due (if the rule has changed, say so in who_may)"
        )
        if answer.status_code != 200:
            return
        if verb in MAY and fits:
            who_may.moved(wish, verb, who, body)
        else:
            self.learn(wish, verb, set() if verb in MAY else {who})
        if verb == "publish" and (day := answer.json()["open_to_all_on"]):
            wish.open_to_all_on = dt.date.fromisoformat(day)
        self.hold(wish)
        self.compare(answer.json(), who, wish)

    def expected(self, who: str, verb: str, wish: Known, body: Any, fits: bool) -> set[int]:
        """Return the statuses that may be answered."""
        if verb not in MAY:
            possible = {200} if verb not in TABLE or wish.state in TABLE[verb] else set()
            return REFUSALS | possible
        if who in wish.unjudged_by:
            return REFUSALS | {200}
        if not fits:
            refused = who_may.refused(who, verb, wish, self.today)
            return {refused} if refused else {200, 400, 403, 409}
        return {who_may.answers_to(who, verb, wish, self.today, body)}

    def learn(self, wish: Known, verb: str, unjudged: set[str]) -> None:
        """Read anew what a verb made of a wish, where the model does not say: its state is where the table leads."""
        to = TABLE[verb][wish.state] if verb in TABLE else wish.state
        before, unjudged = wish.n, wish.unjudged_by | unjudged
        wish.__dict__.update(known(wish.code).__dict__)
        wish.unjudged_by = unjudged
        assert (wish.state, wish.n > before) == (to, True), (verb, wish)

    def hold(self, wish: Known) -> None:
        """Hold a wish's row and chain to what is known of it, and see that it has one holder."""
        row = Wish.objects.filter(code=wish.code).values(*COLUMNS).get()
        kept = row["state"], row["trail_n"], row["agency__code"], row["handler__username"]
        assert kept == (wish.state, wish.n, wish.agency, wish.handler), (kept, wish)
        assert row["visibility"] == wish.visibility
        assert row["offered_to__code"] == wish.offered_to
        assert (wish.agency is not None) == (wish.state in HELD)
        assert who_may.is_held_by_one(wish, row["origin"]), (row, wish)
        chain = list(trail.events_of(Wish(pk=row["pk"])))
        assert trail.fault_in(chain, row["trail_n"], row["trail_head"]) is None
        assert chain[-1].to_state == wish.state

    def compare(self, told: dict, who: str, wish: Known) -> None:
        """Hold what somebody is told of a wish to what they may know and do."""
        assert told["state"] == wish.state
        assert told["agency"] == wish.agency
        if who not in wish.unjudged_by:
            assert (FOR_INSIDERS in told) == who_may.is_told_more(PEOPLE[who], wish), (who, wish)
            assert set(told["moves"]) & set(MAY) == who_may.moves_told(who, wish, self.today), (
                f"moves {told['moves']} are offered to {who} of {wish} on {self.today}"
            )

    def ask(self, who: str, method: str, path: str, body: Any, what: str):
        with clock.at(NOW + dt.timedelta(days=self.days)):
            answer = getattr(self.clients[who], method)(f"{V1}wishes/{path}", body)
        self.counts[what, answer.status_code] += 1
        assert answer.status_code in REFUSALS | {200, 201}, (what, body, answer.content[:500])
        text = answer.content.decode()
        assert not [secret for secret in SECRETS if secret in text], (who, what, text)
        return answer


@pytest.fixture
def _quick(db, settings, monkeypatch):
    """Leave away what has tests of its own: middleware, throttles, a database that ponders how to join."""
    logging.disable(logging.CRITICAL)
    settings.MIDDLEWARE = []
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda self: None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 1")
    yield
    logging.disable(logging.NOTSET)


def known(code: str) -> Known:
    """Return what is known of a wish by reading it."""
    row = Wish.objects.filter(code=code).values(*COLUMNS).get()
    agreed = Wish.objects.filter(code=code).values_list("resident__consents__kind", flat=True)
    return who_may.known({**row, "consents": [kind for kind in agreed if kind]})


@pytest.fixture
def beginnings(wish_in) -> list[str]:
    """Make wishes in every state that `wish_in` knows, and some that not everybody sees or may publish alone."""
    made = [wish for state in State.values if (wish := wish_in(state)).state == state]
    made += [wish_in("branch")]
    made += [wish_in("open", visibility=visibility) for visibility in ("paired", "private")]
    made += [wish_in(state, sensitive=True) for state in ("draft", "checking")]
    return [wish.code for wish in made]


def workflow_of(cast, beginnings: list[str], counts: Counter) -> type[RuleBasedStateMachine]:
    """Make the machine over this cast; it counts what happened, by move and answer."""
    clients = {who: Client(raise_request_exception=False) for who in PEOPLE}
    for who, client in clients.items():
        client.force_authenticate(getattr(cast, who))
    facts = {"clients": clients, "beginnings": beginnings, "counts": counts}
    return type("Workflow", (AnyWorkflow,), facts)


def test_every_move_has_a_door_that_the_walk_can_try():
    assert set(TABLE) - set(DOORS) == set(), "these moves of the table are never tried"
    assert set(MAY) - set(TABLE) == set(), "these moves that who_may judges are gone"


@pytest.mark.usefixtures("_quick")
def test_no_sequence_of_moves_breaks_the_workflow(cast, beginnings, capsys):
    counts: Counter = Counter()
    began = time.monotonic()
    wanted = settings(
        max_examples=max(1, STEPS // STEPS_IN_A_RUN),
        stateful_step_count=STEPS_IN_A_RUN,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(workflow_of(cast, beginnings, counts), settings=wanted)
    finally:  # also when it is cut short, by Ctrl-C or by a finding
        if "FUZZ_STEPS" in os.environ:
            with capsys.disabled():
                sys.stdout.write(told(counts, time.monotonic() - began))
    assert {status for _verb, status in counts} >= {200, 400, 403, 404, 409}


def told(counts: Counter, seconds: float) -> str:
    """Return a table of what was answered how often, by move."""
    steps = counts.pop((STEP, 0))
    statuses = sorted({status for _verb, status in counts})
    lines = [f"\n{'':12}" + "".join(f"{status:>8}" for status in statuses)]
    for verb in sorted({verb for verb, _status in counts}):
        note = "" if verb in MAY or verb not in DOORS else "  held to the table alone"
        lines.append(f"{verb:12}" + "".join(f"{counts[verb, s]:8}" for s in statuses) + note)
    speed = f"{steps} steps, {counts.total()} requests in {seconds:.0f} s"
    lines.append(f"{speed}, {steps / seconds:.0f} steps a second\n")
    return "\n".join(lines)
