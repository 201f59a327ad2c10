"""What tests do to a wish through its pages, and what they read there."""

import re

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts import trail
from pairing.models import Cadre
from wishes.models import Wish
from wishes.workflow import Move

# What a move is sent with; `assign` also names a handler, see `body_of`.
BODIES = {
    Move.RETURN: {"reason": "请补一句什么时候方便"},
    Move.PUBLISH: {"visibility": "public"},
    Move.RELEASE: {"reason": "临时出差，赶不上了"},
    Move.FULFIL: {"note": "周五上午陪着去配好了药"},
    Move.CONFIRM: {"rating": "satisfied", "how": "phone", "words": "谢谢"},
    Move.REOPEN: {"reason": "只配到一半"},
    Move.WITHDRAW: {"reason": "家里人已经带去了"},
    Move.LEAVE: {"reason": "调去别处了"},
    Move.WAIT: {"waits_for": "goods", "until": "2026-03-25", "reason": "订了货还没到"},
    Move.REFER: {"to": "property", "receipt": "物业 0315", "told": "转给物业了，他们会打电话来。"},
    Move.DECLINE: {"told": "问过几家，都办不到，对不住。"},
    Move.END: {"ended_by": "moved"},
}
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="/wishes/([^/"]+)/([a-z]+)/"')


def act(client: Client, wish: Wish, move: str, **body) -> HttpResponse:
    """Send a move as a plain form would."""
    return client.post(f"/wishes/{wish.code}/{move}/", body)


def body_of(move: str, handler) -> dict:
    """Return a body with which this move is complete; `handler` is the user an assignment names."""
    if move == Move.ASSIGN:
        return {"handler": Cadre.objects.get(user=handler).pk}
    return BODIES.get(move, {})


def text_of(response: HttpResponse) -> str:
    """Return what was answered, as text."""
    return response.content.decode()


def forms_on(html: str, wish: Wish) -> set[str]:
    """Return the last word of every address that a page lets one post to for this wish."""
    return {word for code, word in FORM.findall(html) if code == wish.code}


def moves_on(html: str, wish: Wish) -> set[str]:
    """Return the moves whose buttons stand on a page."""
    return forms_on(html, wish) & set(Move.values)


def course_of(wish: Wish) -> list[tuple[str, str, str]]:
    """Return a wish's events as (move, from, to)."""
    return list(trail.events_of(wish).values_list("move", "from_state", "to_state"))


def codes_on(html: str) -> list[str]:
    """Return the wishes a list links to, in its order, each once."""
    return list(dict.fromkeys(re.findall(r'href="/wishes/([A-Z]+-\d+)/"', html)))


def dump() -> str:
    """Return every row of every table as text, the way somebody who got hold of the database would read it."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)
