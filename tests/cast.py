"""The small fixed cast of people and places that tests play with, and wishes brought to any state by actions.

The clock of a test stands at NOW, a Tuesday morning in March 2026; `later(days)` moves it. Threads and
served browsers do not share it: they live in real time.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import DistrictRole, User
from accounts.sessions import SessionStore
from jiangdong import clock
from jiangdong.terms import DateRange
from pairing.models import Agency, Cadre, Community, CommunityWorker, Details, Pairing, Street
from pairing.models.places import sort_key_of
from tests.lives import BESIDE_THE_ROAD
from wishes import actions
from wishes.models import Draft, Wish

NOW = dt.datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = DateRange(dt.date(2014, 1, 1), None, "[)")
PASSWORD = "jiangdong-365"

# Canaries: no page, answer, log or mail for others may ever hold these.
RESIDENT = Details(
    name="张示例", phone="13800000077", address="七塔一村9幢301室", note="养了鹦鹉，进门要轻"
)
CONSENTS = frozenset({"contact", "publish"})


@pytest.fixture(autouse=True)
def _clock():
    """Stop the clock at NOW."""
    with clock.at(NOW):
        yield


@pytest.fixture
def later():
    """Return a context that moves the clock on by days (and hours) from NOW."""
    return lambda days=0, hours=0: clock.at(NOW + dt.timedelta(days=days, hours=hours))


def _account(username: str, name: str) -> User:
    mail = f"{username}@example.org"
    return User(
        username=username, name=name, email=mail, phone="138 0000 0000", password=hashed_password()
    )


@cache
def hashed_password() -> str:
    """Return PASSWORD as accounts keep it."""
    return make_password(PASSWORD)


def person(username: str, name: str) -> User:
    """Make an account with mail; the password is PASSWORD."""
    user = _account(username, name)
    user.save()
    return user


def make_places() -> SimpleNamespace:
    """Two streets, three communities, five agencies; 七塔 is paired with 区教育局, 划船 with 区委办公室."""
    bz, ds = Street.objects.bulk_create(
        [
            Street(code="BZ", name="百丈街道", position=1),
            Street(code="DS", name="东胜街道", position=2),
        ]
    )
    qt, hc, hl = Community.objects.bulk_create(
        Community(code=code, name=name, sort_key=sort_key_of(name), street=street, **facts)
        for code, name, street, facts in (
            ("QT", "七塔社区", bz, {"phone": "138 0000 0001", "households": 2000}),
            ("HC", "划船社区", bz, {"phone": "138 0000 0002"}),
            ("HL", "黄鹂社区", ds, {"phone": "138 0000 0003"}),
        )
    )
    wb, jy, cx, bzo, dso = Agency.objects.bulk_create(
        Agency(code=code, name=name, kind=kind, position=position, street=street)
        for code, name, kind, position, street in (
            ("WB", "区委办公室", "department", 1, None),
            ("JY", "区教育局", "department", 2, None),
            ("CX", "创二代联谊会", "association", 90, None),
            ("BZO", "百丈街道办事处", "street_office", 50, bz),
            ("DSO", "东胜街道办事处", "street_office", 51, ds),
        )
    )
    Pairing.objects.bulk_create(
        Pairing(agency=agency, community=community, term=SINCE)
        for agency, community in ((jy, qt), (wb, hc))
    )
    return SimpleNamespace(bz=bz, ds=ds, qt=qt, hc=hc, hl=hl, wb=wb, jy=jy, cx=cx, bzo=bzo, dso=dso)


def make_people(places: SimpleNamespace) -> SimpleNamespace:
    """Everybody: workers of 七塔 and 划船, cadres of two agencies, street offices, the district, a stranger."""
    works = {
        "worker": ("林示例", places.qt, "worker"),
        "colleague": ("陈示例", places.qt, "worker"),
        "warden": ("周示例", places.qt, "warden"),
        "worker2": ("吴示例", places.hc, "worker"),
    }
    good_at_it = {"specialities": ["companionship"], "registered_with": places.qt}
    cadres = {
        "cadre": ("王示例", places.jy, good_at_it),
        "cadre_b": ("赵示例", places.jy, {}),
        "liaison": ("钱示例", places.jy, {"is_liaison": True}),
        "cadre2": ("孙示例", places.wb, {}),
        "liaison2": ("李示例", places.wb, {"is_liaison": True}),
        "member": ("郑示例", places.cx, {}),
        "member_liaison": ("冯示例", places.cx, {"is_liaison": True}),
        "street": ("褚示例", places.bzo, {}),
        "street2": ("卫示例", places.dso, {}),
    }
    serves = {
        "supervisor": ("蒋示例", "supervisor"),
        "supervision_group": ("沈示例", "supervision_group"),
        "inspector": ("韩示例", "inspector"),
        "leader": ("杨示例", "leader"),
        "admin": ("朱示例", "administrator"),
    }
    names = {who: facts[0] for who, facts in (works | cadres | serves).items()}
    accounts = [_account(who, name) for who, name in {**names, "stranger": "秦示例"}.items()]
    people = SimpleNamespace(
        places=places, **{user.username: user for user in User.objects.bulk_create(accounts)}
    )
    CommunityWorker.objects.bulk_create(
        CommunityWorker(user=getattr(people, who), community=community, duty=duty, term=SINCE)
        for who, (_name, community, duty) in works.items()
    )
    Cadre.objects.bulk_create(
        Cadre(user=getattr(people, who), agency=agency, term=SINCE, **facts)
        for who, (_name, agency, facts) in cadres.items()
    )
    DistrictRole.objects.bulk_create(
        DistrictRole(user=getattr(people, who), role=role, term=SINCE)
        for who, (_name, role) in serves.items()
    )
    return people


@contextmanager
def kept_for_a_file(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is loaded within for all tests of a file, each of which rolls back to it, and then let it go.

    For fixtures of modules that load much; such a file is named in LOADED_ONCE of `tests/conftest.py`.
    """
    with blocker.unblock(), transaction.atomic(), clock.at(NOW):
        yield
        transaction.set_rollback(True)


