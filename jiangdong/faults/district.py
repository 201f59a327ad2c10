"""A small invented district, made by actions: open wishes for the load, and taken ones that fall due."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.actions import issue_token
from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import unseal
from jiangdong.terms import DateRange
from notices.workdays import add_workdays
from pairing.models import Agency, Cadre, Community, CommunityWorker, Pairing, Street
from wishes import actions
from wishes.models import Draft, ResidentLink, Wish

SINCE = DateRange(dt.date(2014, 1, 1), None, "[)")
# Long enough ago for everybody to be asked, and not only the paired agency.
PUBLISHED_DAYS_AGO = 5
FAR_AWAY = dt.timedelta(days=60)
# Working days from the day on which the handler is told: ahead, today, past.
DUE_IN = (3, 0, -1)


@dataclass(frozen=True)
class Rival:
    """Somebody of an agency who claims."""

    user_id: int
    token: str


@dataclass(frozen=True)
class Target:
    """An open wish of the load, with the token of its resident's link."""

    pk: int
    code: str
    link: str


@dataclass
class District:
    """What was made, and whom reminders must reach: a set of (reminder, wish, recipient)."""

    worker: User
    community: Community
    agency: Agency
    targets: list[Target] = field(default_factory=list)
    rivals: list[list[Rival]] = field(default_factory=list)
    due: set[tuple[str, int, int]] = field(default_factory=set)

    def add_due(self, count: int) -> None:
        """Give somebody new so many wishes that a reminder has to name today, taken a while ago."""
        today = clock.today()
        with transaction.atomic(), clock.at(_a_while_ago()):
            handler = _cadre(f"due{len(self.due)}", self.agency)
            for n in range(count):
                wish = self._open_wish(n, due_on=add_workdays(today, DUE_IN[n % len(DUE_IN)]))
                actions.claim(wish=wish, by=handler)
                self.due.add(("wish-due-handler", wish.pk, handler.pk))
        User.objects.filter(pk=handler.pk).update(email=f"{handler.username}@example.org")

    def _open_wish(self, n: int, *, due_on: dt.date) -> Wish:
        draft = Draft(
            title=f"Somebody to read the paper with, {n}",
            kind="companionship",
            due_on=due_on,
            consents=frozenset({"publish"}),
        )
        wish = actions.log(draft=draft, community=self.community, by=self.worker)
        return actions.publish(wish=wish, by=self.worker, visibility="public")


def make(wishes: int, rivals: int) -> District:
    """Make the district with so many open wishes, and so many people who claim in each of two agencies."""
    with transaction.atomic():
        with clock.at(_a_while_ago()):
            district, other = _places()
            made = [district._open_wish(n, due_on=clock.today() + FAR_AWAY) for n in range(wishes)]
        links = ResidentLink.objects.in_bulk([wish.pk for wish in made], field_name="wish_id")
        district.targets = [
            Target(wish.pk, wish.code, unseal(links[wish.pk].sealed_token)["token"])
            for wish in made
        ]
        district.rivals = [
            [_rival(f"rival{side}{n}", agency) for n in range(rivals)]
            for side, agency in enumerate((district.agency, other))
        ]
    # Only now: of what was done a while ago nobody needs mail.
    for user in User.objects.filter(email=""):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    return district


def _places() -> tuple[District, Agency]:
    street = Street.objects.create(code="FS", name="Street", position=1)
    community = Community.objects.create(code="FC", name="Community", street=street)
    paired, other = (
        Agency.objects.create(code=code, name=f"Agency {code}", kind="department", position=n)
        for n, code in enumerate(("FA", "FB"), start=1)
    )
    Pairing.objects.create(agency=paired, community=community, term=SINCE)
    worker = _person("worker")
    CommunityWorker.objects.create(user=worker, community=community, duty="worker", term=SINCE)
    return District(worker=worker, community=community, agency=paired), other


def _person(username: str) -> User:
    user = User(username=username, name=username)
    user.set_unusable_password()
    user.save()
    return user


def _cadre(username: str, agency: Agency) -> User:
    user = _person(username)
    Cadre.objects.create(user=user, agency=agency, term=SINCE)
    return user


def _rival(username: str, agency: Agency) -> Rival:
    user = _cadre(username, agency)
    return Rival(user.pk, issue_token(to=user)[0])


def _a_while_ago() -> dt.datetime:
    day = add_workdays(clock.today(), -PUBLISHED_DAYS_AGO)
    return dt.datetime.combine(day, dt.time(10), timezone.get_current_timezone())
