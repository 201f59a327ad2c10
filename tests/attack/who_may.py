"""What the rules say of the workflow, written down a second time: nothing here asks the portal's own policy.

`Known` is a wish as the model knows it; `answers_to` says how a request about it may be answered. Verbs that are
not judged here (`MAY` names those that are) join the walk all the same: they must keep to the table, and what they
change of a wish is read anew.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from wishes.workflow import ON_THE_WALL, TABLE, How, Kind, Move, Origin, Rating, State, Visibility

STREET_OF = {"QT": "BZ", "HC": "BZ", "HL": "DS"}
PAIRED_WITH = {"QT": "JY", "HC": "WB"}
MONEY_LIMIT = 500  # yuan


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, and what they are."""

    name: str
    works: str = ""
    warden_of: str = ""
    agency: str = ""
    staff: bool = False
    liaison: bool = False
    street: str = ""
    role: str = ""


PEOPLE = {
    person.name: person
    for person in (
        Person("worker", works="QT"),
        Person("colleague", works="QT"),
        Person("warden", warden_of="QT"),
        Person("worker2", works="HC"),
        Person("cadre", agency="JY", staff=True),
        Person("cadre_b", agency="JY", staff=True),
        Person("liaison", agency="JY", staff=True, liaison=True),
        Person("cadre2", agency="WB", staff=True),
        Person("member", agency="CX"),
        Person("member_liaison", agency="CX", liaison=True),
        Person("street", agency="BZO", staff=True, street="BZ"),
        Person("street2", agency="DSO", staff=True, street="DS"),
        Person("supervisor", role="supervisor"),
        Person("supervision_group", role="supervision_group"),
        Person("inspector", role="inspector"),
        Person("leader", role="leader"),
        Person("admin", role="administrator"),
        Person("stranger"),
    )
}


@dataclass
class Known:
    """A wish, as far as the rules need it; `unjudged_by` made moves on it that this model does not judge."""

    code: str
    community: str
    state: str
    n: int
    logged_by: str
    kind: str
    for_child: bool
    sensitive: bool
    estimate: float
    consents: frozenset[str]
    visibility: str = ""
    submitted_by: str | None = None
    offered_to: str | None = None
    open_to_all_on: dt.date | None = None
    agency: str | None = None
    handler: str | None = None
    is_published: bool = False
    unjudged_by: set[str] = field(default_factory=set)

    @property
    def needs_second_person(self) -> bool:
        costly = self.estimate > MONEY_LIMIT
        return self.kind == Kind.HEALTH or self.for_child or self.sensitive or costly


Rule = Callable[[Person, Known], bool]


def works_there(who: Person, wish: Known) -> bool:
    return who.works == wish.community


def oversees(who: Person, wish: Known) -> bool:
    return who.street == STREET_OF[wish.community]


def noted(who: Person, wish: Known) -> bool:
    return who.warden_of == wish.community and wish.logged_by == who.name


def of_holder(who: Person, wish: Known) -> bool:
    return wish.agency is not None and who.agency == wish.agency


def handles(who: Person, wish: Known) -> bool:
    return wish.handler == who.name


def watches(who: Person) -> bool:
    return who.role in {"supervisor", "supervision_group"}


def sees(who: Person, wish: Known) -> bool:
    """Say whether a wish is there at all for somebody."""
    offered = wish.visibility == Visibility.PAIRED and wish.offered_to == who.agency and who.staff
    return (
        (wish.visibility == Visibility.PUBLIC and wish.state in ON_THE_WALL)
        or works_there(who, wish)
        or noted(who, wish)
        or handles(who, wish)
        or (of_holder(who, wish) and (who.staff or who.liaison))
        or (wish.is_published and (offered or watches(who)))
        or (oversees(who, wish) and (wish.is_published or wish.state == State.CHECKING))
    )


