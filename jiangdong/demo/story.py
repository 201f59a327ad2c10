"""A wish's story: what happens to it and when, told through the actions in the order of the clock."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tqdm import tqdm

from accounts.models import User
from jiangdong import clock
from jiangdong.demo.dice import Hours
from pairing.models import Community
from wishes import actions
from wishes.models import Draft, ResidentLink, Wish

Act = Callable[[Wish | None], Wish]


@dataclass
class Story:
    """The acts of one wish of a kind, each later than the one before; `at` is the moment of the last."""

    kind: str
    hours: Hours
    at: dt.datetime
    acts: list[tuple[dt.datetime, Act]] = field(default_factory=list)

    def begin(self, act: Act) -> "Story":
        """Begin with this act at the story's own moment."""
        self.acts.append((self.at, act))
        return self

    def then(self, act: Act, *, after: int = 0) -> "Story":
        """Go on with an act so many working days later, or within the hour or two."""
        self.at = self.hours.after(self.at, after)
        self.acts.append((self.at, act))
        return self


def log(draft: Draft, community: Community, by: User) -> Act:
    """Return the act of writing it down."""
    return lambda _nothing_yet: actions.log(draft=draft, community=community, by=by)


def move(verb: Callable[..., Wish], **words) -> Act:
    """Return the act of one verb of `wishes.actions`."""
    return lambda wish: verb(wish=wish, **words)


def nod_by_link(rating: str, words: str) -> Act:
    """Return the act of the resident's own answer by their link."""

    def act(wish: Wish) -> Wish:
        link = ResidentLink.objects.get(wish=wish)
        return actions.confirm_by_link(link=link, rating=rating, words=words)

    return act


def ring_in_vain(by: User) -> Act:
    """Return the act of calling when nobody answers."""

    def act(wish: Wish) -> Wish:
        actions.note_no_answer(wish=wish, by=by)
        return wish

    return act


def ask(by: User, what: str, reason: str, until: dt.date | None = None) -> Act:
    """Return the act of asking a second person for something."""

    def act(wish: Wish) -> Wish:
        actions.ask(wish=wish, by=by, what=what, reason=reason, until=until)
        return wish

    return act


def play(stories: Iterable[Story], *, until: dt.datetime) -> int:
    """Let all stories happen up to a moment, interleaved as the clock goes, and return how many acts that were.

    What would happen later has not happened yet: that is how wishes come to stand in every state.

    Raises:
        jiangdong.refusals.Refusal: an act that the portal does not allow; a story must be possible.
    """
    acts = sorted(
        ((at, n, act) for n, story in enumerate(stories) for at, act in story.acts if at <= until),
        key=lambda each: each[:2],
    )
    wishes: dict[int, Wish] = {}
    for at, n, act in tqdm(acts, desc="最近十周", unit="步", disable=None):
        with clock.at(at):
            wishes[n] = act(wishes.get(n))
    return len(acts)
