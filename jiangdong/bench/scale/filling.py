"""Wishes by the hundred thousand, with COPY and under every constraint: nine in ten long closed, the rest under way.

Seeded, so that every run measures the same rows. Events stand with every wish under way and every tenth of the rest,
and so do residents; an event's hash is made up. The pairs of characters are the column's own work.
"""

import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from accounts.models import Event
from jiangdong import clock
from jiangdong.privacy import seal
from pairing.models import Cadre, Community, CommunityWorker, Pairing, Resident
from wishes.models import Wish
from wishes.workflow import Kind

CHUNK = 20_000
TENTH = 10
WHO = (
    "独居的奶奶",
    "楼下的老邻居",
    "刚出院的叔叔",
    "双职工家的孩子",
    "新来的租客",
    "楼道里的大家",
    "行动不便的大伯",
    "备考的学生",
)
WANTS = (
    "想要一辆",
    "想修一修",
    "想借一个",
    "想学会用",
    "盼着换掉",
    "想请人看看",
    "想添一件",
    "想搬走",
)
THINGS = (
    "轮椅", "热水器", "智能手机", "晾衣架", "旧沙发", "书桌", "路灯", "扶手", "血压计", "电风扇",
    "毛笔字帖", "防盗门", "下水管", "收音机", "儿童绘本", "助听器", "棉被", "公告栏", "自行车棚", "净水机",
)  # fmt: skip
# How a life goes: after how many hours it was published, claimed, called done, nodded to.
CLOSED, FULFILLED, CLAIMED, OPEN, DECLINED = "closed", "fulfilled", "claimed", "open", "declined"
SHARES = ((CLOSED, 88), (DECLINED, 3), (FULFILLED, 2), (CLAIMED, 4), (OPEN, 3))
LONG, LATELY = 1000, 14  # days over which wishes were logged: what is closed, and what is under way
COURSE = {
    CLOSED: ("log", "publish", "claim", "fulfil", "confirm"),
    FULFILLED: ("log", "publish", "claim", "fulfil"),
    CLAIMED: ("log", "publish", "claim"),
    OPEN: ("log", "publish"),
    DECLINED: ("log", "publish", "decline"),
}
AFTER = {
    "log": "draft",
    "publish": "open",
    "claim": CLAIMED,
    "fulfil": FULFILLED,
    "confirm": CLOSED,
    "decline": DECLINED,
}
# What a column holds that nothing is said of.
PLAIN = {
    field.column: field.get_default()
    for field in Wish._meta.local_concrete_fields
    if not (field.null or field.primary_key or field.generated)
}


@dataclass
class Place:
    """A community with who writes down and who claims there."""

    community: Community
    worker: int
    agency: int
    cadre: int
    serial: int


def fill_up_to(count: int) -> None:
    """Add wishes until so many are in no archived campaign, and let the database look at what it has."""
    there = Wish.objects.live().count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'wish_grams'")
        (grams,) = cursor.fetchone()
        cursor.execute("SET maintenance_work_mem = '512MB'; DROP INDEX wish_grams")
        for start in range(there, count, CHUNK):
            add(min(CHUNK, count - start))
        cursor.execute(grams)
        for table in (Wish, Event, Resident):
            name = table._meta.db_table
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [name, table.objects.aggregate(last=Max("pk"))["last"]],
            )
        cursor.execute("VACUUM ANALYZE")


def _places() -> list[Place]:
    workers = dict(
        CommunityWorker.objects.acting().workers().order_by("-pk").values_list("community", "user")
    )
    cadres = dict(Cadre.objects.acting().order_by("-pk").values_list("agency", "user"))
    paired = dict(Pairing.objects.now().values_list("community", "agency"))
    last = dict(
        Wish.objects.order_by()
        .values("community")
        .annotate(n=Max("serial"))
        .values_list("community", "n")
    )
    anybody = next(iter(workers.values()))
    return [
        Place(each, workers.get(each.pk, anybody), agency, cadres[agency], last.get(each.pk, 0))
        for each in Community.objects.order_by("pk")
        if (agency := paired.get(each.pk)) in cadres
    ]


