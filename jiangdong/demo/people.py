"""The demo district's people: every one invented and called 示例, with numbers that cannot be dialled."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from jiangdong.demo.agencies import (
    COMMITTEE_OFFICE,
    EDUCATION,
    PAIRED,
    SECOND_GENERATION,
    STREET_OFFICE,
    UNITS,
    Unit,
)
from jiangdong.demo.places import COMMUNITIES
from jiangdong.demo.wish_texts import KINDS

SURNAMES = (
    "陈林王张李周吴徐胡朱沈郑钱孙俞叶金潘董袁蒋蔡余杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康毛邱秦"
    "江史顾侯邵孟龙万段雷汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季章鲁葛伍韦申尤毕聂焦向柳邢"
)

# The accounts that a visitor signs in with, and where each stands.
WORKERS = {"worker": "QT", "worker2": "HC"}
WARDENS = {"warden": "QT"}
CADRES = {
    "cadre": EDUCATION,
    "cadre2": COMMITTEE_OFFICE,
    "member": SECOND_GENERATION,
    "street": "BZJ",
}
LIAISONS = {"liaison": EDUCATION}
DISTRICT = {
    "supervisor": "supervisor",
    "inspector": "inspector",
    "leader": "leader",
    "admin": "administrator",
}
ACCOUNTS = (
    ("worker", "七塔社区 · 社区工作者"),
    ("warden", "七塔社区 · 网格员"),
    ("cadre", "区教育局 · 机关干部，结对七塔、舟孟"),
    ("liaison", "区教育局 · 联络员"),
    ("worker2", "划船社区 · 社区工作者"),
    ("cadre2", "区委办公室 · 机关干部，结对划船"),
    ("member", "创二代联谊会 · 会员"),
    ("street", "百丈街道办事处 · 党建办"),
    ("supervisor", "区督办"),
    ("inspector", "检查组成员"),
    ("leader", "区领导"),
    ("admin", "系统管理员"),
)
_OTHER_ROLES = (
    ("supervisor", 1),
    ("supervision_group", 2),
    ("inspector", 3),
    ("leader", 3),
    ("editor", 1),
)

# How many act for a unit: the article gives two numbers, the rest is invented.
SIZES = {COMMITTEE_OFFICE: 22, EDUCATION: 26, SECOND_GENERATION: 60}
WORKERS_EACH, WARDENS_EACH = 3, 2

# What a unit's people are good at, before their own gifts.
SPECIALITIES = {
    EDUCATION: ("tutoring", "culture"),
    "WSJ": ("health",),
    "HSZ": ("health",),
    "SLK": ("health",),
    "SFJ": ("legal",),
    "FY": ("legal",),
    "JCY": ("legal",),
    "SLS": ("legal",),
    "RSJ": ("employment",),
    "GH": ("employment",),
    "HBJ": ("environment",),
    "CGJ": ("environment", "repair"),
    "ZJJ": ("repair",),
    "SLW": ("repair",),
    "WGJ": ("culture",),
    "WL": ("culture",),
    "TW": ("tutoring", "companionship"),
    "FL": ("companionship", "tutoring"),
    SECOND_GENERATION: ("goods", "companionship"),
}


@dataclass(frozen=True)
class Person:
    """An account to make, and where it stands: `unit` or `community` by code, or a district role."""

    username: str
    name: str
    phone: str
    unit: str = ""
    is_liaison: bool = False
    specialities: tuple[str, ...] = ()
    registered_with: str | None = None
    community: str = ""
    duty: str = ""
    role: str = ""


def everybody(rng: random.Random) -> list[Person]:
    """Return every account of the demo district, always the same."""
    phones = (f"138 0000 00{n % 100:02d}" for n in itertools.count(1))
    return [
        *_cadres(rng, phones),
        *_community_people(rng, phones),
        *_district_people(rng, phones),
    ]


def names(rng: random.Random, count: int) -> list[str]:
    """Return invented names, each once: a surname and 示例."""
    return [f"{surname}示例" for surname in rng.sample(SURNAMES, count)]


def _cadres(rng: random.Random, phones: Iterator[str]) -> Iterator[Person]:
    for unit in UNITS:
        size = SIZES.get(unit.code) or (3 if unit.kind == STREET_OFFICE else rng.choice((4, 5, 6)))
        accounts = [name for name, code in CADRES.items() if code == unit.code]
        liaison = next((name for name, code in LIAISONS.items() if code == unit.code), None)
        own = [liaison or f"{unit.code.lower()}-01", *accounts]
        own += [f"{unit.code.lower()}-{n:02d}" for n in range(len(own) + 1, size + 1)]
        for n, (username, name) in enumerate(zip(own, names(rng, size), strict=True)):
            yield Person(
                username=username,
                name=name,
                phone=next(phones),
                unit=unit.code,
                is_liaison=n == 0,
                specialities=_specialities(rng, unit),
                registered_with=_registered_with(rng, unit, n),
            )


def _specialities(rng: random.Random, unit: Unit) -> tuple[str, ...]:
    return tuple(sorted({*SPECIALITIES.get(unit.code, ()), *rng.sample(KINDS[:-1], 2)}))


def _registered_with(rng: random.Random, unit: Unit, n: int) -> str | None:
    """Return where somebody registered (报到): the committee office all with 划船, the education bureau with its two.

    Nobody else registers with those three, so that the article's figures stay what they are.
    """
    if unit.code in (COMMITTEE_OFFICE, EDUCATION):
        return unit.communities[n % len(unit.communities)]
    taken = {code for paired in PAIRED for code in paired.communities if paired.code in SIZES}
    if unit.communities and rng.random() < 0.5:
        return rng.choice(unit.communities)
    if rng.random() < 0.3:
        return None
    return rng.choice([place.code for place in COMMUNITIES if place.code not in taken])


def _community_people(rng: random.Random, phones: Iterator[str]) -> Iterator[Person]:
    for place in COMMUNITIES:
        called = iter(names(rng, WORKERS_EACH + WARDENS_EACH))
        for duty, letter, count, accounts in (
            ("worker", "w", WORKERS_EACH, WORKERS),
            ("warden", "g", WARDENS_EACH, WARDENS),
        ):
            own = [name for name, code in accounts.items() if code == place.code]
            own += [f"{place.code.lower()}-{letter}{n}" for n in range(len(own) + 1, count + 1)]
            for username in own:
                yield Person(
                    username=username,
                    name=next(called),
                    phone=next(phones),
                    community=place.code,
                    duty=duty,
                )


def _district_people(rng: random.Random, phones: Iterator[str]) -> Iterator[Person]:
    roles = [*((username, role) for username, role in DISTRICT.items())]
    for role, count in _OTHER_ROLES:
        roles += [(f"{role.replace('_', '-')}-{n}", role) for n in range(2, count + 2)]
    for (username, role), name in zip(roles, names(rng, len(roles)), strict=True):
        yield Person(username=username, name=name, phone=next(phones), role=role)
