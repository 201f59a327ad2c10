"""The district in the database: places, units, people and who answers for whom."""

import datetime as dt
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import DistrictRole, User
from jiangdong import clock
from jiangdong.demo import agencies, people, places
from jiangdong.terms import DateRange
from pairing import actions as pairing_actions
from pairing.models import Agency, Cadre, Community, CommunityWorker, Street
from pairing.models.places import sort_key_of

# Everybody is in office since the article's spring, so that one cast plays then and now.
BEGAN_ON = dt.date(2014, 2, 20)
SINCE = DateRange(BEGAN_ON, None, "[)")
MAIL_DOMAIN = "jiangdong365.example"


@dataclass
class District:
    """What was loaded, by code."""

    communities: dict[str, Community] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    cadres: dict[str, list[Cadre]] = field(default_factory=dict)
    workers: dict[str, list[User]] = field(default_factory=dict)
    wardens: dict[str, list[User]] = field(default_factory=dict)

    def agency_of(self, community: str) -> Agency:
        """Return the agency paired with a community."""
        unit = next(unit for unit in agencies.PAIRED if community in unit.communities)
        return self.agencies[unit.code]

    def liaison_of(self, agency: str) -> User:
        """Return an agency's liaison."""
        return next(cadre.user for cadre in self.cadres[agency] if cadre.is_liaison)

    def cadre(self, username: str) -> Cadre:
        """Return the post of somebody who acts for a unit."""
        user = self.users[username]
        return next(
            cadre for those in self.cadres.values() for cadre in those if cadre.user_id == user.pk
        )


def load(rng: random.Random, password: str) -> District:
    """Make the district's places, units, people and pairings. Nobody has a mail address yet, see `give_addresses`."""
    district = District()
    _load_places(district)
    cast = people.everybody(rng)
    _load_users(district, cast, password)
    _load_posts(district, cast)
    _pair(district)
    return district


def give_addresses() -> None:
    """Give everybody a mail address: what happened before is told in the inbox alone, mail begins with today."""
    users = list(User.objects.all())
    for user in users:
        user.email = f"{user.username}@{MAIL_DOMAIN}"
    User.objects.bulk_update(users, ("email",), batch_size=500)


def _load_places(district: District) -> None:
    streets = {
        code: Street(code=code, name=name, position=n)
        for n, (code, name) in enumerate(places.STREETS.items(), start=1)
    }
    Street.objects.bulk_create(streets.values())
    district.communities = {
        place.code: Community(
            code=place.code,
            name=place.name,
            sort_key=sort_key_of(place.name),
            street=streets[place.street],
            phone=f"138 0000 00{n:02d}",
            households=place.households,
        )
        for n, place in enumerate(places.COMMUNITIES, start=1)
    }
    Community.objects.bulk_create(district.communities.values())
    district.agencies = {
        unit.code: Agency(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            position=n,
            street=streets.get(unit.street),
        )
        for n, unit in enumerate(agencies.UNITS, start=1)
    }
    Agency.objects.bulk_create(district.agencies.values())


def _load_users(district: District, cast: list[people.Person], password: str) -> None:
    """Make the accounts; one slow hash serves them all."""
    hashed = make_password(password)
    joined = timezone.make_aware(dt.datetime.combine(BEGAN_ON, dt.time(9)))
    users = [
        User(
            username=one.username,
            name=one.name,
            phone=one.phone,
            password=hashed,
            date_joined=joined,
        )
        for one in cast
    ]
    district.users = {user.username: user for user in User.objects.bulk_create(users)}


def _load_posts(district: District, cast: list[people.Person]) -> None:
    cadres, workers, roles = [], [], []
    for one in cast:
        user = district.users[one.username]
        if one.unit:
            cadres.append(_cadre(district, one, user))
            district.cadres.setdefault(one.unit, []).append(cadres[-1])
        elif one.community:
            community = district.communities[one.community]
            workers.append(
                CommunityWorker(user=user, community=community, duty=one.duty, term=SINCE)
            )
            group = district.workers if one.duty == "worker" else district.wardens
            group.setdefault(one.community, []).append(user)
        else:
            roles.append(DistrictRole(user=user, role=one.role, term=SINCE))
    Cadre.objects.bulk_create(cadres)
    CommunityWorker.objects.bulk_create(workers)
    DistrictRole.objects.bulk_create(roles)


def _cadre(district: District, one: people.Person, user: User) -> Cadre:
    return Cadre(
        user=user,
        agency=district.agencies[one.unit],
        is_liaison=one.is_liaison,
        specialities=list(one.specialities),
        registered_with=district.communities.get(one.registered_with),
        term=SINCE,
    )


def _pair(district: District) -> None:
    """Pair the forty-nine agencies with the fifty-nine communities, through the action that a supervisor uses."""
    supervisor = district.users["supervisor"]
    began = timezone.make_aware(dt.datetime.combine(BEGAN_ON, dt.time(9, 30)))
    with clock.at(began):
        for unit in agencies.PAIRED:
            for code in unit.communities:
                pairing_actions.pair(
                    agency=district.agencies[unit.code],
                    community=district.communities[code],
                    by=supervisor,
                    since=BEGAN_ON,
                )