def add(count: int) -> None:
    """Add so many wishes, with their residents and events."""
    dice = random.Random(Wish.objects.count())  # noqa: S311  # nothing is kept secret by it
    places = _places()
    sealed = seal({"name": "张示例", "phone": "13800000000", "address": "一村1幢"})
    first = (Wish.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    resident = (Resident.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    wishes, events, residents = [], [], []
    for pk in range(first, first + count):
        place = dice.choice(places)
        state = dice.choices(*zip(*SHARES, strict=True))[0]
        wish = _wish(dice, place, pk, state)
        if state not in (CLOSED, DECLINED) or pk % TENTH == 0:
            wish["resident_id"] = resident
            residents.append(_resident(dice, resident, place, sealed))
            resident += 1
            events += _events(wish, dice)
        wishes.append(wish)
    for model, rows in ((Resident, residents), (Wish, wishes), (Event, events)):
        _copy(model, rows)


def _wish(dice: random.Random, place: Place, pk: int, state: str) -> dict[str, Any]:
    place.serial += 1
    settled = state in (CLOSED, DECLINED)
    logged = clock.now() - dt.timedelta(
        days=dice.uniform(LATELY + 30, LONG) if settled else dice.uniform(1, LATELY)
    )
    who, wants, thing = dice.choice(WHO), dice.choice(WANTS), dice.choice(THINGS)
    published = logged + dt.timedelta(hours=2)
    due = (published + dt.timedelta(days=9)).date()
    facts = {
        **PLAIN,
        "visibility": "public",
        "id": pk,
        "code": f"{place.community.code}-{place.serial:04d}",
        "community_id": place.community.pk,
        "serial": place.serial,
        "title": f"{who}{wants}{thing}",
        "detail": f"{thing}用了{dice.randint(2, 20)}年，{who}说下午都在家，第{pk}件。",
        "kind": dice.choice(Kind.values),
        "state": state,
        "logged_by_id": place.worker,
        "logged_at": logged,
        "published_at": published,
        "published_by_id": place.worker,
        "offered_to_id": place.agency,
        "open_to_all_on": published.date(),
        "response_due_on": due,
        "claim_due_on": due,
        "due_on": due,
    }
    if state == DECLINED:
        facts["left_at"] = published + dt.timedelta(days=3)
    elif state != OPEN:
        facts |= _claim(place, published + dt.timedelta(hours=dice.uniform(1, 20)), state)
    return facts


def _claim(place: Place, at: dt.datetime, state: str) -> dict[str, Any]:
    facts = {
        "agency_id": place.agency, "claimed_by_id": place.cadre, "handler_id": place.cadre,
        "claimed_at": at, "first_claimed_on": at.date(), "origin": "self",
        "lead_share": 1, "shares_taken": 1,
    }  # fmt: skip
    if state == CLAIMED:
        return facts
    done = at + dt.timedelta(hours=1 + at.microsecond % 120)
    facts |= {"fulfilled_at": done, "fulfilled_by_id": place.cadre, "fulfil_note": "送到家里了"}
    if state == CLOSED:
        by_scan = at.microsecond % 2
        facts |= {
            "closed_at": done + dt.timedelta(hours=1 + at.microsecond % 100),
            "closed_by_id": None if by_scan else place.worker,
            "how": "scan" if by_scan else "phone",
            "rating": "satisfied" if at.microsecond % 7 else "fair",
        }
    return facts


def _resident(dice: random.Random, pk: int, place: Place, sealed: str) -> dict[str, Any]:
    return {
        "id": pk,
        "community_id": place.community.pk,
        "sealed": sealed,
        "phone_index": f"{place.community.pk:04x}{dice.randrange(5000):060x}",
        "recorded_at": clock.now(),
    }


def _events(wish: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the course of a wish; the wish keeps its length and head."""
    before = head = ""
    for n, move in enumerate(COURSE[wish["state"]], start=1):
        previous, head = head, f"{dice.getrandbits(256):064x}"
        yield {
            "thing_kind": "wishes.wish", "thing_id": wish["id"], "n": n,
            "at": wish["logged_at"] + dt.timedelta(hours=n), "move": move, "from_state": before,
            "to_state": AFTER[move], "by_id": wish["logged_by_id"], "by_label": "社区",
            "note_digest": "", "previous": previous, "hash": head,
        }  # fmt: skip
        before = AFTER[move]
        wish["trail_n"], wish["trail_head"] = n, head


def _copy(model: type, rows: list[dict[str, Any]]) -> None:
    """Copy rows into a table; a column that a row does not name is NULL."""
    if not rows:
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ("\t".join(_text(row.get(name)) for name in names) for row in rows)
    body = io.StringIO("\n".join(lines) + "\n")
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN", body)


def _text(value: Any) -> str:
    return r"\N" if value is None else str(value)