@pytest.fixture
def places(db) -> SimpleNamespace:
    """The places of a test, see `make_places`."""
    return make_places()


@pytest.fixture
def cast(places) -> SimpleNamespace:
    """The people of a test, see `make_people`."""
    return make_people(places)


def signed_in(user: User | None, **kwargs) -> Client:
    """Return a client with a session of this person, or a passer-by's."""
    client = Client(**kwargs)
    if user:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def as_():
    """Return a client for a person: `as_(cast.worker).get(…)`."""
    return signed_in


def fresh(user: User) -> User:
    """Return the account read anew, without what it remembers of its standing."""
    return User.objects.get(pk=user.pk)


def maker_of_wishes(cast: SimpleNamespace) -> Callable[..., Wish]:
    """Return what makes a wish of 七塔 in a state, by actions: `wish_in("claimed", kind="repair", by=cast.cadre)`.

    `resident` are its details (RESIDENT unless said otherwise), `consents` what was agreed to; other
    words go into the draft. States: draft, checking, open, claimed, branch, fulfilled, closed, withdrawn.
    """

    def make(
        state: str,
        *,
        by: User | None = None,
        visibility: str = "public",
        resident: Details = RESIDENT,
        consents: frozenset[str] = CONSENTS,
        logged_by: User | None = None,
        community: Community | None = None,
        **words,
    ):
        worker, claimant = logged_by or cast.worker, by or cast.cadre
        words = {"title": "想有人陪着去医院配一次药", "kind": "companionship", **words}
        draft = Draft(details=resident, consents=consents, **words)
        wish = actions.log(draft=draft, community=community or cast.places.qt, by=worker)
        if state == "draft":
            return wish
        if state == "checking":
            return actions.submit(wish=wish, by=worker)
        wish = actions.publish(wish=wish, by=worker, visibility=visibility)
        if state == "open":
            return wish
        if state in BESIDE_THE_ROAD:
            return BESIDE_THE_ROAD[state](wish, cast, claimant)
        if state == "withdrawn":
            return actions.withdraw(wish=wish, by=worker, reason="自己解决了")
        wish = actions.claim(
            wish=wish,
            by=cast.liaison if state == "branch" else claimant,
            for_branch=state == "branch",
        )
        if state in ("claimed", "branch"):
            return wish
        wish = actions.fulfil(wish=wish, by=claimant, note="周五上午陪着去配好了药")
        if state == "fulfilled":
            return wish
        return actions.confirm(
            wish=wish, by=worker, rating="satisfied", how="phone", words="谢谢你们"
        )

    return make


@pytest.fixture
def wish_in(cast) -> Callable[..., Wish]:
    """What makes a test's wishes, see `maker_of_wishes`."""
    return maker_of_wishes(cast)
