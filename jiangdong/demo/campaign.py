"""Spring 2014: 3 826 wishes collected and all claimed, brought in as an archived campaign.

It carries what the article states and nothing it does not: who claimed, and of the education bureau
that 72 were fulfilled. No resident stands behind any of them.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from tqdm import tqdm

from accounts.models import User
from jiangdong.demo.agencies import EDUCATION, SECOND_GENERATION
from jiangdong.demo.dice import Hours
from jiangdong.demo.district import District
from jiangdong.demo.places import COMMUNITIES
from jiangdong.demo.wish_texts import THEN, WishText, WishWriter
from notices.workdays import add_workdays
from pairing.models import Cadre
from wishes.actions import Brought, Step, bring_in
from wishes.models import Campaign, Draft
from wishes.workflow import Kind, Move, Source

SLUG = "spring-2014"
NAME = "2014年春季微心愿征集"
COLLECTED = 3826
BY_SECOND_GENERATION = 300
FULFILLED_BY_EDUCATION = 72

_FIRST_DAY = dt.date(2014, 2, 24)
_WORKDAYS = 36  # of collecting


class Spring:
    """Writes the campaign's rows, in the order in which the wishes were collected."""

    def __init__(self, district: District, rng: random.Random) -> None:
        self.district = district
        self.rng = rng
        self.hours = Hours(rng)
        self.writer = WishWriter(rng, THEN)

    def rows(self) -> list[Brought]:
        """Return all rows, oldest first."""
        return sorted(self._rows(), key=lambda row: row.at)

    def _rows(self) -> Iterator[Brought]:
        codes = spread(COLLECTED)
        self.rng.shuffle(codes)
        others = [n for n, code in enumerate(codes) if self._agency(code) != EDUCATION]
        taken = set(self.rng.sample(others, BY_SECOND_GENERATION))
        education = [n for n, code in enumerate(codes) if self._agency(code) == EDUCATION]
        fulfilled = set(self.rng.sample(education, FULFILLED_BY_EDUCATION))
        for n, code in enumerate(codes):
            day = add_workdays(_FIRST_DAY, n * _WORKDAYS // COLLECTED)
            agency = SECOND_GENERATION if n in taken else self._agency(code)
            yield self._row(code, agency, day, fulfilled=n in fulfilled)

    def _agency(self, community: str) -> str:
        return self.district.agency_of(community).code

    def _row(self, code: str, agency: str, day: dt.date, *, fulfilled: bool) -> Brought:
        community = self.district.communities[code]
        text = self.writer.write()
        first, second = self.rng.sample(self.district.workers[code], 2)
        logged = self.hours.on(day, early=True)
        steps = list(self._published(text, community.name, first, second, logged))
        claimant = self._claimant(agency, text.kind)
        own = {"by": claimant.user, "label": claimant.agency.name, "agency": claimant.agency}
        claimed = self.hours.after(steps[-1].at, self.rng.randint(1, 4))
        steps.append(Step(move=Move.CLAIM, at=claimed, **own))
        if fulfilled:
            done = self.hours.after(claimed, self.rng.randint(2, 9))
            note = self.writer.phrase(f"fulfil {text.kind}")
            steps.append(Step(move=Move.FULFIL, at=done, note=note, **own))
        return Brought(
            draft=self._draft(text), community=community, by=first, at=logged, steps=tuple(steps)
        )

    def _published(
        self, text: WishText, label: str, first: User, second: User, logged: dt.datetime
    ) -> Iterable[Step]:
        """Yield the steps to the board; a second person looks where a child or health is concerned."""
        at = self.hours.after(logged, 0)
        if text.for_child or text.kind == Kind.HEALTH:
            yield Step(move=Move.SUBMIT, at=at, by=first, label=label)
            yield Step(move=Move.PUBLISH, at=self.hours.after(at, 0), by=second, label=label)
        else:
            yield Step(move=Move.PUBLISH, at=at, by=first, label=label)

    def _claimant(self, agency: str, kind: str) -> Cadre:
        cadres = self.district.cadres[agency]
        gifted = [cadre for cadre in cadres if kind in cadre.specialities]
        return self.rng.choice(gifted if gifted and self.rng.random() < 0.5 else cadres)

    def _draft(self, text: WishText) -> Draft:
        return Draft(
            title=text.title,
            kind=text.kind,
            detail=text.detail,
            for_child=text.for_child,
            estimate=Decimal(text.estimate) if text.estimate else None,
            money_source=self.rng.choice(Source.values) if text.estimate else "",
        )


def spread(total: int) -> list[str]:
    """Return so many community codes, each as often as its households weigh, adding up exactly."""
    households = sum(place.households for place in COMMUNITIES)
    counts = Counter({place.code: total * place.households // households for place in COMMUNITIES})
    largest = sorted(COMMUNITIES, key=lambda place: -place.households)
    for place in largest[: total - counts.total()]:
        counts[place.code] += 1
    return list(counts.elements())


def bring_in_spring(rows: list[Brought]) -> int:
    """Bring the campaign in and return how many wishes it has."""
    campaign = Campaign.objects.create(slug=SLUG, name=NAME, archived=True)
    shown = tqdm(rows, desc="2014年春", unit="个", disable=None)
    return bring_in(rows=shown, campaign=campaign)
