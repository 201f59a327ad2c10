"""What tests do to voices, and what they read of them."""

import re

from django.http import HttpResponse
from django.test import Client

from accounts import trail
from pairing.models import Details
from tests.cast import fresh
from voices import actions
from voices.models import Draft, Topic, Voice
from voices.workflow import Move

CANARY = Details(name="张示例", phone="13800000077")
TITLE = "小区门口的路灯坏了半个月"
# What a move is sent with, by page; `ask` and `hand_on` also name an agency, see `body_of`.
BODIES = {
    Move.RETURN: {"reason": "这盏灯归电力公司管"},
    Move.ANSWER: {"answer": "已经看过现场，这周换灯。"},
    Move.SETTLE: {"settlement": "周三换了四盏，都亮了。"},
    Move.RATE: {"rating": "satisfied", "how": "phone", "words": "亮堂了"},
    Move.REOPEN: {"reason": "又灭了两盏"},
    Move.WITHDRAW: {"reason": "自己解决了"},
    Move.DISMISS: {"reason": "是广告"},
}
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="/voices/(MS-\d+)/([a-z_]+)/"')
STATES = (
    "noted", "asked", "returned", "answered", "settled", "closed", "rested", "withdrawn", "dismissed",
)  # fmt: skip


def body_of(move: str, agency) -> dict:
    """Return a body with which this move is complete."""
    if move == Move.ASK:
        return {"agency": agency.pk}
    if move == Move.HAND_ON:
        return {"agency": agency.pk, "reason": "归他们管"}
    return BODIES.get(move, {})


def act(client: Client, voice: Voice, move: str, **body) -> HttpResponse:
    """Send a move as a plain form would."""
    return client.post(f"/voices/{voice.code}/{move}/", body)


def moves_on(html: str, voice: Voice) -> set[str]:
    """Return the moves whose buttons stand on a page."""
    found = {word for code, word in FORM.findall(html) if code == voice.code}
    return found & set(Move.values)


def course_of(voice: Voice) -> list[tuple[str, str, str]]:
    """Return a voice's events as (move, from, to)."""
    return list(trail.events_of(voice).values_list("move", "from_state", "to_state"))


def topic(name: str = "路灯", parent: str = "市政") -> Topic:
    """Return a topic under another one, making both where they are not there."""
    above, _made = Topic.objects.get_or_create(name=parent, parent=None)
    return Topic.objects.get_or_create(name=name, parent=above)[0]


def bring(cast, state: str, *, public: bool = True, by=None, **words) -> Voice:
    """Make a voice of 七塔 in a state, by actions; 区教育局 answers it. A worker noted it on the telephone."""
    facts = {"title": TITLE, "channel": "hotline", "asker": "resident", "may_publish": True}
    facts |= {"community": cast.places.qt} | words
    voice = actions.note(draft=Draft(**facts), by=fresh(by or cast.worker))
    street, worker, liaison = fresh(cast.street), fresh(cast.worker), fresh(cast.liaison)
    if state == "dismissed":
        return actions.dismiss(voice=voice, by=street, reason="是广告")
    if state == "noted":
        return voice
    voice = actions.ask(voice=voice, by=street, agency=cast.places.jy, public=public)
    if state == "withdrawn":
        return actions.withdraw(voice=voice, by=street, reason="自己解决了")
    if state == "returned":
        return actions.return_(voice=voice, by=liaison, reason="不归我们")
    if state == "asked":
        return voice
    voice = actions.answer(voice=voice, by=liaison, answer="已经看过现场，这周换灯。")
    if state == "answered":
        return voice
    voice = actions.settle(voice=voice, by=liaison, settlement="周三换了四盏，都亮了。")
    if state == "settled":
        return voice
    if state == "rested":
        Voice.objects.filter(pk=voice.pk).update(settled_on="2026-01-05")
        return actions.rest(voice=voice, by=worker)
    return actions.rate(voice=voice, by=worker, rating="satisfied", how="phone", words="亮堂了")
