"""What every story of the live season begins with: a resident, a wish written down, and its way to the board."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from accounts.models import User
from jiangdong.demo import story
from jiangdong.demo.dice import Hours
from jiangdong.demo.district import District
from jiangdong.demo.people import SURNAMES
from jiangdong.demo.story import Story
from jiangdong.demo.wish_texts import TODAY, WishText, WishWriter
from notices.workdays import add_workdays
from pairing.models import Details
from wishes import actions
from wishes.models import Draft
from wishes.workflow import How, Kind, Rating, Source, Visibility


class Scene:
    """The district with its chance, its hours and its writer; stories are begun here."""

    def __init__(self, district: District, rng: random.Random, today: dt.date) -> None:
        self.district = district
        self.rng = rng
        self.today = today
        self.hours = Hours(rng)
        self.writer = WishWriter(rng, TODAY)

    def workers_of(self, place: str) -> tuple[User, User]:
        """Return two workers of a community: who writes down, and who looks a second time."""
        first, second = self.rng.sample(self.district.workers[place], 2)
        return first, second

    def begin(
        self,
        place: str,
        text: WishText,
        *,
        ago: int,
        by: User,
        due_on: dt.date | None = None,
        visibility: str = Visibility.PUBLIC,
        reachable: bool = True,
        goal: int | None = None,
    ) -> Story:
        """Begin a story so many working days ago, with the wish written down; `goal` where it can be split."""
        day = add_workdays(self.today, -ago)
        draft = self._draft(text, due_on, visibility, self.resident() if reachable else Details())
        draft = replace(draft, goal=goal, for_group=goal is not None)
        begun = Story(text.kind, self.hours, self.hours.on(day, early=True))
        return begun.begin(story.log(draft, self.district.communities[place], by))

    def publish(
        self, told: Story, text: WishText, first: User, second: User, visibility: str
    ) -> Story:
        """Bring it to the board, by way of a second person where one is due."""
        if not needs_second(text):
            return told.then(story.move(actions.publish, by=first, visibility=visibility))
        told.then(story.move(actions.submit, by=first))
        if self.rng.random() < 0.08:
            told.then(story.move(actions.return_, by=second, reason=self.writer.phrase("return")))
            told.then(story.move(actions.submit, by=first))
        return told.then(story.move(actions.publish, by=second, visibility=visibility))

    def fulfil(self, told: Story, by: User, *, after: int) -> Story:
        """Let the handler say it is done."""
        note = self.writer.phrase(f"fulfil {told.kind}")
        return told.then(story.move(actions.fulfil, by=by, note=note), after=after)

    def nod(
        self, told: Story, by: User, *, after: int, rating: str = Rating.SATISFIED, how: str = ""
    ) -> Story:
        """Let the resident say it is done: by their link, or to a worker on the telephone or at the door."""
        how = how or self.rng.choices(How.values, (35, 40, 18, 7))[0]
        words = self.writer.phrase(f"words {rating}", told.kind) if self.rng.random() < 0.8 else ""
        if how == How.SCAN:
            return told.then(story.nod_by_link(rating, words), after=after)
        confirm = story.move(actions.confirm, by=by, rating=rating, how=how, words=words)
        return told.then(confirm, after=after)

    def resident(self) -> Details:
        """Return an invented resident, at an address that does not exist."""
        rng = self.rng
        return Details(
            name=f"{rng.choice(SURNAMES)}示例",
            phone=f"138000000{rng.randrange(100):02d}",
            address=f"示例路{rng.randrange(1, 200)}号{rng.randrange(1, 6)}0{rng.randrange(1, 9)}室",
            note=self.writer.phrase("resident note") if rng.random() < 0.4 else "",
        )

    def text(
        self, kind: str | None = None, fit: Callable[[WishText], bool] | None = None
    ) -> WishText:
        """Write a wish, again and again until it is fit."""
        text = self.writer.write(kind)
        while fit and not fit(text):
            text = self.writer.write(kind)
        return text

    def _draft(
        self, text: WishText, due_on: dt.date | None, visibility: str, details: Details
    ) -> Draft:
        consents = {"contact"}
        if visibility == Visibility.PUBLIC:
            consents.add("publish")
        if needs_second(text):
            consents.add("sensitive")
        return Draft(
            title=text.title,
            kind=text.kind,
            detail=text.detail,
            due_on=due_on,
            estimate=Decimal(text.estimate) if text.estimate else None,
            money_source=self.rng.choice(Source.values) if text.estimate else "",
            for_child=text.for_child,
            details=details,
            consents=frozenset(consents),
        )


def needs_second(text: WishText) -> bool:
    """Tell whether a second person must look before it is published: it concerns a child, or health."""
    return text.for_child or text.kind == Kind.HEALTH
