"""Where a person stands: what they are today, in one query, for the policies of every app above."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from accounts import policy
from accounts.models import DistrictRole, User
from jiangdong import clock
from pairing.models import Absence, Agency, Cadre, CommunityWorker, Pairing


@dataclass(frozen=True)
class Standing:
    """What a person is today. Everything is empty for a passer-by."""

    user_id: int | None = None
    agency_id: int | None = None
    agency_kind: str = ""
    agency_name: str = ""
    is_liaison: bool = False
    specialities: tuple[str, ...] = ()
    registered_with_id: int | None = None
    home_street_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    community_name: str = ""
    community_street_id: int | None = None
    warden_of_id: int | None = None
    paired_community_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def is_agency_staff(self) -> bool:
        """Say whether they are staff of a public body, and not a member of an association or enterprise."""
        return self.agency_kind in Agency.STAFF_KINDS

    @property
    def is_supervisor(self) -> bool:
        return "supervisor" in self.roles

    @property
    def label(self) -> str:
        """Return in whose name they act, for the trail."""
        return self.agency_name or self.community_name

    @property
    def any_community_id(self) -> int | None:
        """Return the community they work for, as worker or as warden."""
        return self.community_id or self.warden_of_id


NOBODY = Standing()


def standing_of(user) -> Standing:
    """Return where a person stands today, asked once per user object."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = _ask(user.pk)
    return user._standing


# Stand in the compiled question for who is asked about, and on which day.
_SOMEBODY, _SOME_DAY = -1, dt.date(1, 1, 1)


def _liaison_away():
    """Return the liaisons of an agency who are away, and for whom the one who is asked about stands in."""
    return Absence.objects.standing().filter(
        substitute=OuterRef("user"),
        term__contains=_SOME_DAY,
        user__posts_as_cadre__is_liaison=True,
        user__posts_as_cadre__agency=OuterRef("agency"),
        user__posts_as_cadre__term__contains=_SOME_DAY,
    )


@cache
def _question() -> tuple[str, tuple]:
    """Return the query and its parameters, compiled once: building it took longer than asking it."""
    mine = {"user": OuterRef("pk"), "term__contains": _SOME_DAY}
    cadre = Cadre.objects.filter(**mine).values(
        facts=JSONObject(
            agency_id="agency_id",
            agency_kind="agency__kind",
            agency_name="agency__name",
            # Who stands in for a liaison of their agency speaks for it meanwhile.
            is_liaison=Q(is_liaison=True) | Exists(_liaison_away()),
            specialities="specialities",
            registered_with_id="registered_with_id",
            home_street_id="registered_with__street_id",
            street_id="agency__street_id",
        )
    )
    worker = CommunityWorker.objects.filter(**mine).values(
        facts=JSONObject(
            duty="duty",
            community_id="community_id",
            community_name="community__name",
            community_street_id="community__street_id",
        )
    )
    pairings = Pairing.objects.filter(
        term__contains=_SOME_DAY,
        agency__cadres__user=OuterRef("pk"),
        agency__cadres__term__contains=_SOME_DAY,
    ).values("community_id")
    roles = DistrictRole.objects.filter(**mine).values("role")
    people = User.objects.filter(pk=_SOMEBODY).values_list(
        Subquery(cadre[:1]), Subquery(worker[:1]), ArraySubquery(pairings), ArraySubquery(roles)
    )
    return people.query.sql_with_params()


def _ask(user_id: int) -> Standing:
    sql, params = _question()
    asked = {_SOMEBODY: user_id, _SOME_DAY: clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked.get(value, value) for value in params])
        cadre, worker, paired, roles = cursor.fetchone() or (None, None, (), ())
    return _standing(user_id, json.loads(cadre or "{}"), json.loads(worker or "{}"), paired, roles)


def _standing(
    user_id: int, cadre: dict, worker: dict, paired: list[int], roles: list[str]
) -> Standing:
    if policy.keeps_accounts_alone(roles):
        return Standing(user_id=user_id, roles=frozenset({"administrator"}))
    if worker.pop("duty", None) == "warden":
        worker["warden_of_id"] = worker.pop("community_id")
    cadre["specialities"] = tuple(cadre.get("specialities") or ())
    return Standing(
        user_id=user_id,
        paired_community_ids=frozenset(paired),
        roles=frozenset(roles),
        **cadre,
        **worker,
    )
