"""Random people make random moves through the API: whatever they do, the workflow's promises hold.

A few hundred steps here; `make fuzz` makes 100 000 and prints what it did.
"""

import datetime as dt
import logging
import os
import sys
from collections import Counter
from typing import ClassVar

from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts import trail
from jiangdong import clock
from tests.api import V1, api
from wishes.models import Wish
from wishes.workflow import TABLE, How, Kind, Move, Rating, Visibility

STEPS = int(os.environ.get("FUZZ_STEPS", "300"))
STEPS_IN_A_RUN = 50
PEOPLE = [
    "worker",
    "colleague",
    "warden",
    "worker2",
    "cadre",
    "cadre_b",
    "liaison",
    "cadre2",
    "member",
    "member_liaison",
    "street",
    "street2",
    "supervisor",
    "supervision_group",
    "inspector",
    "leader",
    "admin",
    "stranger",
]
A_DAY = dt.timedelta(days=1)
REFUSALS = {400, 403, 404, 409}

people = st.sampled_from(PEOPLE)
texts = st.one_of(st.just("说明一句"), st.text(max_size=12), st.just("字" * 600), st.just("\x00"))
junk = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.lists(st.none(), max_size=2))
# What a move takes, mostly as it should be.
FIELDS = {
    "reason": texts,
    "visibility": st.sampled_from(Visibility.values),
    "for_branch": st.booleans(),
    "handler": st.sampled_from(PEOPLE),
    "note": texts,
    "rating": st.sampled_from(Rating.values),
    "words": texts,
    "how": st.sampled_from(How.values),
}
WANTED = {
    Move.RETURN: ["reason"],
    Move.PUBLISH: ["visibility"],
    Move.CLAIM: ["for_branch"],
    Move.ASSIGN: ["handler"],
    Move.RELEASE: ["reason"],
    Move.FULFIL: ["note"],
    Move.CONFIRM: ["rating", "words", "how"],
    Move.REOPEN: ["reason"],
    Move.WITHDRAW: ["reason"],
}

# Those who get a wish on, with all that any move wants: the random walk would else stay in the first states.
likely = st.sampled_from(["worker", "colleague", "cadre", "liaison", "street"])
bodies = st.fixed_dictionaries({**FIELDS, "reason": st.just("说明"), "note": st.just("办好了")})


@st.composite
def moves(draw) -> tuple[str, object]:
    """Draw a move and a body: eight of ten as the move wants it, the rest anything."""
    move = draw(st.sampled_from(Move.values))
    if draw(st.integers(0, 9)) < 8:
        return move, {name: draw(FIELDS[name]) for name in WANTED.get(move, [])}
    return move, draw(st.one_of(junk, st.dictionaries(st.sampled_from([*FIELDS]), junk)))


new_wishes = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["想修一修灯", "想学写字", ""]),
        "kind": st.sampled_from(Kind.values),
    },
    optional={
        "for_child": st.booleans(),
        "sensitive": st.booleans(),
        "estimate": st.sampled_from(["10", "800", "-1", "NaN", "9999999"]),
        "due_on": st.sampled_from(["2026-04-01", "2000-01-01", "0000-00-00"]),
        "community": st.sampled_from(["QT", "HC", "XX"]),
        "consent": st.just({"contact": True, "publish": True}),
        "resident": st.fixed_dictionaries({"name": texts}),
    },
)


class AnyWorkflow(RuleBasedStateMachine):
    """The model: of each wish its state, and how many events it must have by now."""

    codes = Bundle("codes")
    clients: ClassVar[dict]
    counts: ClassVar[Counter]

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.model: dict[str, tuple[str, int]] = {}
        self.now = clock.now()
        self.days = 0

    def teardown(self) -> None:
        """Undo what this run wrote."""
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @rule(
        target=codes,
        who=st.sampled_from(["worker", "worker", "warden", "worker2", "leader"]),
        body=new_wishes,
    )
    def log(self, who, body):
        answer = self.clients[who].post(f"{V1}wishes/", body)
        self.count("log", answer)
        if answer.status_code != 201:
            return multiple()
        code = answer.json()["code"]
        self.model[code] = ("draft", 1)
        return code

    @rule(code=codes, who=people, move=moves(), days=st.sampled_from([0, 0, 0, 1, 4]))
    def make(self, code, who, move, days):
        self.move(code, who, move, days)

    @rule(code=codes, who=likely, pick=st.integers(0, 9), body=bodies)
    def make_what_the_table_lets(self, code, who, pick, body):
        state = self.model[code][0]
        possible = [str(verb) for verb in TABLE if state in TABLE[verb]]
        if possible:
            self.move(code, who, (possible[pick % len(possible)], body), 0)

    def move(self, code, who, move, days) -> None:
        self.days += days
        verb, body = move
        with clock.at(self.now + self.days * A_DAY):
            answer = self.clients[who].post(f"{V1}wishes/{code}/{verb}/", body)
        self.count(verb, answer)
        if answer.status_code != 200:
            return
        before, n = self.model[code]
        assert before in TABLE[verb], (verb, before)
        self.model[code] = (TABLE[verb][before], n + 1)
        assert answer.json()["state"] == TABLE[verb][before]

    def count(self, verb, answer) -> None:
        self.counts[verb, answer.status_code] += 1
        assert answer.status_code in REFUSALS | {200, 201}, (verb, answer.content[:500])

    @rule(code=codes, who=people)
    def read(self, code, who):
        answer = self.clients[who].get(f"{V1}wishes/{code}/")
        self.counts["read", answer.status_code] += 1
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert answer.json()["state"] == self.model[code][0]

    @invariant()
    def the_rows_are_what_the_answers_said(self):
        rows = {wish.code: wish for wish in Wish.objects.all()}
        assert {code: (w.state, w.trail_n) for code, w in rows.items()} == self.model
        for wish in rows.values():
            held = wish.state in ("claimed", "fulfilled", "closed")
            assert (wish.agency_id is not None) == held
            assert (wish.handler_id is not None) <= held

    @invariant()
    def every_chain_proves(self):
        assert list(trail.verify()) == []


def workflow_of(cast, counts: Counter) -> type[RuleBasedStateMachine]:
    """Make the machine over this cast; it counts what happened, by move and answer."""
    clients = {who: api(getattr(cast, who)) for who in PEOPLE}
    for client in clients.values():
        client.raise_request_exception = False
    return type("Workflow", (AnyWorkflow,), {"clients": clients, "counts": counts})


def test_no_sequence_of_moves_breaks_the_workflow(cast, capsys):
    logging.disable(logging.CRITICAL)
    counts: Counter = Counter()
    try:
        run_state_machine_as_test(
            workflow_of(cast, counts),
            settings=settings(
                max_examples=max(1, STEPS // STEPS_IN_A_RUN),
                stateful_step_count=STEPS_IN_A_RUN,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        logging.disable(logging.NOTSET)
    if "FUZZ_STEPS" in os.environ:
        lines = [f"{verb:10} {status} {n:7}" for (verb, status), n in sorted(counts.items())]
        with capsys.disabled():
            sys.stdout.write("\n".join(["", *lines, f"{counts.total()} steps, no finding", ""]))
    assert {status for _verb, status in counts} >= {200, 201, 403, 404}