def is_told_more(who: Person, wish: Known) -> bool:
    """Say whether somebody reads more of a wish than the public does."""
    near = works_there(who, wish) or noted(who, wish) or oversees(who, wish) or handles(who, wish)
    return near or watches(who) or (of_holder(who, wish) and (who.staff or who.liaison))


def _desk(who: Person, wish: Known) -> bool:
    """The community's workers, and the street once a wish has left their desk."""
    return works_there(who, wish) or (oversees(who, wish) and wish.state != State.DRAFT)


def _claims(who: Person, wish: Known) -> bool:
    if wish.visibility == Visibility.PAIRED:
        return who.staff and who.agency == wish.offered_to
    return who.agency != "" and wish.visibility != Visibility.PRIVATE


def hands_to_anybody(who: Person, wish: Known) -> bool:
    private = wish.visibility == Visibility.PRIVATE and works_there(who, wish)
    return oversees(who, wish) or who.role == "supervisor" or private


def _names(who: Person, wish: Known) -> bool:
    return hands_to_anybody(who, wish) or (of_holder(who, wish) and who.liaison)


def _holds(who: Person, wish: Known) -> bool:
    return handles(who, wish) or (of_holder(who, wish) and who.liaison)


def _hears(who: Person, wish: Known) -> bool:
    return (works_there(who, wish) or oversees(who, wish)) and not of_holder(who, wish)


def _takes_back(who: Person, wish: Known) -> bool:
    return _desk(who, wish) or (noted(who, wish) and wish.state == State.DRAFT)


MAY: dict[str, Rule] = {
    Move.SUBMIT: lambda who, wish: works_there(who, wish) or noted(who, wish),
    Move.RETURN: _desk,
    Move.PUBLISH: _desk,
    Move.CLAIM: _claims,
    Move.ASSIGN: _names,
    Move.RELEASE: _holds,
    Move.FULFIL: handles,
    Move.CONFIRM: _hears,
    Move.REOPEN: _hears,
    Move.WITHDRAW: _takes_back,
}


def _not_now(who: Person, verb: str, wish: Known, today: dt.date) -> bool:
    """Say whether something else than person and state stands in the way."""
    if verb == Move.PUBLISH and wish.needs_second_person:
        return wish.state == State.DRAFT or who.name in (wish.logged_by, wish.submitted_by)
    if verb == Move.CLAIM and wish.offered_to and wish.open_to_all_on:
        first = who.staff and who.agency == wish.offered_to
        return not first and today < wish.open_to_all_on
    return False


def refused(who: str, verb: str, wish: Known, today: dt.date) -> int | None:
    """Return how somebody is refused whatever they say, or None where it depends on what they say."""
    person = PEOPLE[who]
    if not sees(person, wish):
        return 404
    if not MAY[verb](person, wish):
        return 403
    if wish.state not in TABLE[verb] or _not_now(person, verb, wish, today):
        return 409
    return None


def answers_to(who: str, verb: str, wish: Known, today: dt.date, body: dict) -> int:
    """Return how a request is answered whose body has the right shape."""
    status, person = refused(who, verb, wish, today), PEOPLE[who]
    if status:
        return status
    if verb == Move.PUBLISH:
        return 200 if _agreed(wish, body["visibility"]) else 409
    if verb == Move.CLAIM and body.get("for_branch") and not person.liaison:
        return 403
    if verb == Move.ASSIGN:
        to = PEOPLE[body["handler"]]
        known = to.agency and to.name != wish.handler
        near = hands_to_anybody(person, wish) or to.agency == person.agency
        return 200 if known and near else 400
    return 400 if verb == Move.CONFIRM and body["how"] == How.SCAN else 200


def _agreed(wish: Known, visibility: str) -> bool:
    """Say whether the resident agreed to what is about to be done."""
    delicate = wish.kind == Kind.HEALTH or wish.for_child
    if visibility == Visibility.PUBLIC and "publish" not in wish.consents:
        return False
    return not delicate or "sensitive" in wish.consents


