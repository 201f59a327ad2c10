"""The live season: the past ten weeks, in which units with real names do well and invented ones show the rest.

Nothing late, low or reopened ever belongs to a real name. Wishes of real names that are still under way
have a day agreed well ahead, so that the demo may stand for a week or two before anything of theirs is late.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from jiangdong.demo import people, story
from jiangdong.demo.agencies import SECOND_GENERATION
from jiangdong.demo.places import COMMUNITIES, CONTACT, NAMED, Place
from jiangdong.demo.scene import Scene
from jiangdong.demo.story import Story
from jiangdong.demo.wish_texts import WishText
from notices.workdays import add_workdays
from pairing.models import Cadre
from wishes import actions
from wishes.workflow import How, Kind, Rating, Visibility

WORKDAYS = 50
# Associations whose members take what the paired unit left.
VOLUNTEERS, REPAIRERS = "SLZ", "SLW"
VOLUNTEERS_WAIT = 5  # working days: the paired unit is asked first
# Communities of the demo accounts: what they did before, beside what the stage sets.
OF_THE_ACCOUNTS = {"QT": 24, "ZM": 22, "HC": 20}
WITHDRAWN = 0.04  # of what was taken: residents change their minds
# Days after which a wish is no longer left standing: somebody steps in.
STEPS_IN_AFTER = 24


@dataclass(frozen=True)
class Manner:
    """How a unit goes about wishes: working days from and to, and parts of one."""

    claims_in: tuple[int, int] = (0, 2)
    works_for: tuple[int, int] = (1, 5)
    never_claims: float = 0
    never_fulfils: float = 0
    releases: float = 0
    reopened: float = 0
    unconfirmed: float = 0
    ratings: tuple[int, int, int] = (1, 0, 0)  # satisfied, fair, unsatisfied


REAL = Manner()
MANNERS = {
    # Claims at once, and then takes its time: "which agency only claims".
    "示例单位甲": Manner((0, 1), (6, 15), never_fulfils=0.4, unconfirmed=0.35, ratings=(6, 3, 1)),
    # Slow to claim.
    "示例单位乙": Manner((4, 12), (3, 6), never_claims=0.4, ratings=(8, 2, 0)),
    # Quick, and not thorough.
    "示例单位丙": Manner((0, 3), (1, 4), reopened=0.4, ratings=(4, 4, 2)),
    "示例单位丁": Manner((0, 2), (1, 5), ratings=(9, 1, 0)),
    # Takes what it cannot do.
    "示例单位戊": Manner((1, 6), (3, 8), releases=0.3, never_fulfils=0.1, ratings=(7, 2, 1)),
}


def wishes_of(place: Place) -> int:
    """Return how many wishes of the season, beside those set for the demo accounts, a community has."""
    if place.invented:
        return 15
    own = {**OF_THE_ACCOUNTS, **dict.fromkeys(CONTACT, 7)}
    return own.get(place.code, 5 if place.code in NAMED else 3 + len(place.code) % 2)


def newest(place: Place) -> int:
    """Return how few working days ago a community's wishes may begin: of some the stage sets the newest."""
    return 8 if place.code in OF_THE_ACCOUNTS else 1


@dataclass(frozen=True)
class Plan:
    """What is settled about a wish before its story begins; the numbers are working days."""

    place: Place
    text: WishText
    manner: Manner
    visibility: str
    first: User
    second: User
    ago: int
    claims_in: int
    works_for: int
    volunteer: bool

    @property
    def ends(self) -> int:
        """Return on which working day from today it is done; before today when negative."""
        return self.claims_in + self.works_for - self.ago

    @property
    def old(self) -> bool:
        """Tell whether somebody has stepped in by now, where it was left standing."""
        return self.ago >= STEPS_IN_AFTER


