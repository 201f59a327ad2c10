"""Every address the portal answers at, found by walking the resolver, and something to put into each gap."""

import datetime as dt
import re
from collections.abc import Iterator
from types import SimpleNamespace

from django.apps import apps
from django.core.files.base import ContentFile
from django.http import HttpResponse, QueryDict
from django.test.client import ClientHandler
from django.urls import get_resolver

from accounts import actions as accounts
from accounts.models import ApiToken
from accounts.sessions import places_of
from jiangdong.terms import DateRange
from notices import actions as notices
from notices import sheets
from notices.models import Channel, Export, Notice
from notices.reminders import REGISTRY
from pairing.models import Absence, Cadre, Pairing
from reports.honest.checks import CHECKS
from tests.cast import NOW, fresh, signed_in
from tests.voices import doors as voice_doors
from tests.wishes.test_resident_link import token_of
from voices import actions as voice_actions
from voices.actions import sessions
from voices.models import Leader
from voices.workflow import Move as VoiceMove
from wishes.actions import intake
from wishes.actions.monthly import set_topic
from wishes.models import Campaign, Escalation, Evidence, Intake, MonthlyTopic, SecondCall
from wishes.numbers import NUMBERS
from wishes.workflow import Move

# What answers before the resolver is asked, in `jiangdong.running.probes`.
PROBES = ["health/live", "health/ready", "metrics"]
GAP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")
BESIDE = {
    "ask",
    "call",
    "erase",
    "gather",
    "merge",
    "quiet",
    "refuse",
    "remind",
    "resident",
    "story",
}
SENT = {*Move.values, *BESIDE}
VOICES_SENT = {*VoiceMove.values, "asker", "erase"}
PASSER_BY = "passer_by"
ROLES = [
    "passer_by",
    "worker",
    "warden",
    "cadre",
    "liaison",
    "member",
    "street",
    "supervisor",
    "supervision_group",
    "inspector",
    "leader",
    "admin",
    "stranger",
]
# The same offices elsewhere: they matter where an address names a wish or a place.
ELSEWHERE = ["worker2", "cadre2", "street2"]