def moved(wish: Known, verb: str, who: str, body: dict) -> None:
    """Change what is known of a wish as an accepted move does."""
    person = PEOPLE[who]
    wish.state, wish.n = TABLE[verb][wish.state], wish.n + 1
    if verb == Move.SUBMIT:
        wish.submitted_by = who
    elif verb == Move.PUBLISH:
        private = body["visibility"] == Visibility.PRIVATE
        wish.visibility, wish.is_published = body["visibility"], True
        wish.offered_to = None if private else PAIRED_WITH[wish.community]
    elif verb == Move.CLAIM:
        wish.agency = person.agency
        wish.handler = None if body.get("for_branch") else who
    elif verb == Move.ASSIGN:
        wish.agency, wish.handler = PEOPLE[body["handler"]].agency, body["handler"]
    elif verb in (Move.RELEASE, Move.WITHDRAW):
        wish.agency = wish.handler = None


def words_for(who: str, verb: str, wish: Known) -> dict:
    """Return a body with which a move that is judged here goes through, if anything does."""
    to = "cadre_b" if wish.handler == "cadre" else "cadre"
    if verb == Move.ASSIGN and not hands_to_anybody(PEOPLE[who], wish):
        agency = PEOPLE[who].agency
        colleagues = [each.name for each in PEOPLE.values() if each.agency == agency]
        to = next((name for name in colleagues if name != wish.handler), to)
    return {
        Move.PUBLISH: {"visibility": "public" if "publish" in wish.consents else "private"},
        Move.CLAIM: {"for_branch": False},
        Move.ASSIGN: {"handler": to},
        Move.FULFIL: {"note": "陪着去配好了"},
        Move.CONFIRM: {"rating": Rating.SATISFIED, "how": How.PHONE},
    }.get(verb, {"reason": "说明一句"})


def moves_told(who: str, wish: Known, today: dt.date) -> set[str]:
    """Return which of the judged moves somebody is to be offered."""
    return {str(verb) for verb in MAY if refused(who, verb, wish, today) is None}


def ways_on(wish: Known, today: dt.date) -> dict[str, list[str]]:
    """Return each judged move that can be made of a wish now, with those who can make it."""
    able = {
        str(verb): [who for who in PEOPLE if refused(who, verb, wish, today) is None]
        for verb in MAY
        if wish.state in TABLE[verb]
    }
    return {verb: people for verb, people in able.items() if people}


def near_misses(wish: Known, today: dt.date) -> list[tuple[str, str]]:
    """Return who sees the wish and cannot make which judged move of its state: not now, or else not theirs."""
    answers = {
        (str(verb), who): refused(who, verb, wish, today)
        for verb in MAY
        if wish.state in TABLE[verb]
        for who in PEOPLE
    }
    not_now = [way for way, status in answers.items() if status == 409]
    return not_now or [way for way, status in answers.items() if status == 403]


def known(row: dict) -> Known:
    """Return what is known of a wish, from its row."""
    return Known(
        code=row["code"],
        community=row["community__code"],
        state=row["state"],
        n=row["trail_n"],
        logged_by=row["logged_by__username"],
        kind=row["kind"],
        for_child=row["for_child"],
        sensitive=row["sensitive"],
        estimate=float(row["estimate"] or 0),
        consents=frozenset(row["consents"]),
        visibility=row["visibility"],
        submitted_by=row["submitted_by__username"],
        offered_to=row["offered_to__code"],
        open_to_all_on=row["open_to_all_on"],
        agency=row["agency__code"],
        handler=row["handler__username"],
        is_published=row["published_at"] is not None,
    )


def is_held_by_one(wish: Known, origin: str) -> bool:
    """Say whether a wish has its one holder, or none where none is due."""
    if wish.agency is None:
        return wish.handler is None and origin == ""
    if wish.handler is None:
        return origin == Origin.BRANCH
    return PEOPLE[wish.handler].agency == wish.agency