class Season(Scene):
    """Tells the stories of the season."""

    def stories(self) -> Iterator[Story]:
        """Yield one story a wish, begun on any of the season's working days."""
        for place in COMMUNITIES:
            for _ in range(wishes_of(place)):
                yield self._story(self._plan(place))

    def _plan(self, place: Place) -> Plan:
        manner = MANNERS.get(self.district.agency_of(place.code).name, REAL)
        visibility = self.rng.choices(Visibility.values, (92, 5, 3))[0]
        volunteer = visibility == Visibility.PUBLIC and self.rng.random() < 0.12
        first, second = self.workers_of(place.code)
        return Plan(
            place=place,
            text=self.text(),
            manner=manner,
            visibility=visibility,
            first=first,
            second=second,
            ago=self.rng.randint(newest(place), WORKDAYS),
            claims_in=VOLUNTEERS_WAIT if volunteer else self._days(manner.claims_in),
            works_for=self._days(manner.works_for),
            volunteer=volunteer,
        )

    def _story(self, plan: Plan) -> Story:
        told = self._begin(plan)
        if self.rng.random() < plan.manner.never_claims:
            return self._street_steps_in(told, plan)
        cadre = self._take(told, plan)
        if self.rng.random() < WITHDRAWN:
            reason = self.writer.phrase("withdraw")
            return told.then(story.move(actions.withdraw, by=plan.first, reason=reason), after=1)
        if plan.visibility == Visibility.PUBLIC and self.rng.random() < plan.manner.releases:
            cadre = self._give_back(told, cadre)
        return self._finish(told, plan, cadre)

    def _begin(self, plan: Plan) -> Story:
        warden = self.rng.choice(self.district.wardens[plan.place.code])
        told = self.begin(
            plan.place.code,
            plan.text,
            ago=plan.ago,
            by=warden if self.rng.random() < 0.12 else plan.first,
            due_on=self._agreed_day(plan),
            visibility=plan.visibility,
            reachable=self.rng.random() > 0.08,
        )
        return self.publish(told, plan.text, plan.first, plan.second, plan.visibility)

    def _days(self, span: tuple[int, int]) -> int:
        return self.rng.randint(*span)

    def _agreed_day(self, plan: Plan) -> dt.date | None:
        """Return a day agreed with the resident that a real name keeps with ease, or None for the usual seven."""
        if plan.manner is not REAL:
            return None
        if plan.ends >= -2:
            return add_workdays(self.today, max(plan.ends, 0) + self.rng.randint(8, 14))
        if plan.claims_in + plan.works_for > 5:
            return add_workdays(self.today, plan.ends + 2)
        return None

    def _take(self, told: Story, plan: Plan) -> Cadre:
        """Let somebody take it: mostly of the paired agency, sometimes its branch, sometimes a volunteer."""
        if plan.volunteer:
            cadre = self._choose(self._volunteers(plan), plan.text.kind)
            told.then(story.move(actions.claim, by=cadre.user), after=plan.claims_in)
            return cadre
        agency = self.district.agency_of(plan.place.code)
        cadre = self._choose(agency.code, plan.text.kind)
        if plan.visibility == Visibility.PRIVATE:
            assign = story.move(actions.assign, by=plan.first, handler=cadre)
            told.then(assign, after=min(plan.claims_in, 1))
        elif not cadre.is_liaison and self.rng.random() < 0.1:
            liaison = self.district.liaison_of(agency.code)
            for_branch = story.move(actions.claim, by=liaison, for_branch=True)
            told.then(for_branch, after=plan.claims_in)
            told.then(story.move(actions.assign, by=liaison, handler=cadre), after=1)
        else:
            told.then(story.move(actions.claim, by=cadre.user), after=plan.claims_in)
        return cadre

    def _volunteers(self, plan: Plan) -> str:
        """Return whose members take it: a real name only where nothing will be late."""
        if plan.text.kind == Kind.REPAIR:
            return REPAIRERS
        if plan.manner is not REAL:
            return VOLUNTEERS
        return self.rng.choice((SECOND_GENERATION, VOLUNTEERS))

    def _choose(self, agency: str, kind: str) -> Cadre:
        """Choose who takes it, by gift where there is one; the demo accounts have stories of their own."""
        theirs = self.district.cadres[agency]
        cadres = [cadre for cadre in theirs if cadre.user.username not in people.CADRES]
        gifted = [cadre for cadre in cadres if kind in cadre.specialities]
        return self.rng.choice(gifted or cadres)

    def _street_steps_in(self, told: Story, plan: Plan) -> Story:
        """Leave it on the board; where it stood for weeks the street hands it to somebody (交办)."""
        if not plan.old or plan.visibility == Visibility.PRIVATE:
            return told
        street = self.rng.choice(self.district.cadres[f"{plan.place.street}J"]).user
        handler = self._choose(self.district.agency_of(plan.place.code).code, plan.text.kind)
        told.then(story.move(actions.assign, by=street, handler=handler), after=10)
        self.fulfil(told, handler.user, after=4)
        return self.nod(told, plan.first, after=1, how=How.PHONE)

    def _give_back(self, told: Story, cadre: Cadre) -> Cadre:
        """Let them release it, and a volunteer take it some days later."""
        reason = self.writer.phrase("release")
        told.then(story.move(actions.release, by=cadre.user, reason=reason), after=2)
        volunteer = self._choose(VOLUNTEERS, "")
        told.then(story.move(actions.claim, by=volunteer.user), after=VOLUNTEERS_WAIT)
        return volunteer

    def _finish(self, told: Story, plan: Plan, cadre: Cadre) -> Story:
        """Let it be done, and the resident judge it; or not, where that is the unit's manner."""
        manner = plan.manner
        if not plan.old and self.rng.random() < manner.never_fulfils:
            return told
        self.fulfil(told, cadre.user, after=plan.works_for)
        if self.rng.random() < manner.reopened:
            reason = self.writer.phrase("reopen")
            told.then(story.move(actions.reopen, by=plan.first, reason=reason), after=1)
            self.fulfil(told, cadre.user, after=self._days((2, 6)))
        if self.rng.random() < manner.unconfirmed:
            return told.then(story.ring_in_vain(plan.first), after=1)
        if self.rng.random() < 0.1:
            told.then(story.ring_in_vain(plan.first), after=1)
        rating = self.rng.choices(Rating.values, manner.ratings)[0]
        return self.nod(told, plan.first, after=self._days((0, 3)), rating=rating)