def walk(patterns=None, prefix: str = "") -> Iterator[str]:
    """Yield every route's pattern, without anchors, its gaps as <name>."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + GAP.sub(r"<\1\2>", str(pattern.pattern)).replace("^", "").replace("$", "")
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, path)
        else:
            yield path


def all_routes() -> list[str]:
    """Return every route once, in the order of the alphabet."""
    return sorted({*walk(), *PROBES})


def make_things(cast, wish_in) -> SimpleNamespace:
    """Make one of everything an address may name: wishes of 七塔 (`held` by `cadre`), and what is `cadre`'s own.

    An uploaded list is `worker`'s: it is for communities and streets.
    Voices of 七塔 too: one that nobody looked through, a public one and another that `liaison`'s agency answers.
    """
    wishes = {
        "draft": wish_in("draft"),
        "checking": wish_in("checking"),
        "public": wish_in("open"),
        "paired": wish_in("open", visibility="paired"),
        "private": wish_in("open", visibility="private"),
        "held": wish_in("claimed"),
    }
    photos = {
        name: Evidence.objects.create(
            wish=wish, photo=ContentFile(b"jpeg", name="a.jpg"), added_by=cast.cadre
        )
        for name, wish in wishes.items()
    }
    _make_order(wishes["held"], cast)
    Campaign.objects.create(slug="spring", name="春节慰问", festival=True)
    _make_second_call(wishes["held"])
    to_come = DateRange(NOW.date() + dt.timedelta(days=30), NOW.date() + dt.timedelta(days=40))
    Absence.objects.create(
        user=cast.cadre, substitute=cast.cadre_b, entered_by=cast.cadre, term=to_come
    )
    accounts.issue_token(to=cast.cadre)
    accounts.say_what_is_wrong(page="/", words="字太小", by=None)
    Notice.objects.create(
        recipient=cast.cadre,
        kind="digest",
        digest_day=dt.date(2026, 3, 9),
        title="今天要办的",
        mail_state=Notice.Mail.NONE,
        not_before=NOW,
    )
    Channel.objects.create(
        kind="dingtalk", user=cast.cadre, added_by=cast.cadre, sealed="x", fingerprint="x"
    )
    export = notices.ask_for_export(
        by=cast.cadre, sheet=sheets.REGISTRY["pairings"], params=QueryDict(), file_format="csv"
    )
    notices.make_export(pk=export.pk)
    intake.take_in(by=cast.worker, body="心愿,姓名\n想要一把伞,\n想要一盏灯,张示例".encode())
    signed_in(cast.cadre)
    voice_doors.topic()
    voices = {
        "noted": voice_doors.bring(cast, "noted"),
        "public": voice_doors.bring(cast, "settled"),
        "asked": voice_doors.bring(cast, "asked", public=False),
    }
    question = _question(cast)
    topic = set_topic(
        month=NOW.date(),
        title="加装扶手",
        why="几个社区都提",
        owner=cast.places.jy,
        due_on=NOW.date(),
        by=cast.supervisor,
    )
    return SimpleNamespace(
        cast=cast, wishes=wishes, photos=photos, voices=voices, question=question, topic=topic
    )


def _question(cast):
    """Return a question that stands on the page of a session."""
    supervisor = fresh(cast.supervisor)
    session = sessions.announce(
        by=supervisor,
        title="停车难",
        about="",
        starts_at=NOW + dt.timedelta(days=1),
        ends_at=NOW + dt.timedelta(days=1, hours=1),
        leaders=[Leader(name="杨示例", user=cast.leader)],
    )
    question = sessions.put(session=session, text="医院门口能不能多划几个车位")
    return sessions.look_through(question=question, by=supervisor, show=True)


def _make_second_call(wish) -> None:
    SecondCall.objects.create(
        wish=wish, week=NOW.date(), drawn_on=NOW.date(), seed="seed", drawn_from=1
    )


def _make_order(wish, cast) -> None:
    """Make a 督办单 about a wish, past the rule that it be late."""
    Escalation.objects.create(
        wish=wish,
        step="supervise",
        year=2026,
        serial=1,
        agency=wish.agency,
        ground="还没有办好。",
        text="请尽快办",
        issued_by=cast.supervisor,
        answer_by=NOW.date(),
    )


def addresses(route: str, things: SimpleNamespace) -> dict[str, str]:
    """Return the addresses to try a route at, by the name of the wish in them, which is empty where there is none.

    One wish stands for all where a form is sent to: who may send it is the matrix of the workflow.
    """
    if "wishes/<code>/" in route or "wishes/wish/<pk>/" in route:
        only_sent = route.startswith(("wishes/", "api/")) and route.split("/")[-2] in SENT
        return {
            name: "/"
            + _filled(
                route,
                code=wish.code,
                pk=_number(route, wish, name, things),
                order=Escalation.objects.get().pk,
            )
            for name, wish in things.wishes.items()
            if name == "held" or not only_sent
        }
    if "voices/<code>/" in route or "voices/voice/<pk>/" in route:
        only_sent = route.startswith(("voices/", "api/")) and route.split("/")[-2] in VOICES_SENT
        return {
            name: "/" + _filled(route, code=voice.code, pk=voice.pk)
            for name, voice in things.voices.items()
            if name == "public" or not only_sent
        }
    return {"": "/" + _filled(route, **_gaps(route, things))}


def _number(route: str, wish, name: str, things) -> int:
    return things.photos[name].pk if "photo/" in route else wish.pk


def _filled(route: str, **gaps) -> str:
    return re.sub(r"<(\w+)>", lambda gap: str(gaps[gap[1]]), route)


# What there is one of: the things of these addresses.
ONLY = {
    "exports/": Export,
    "wishes/intake/": Intake,
    "wishes/monthly/": MonthlyTopic,
    "wishes/orders/": Escalation,
    "wishes/second-calls/": SecondCall,
    "me/tokens/": ApiToken,
    "me/absence/": Absence,
}


def _gaps(route: str, things) -> dict:
    """Return what to put into the gaps of a route that names no wish."""
    cadre = things.cast.cadre
    gaps = {
        "code": _code(route),
        "token": token_of(things.wishes["held"]) if "<token>" in route else "",
        "day": "2026-03-09",
        "handle": places_of(cadre, None)[0].handle,
        "uidb36": "1",
        "key": "made-up",
        "provider_id": "district",
        "app_label": "pairing",
        "url": "nowhere/",
        "reminder": next(iter(REGISTRY)),
        "number": next(iter(NUMBERS)),
        "check": next(iter(CHECKS)),
        "sheet": "pairings",
        "slug": "published",
        "id": Cadre.objects.get(user=cadre).pk if "cadres/" in route else cadre.pk,
        "pk": cadre.pk,
        "move": "open",
    }
    if route.startswith("voices/sessions/"):
        gaps["pk"], gaps["number"] = things.question.session_id, things.question.pk
    if route.startswith("voices/from-wish/"):
        gaps["code"] = things.wishes["public"].code
    if route.startswith("r/voice/"):
        gaps["token"] = voice_actions.link_token(things.voices["public"])
    if "pairings/" in route:
        gaps["id"] = Pairing.objects.first().pk
    if route.startswith("inbox/"):
        own = {"user": cadre} if "channels/" in route else {"recipient": cadre}
        gaps["pk"] = (Channel if "channels/" in route else Notice).objects.filter(**own).first().pk
    for beginning, thing in ONLY.items():
        if route.startswith(beginning):
            gaps["pk"] = thing.objects.get().pk
    if match := re.match(r"admin/(\w+)/(\w+)/<object_id>", route):
        gaps["object_id"] = _first(apps.get_model(*match.groups()), cadre).pk
    return gaps


def _first(model, cadre):
    return cadre if model is type(cadre) else model._default_manager.first()


def _code(route: str) -> str:
    if "streets/" in route:
        return "BZ"
    return "JY" if "agencies/" in route else "QT"


def word_of(response: HttpResponse) -> str:
    """Return how somebody was answered: a status, `login` when sent to sign in, `moved` when sent elsewhere."""
    if response.streaming:
        b"".join(response)  # to its end, where the file is closed
    if response.status_code not in (301, 302):
        return str(response.status_code)
    return "login" if "/login/" in response["Location"] else "moved"


# One for all clients: each of their own would load all middleware anew, which takes as long as ten requests.
HANDLER = ClientHandler(enforce_csrf_checks=False)


def client_of(who: str, cast):
    """Return a client of somebody of ROLES, to whom a failure is a 500 as it is to everybody."""
    user = None if who == PASSER_BY else getattr(cast, who)
    client = signed_in(user, raise_request_exception=False)
    client.handler = HANDLER
    return client
