"""The moves: each locks, asks, changes, records and tells, or does nothing at all."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import not_valid, require
from pairing import actions as pairing_actions
from pairing.actions import names_to_catch
from pairing.models import Agency
from voices import letters
from voices.actions import clocks, gate
from voices.models import Topic, Voice
from voices.publicity import require_fit, require_fit_text, require_leave
from voices.workflow import Move

ANSWERED = ("answer", "answered_on", "answered_by", "first_answered_on")


@transaction.atomic
def ask(
    *,
    voice: Voice,
    by: User,
    agency: Agency,
    topic: Topic | None = None,
    urgent: bool = False,
    public: bool = False,
) -> Voice:
    """Give it to the agency that is to answer, and let everybody read it if its asker agreed.

    Raises:
        NotValid: its words give somebody away, and are to be public.
        NotNow: its asker did not agree to that.
    """
    voice = gate.begin(Move.ASK, voice, by)
    if public:
        require_leave(voice)
        require_fit_text(voice)
    voice.public = public
    give_to(voice, agency, topic=topic, urgent=urgent)
    gate.finish(
        voice,
        Move.ASK,
        by=by,
        changed=(*clocks.ASKED, "topic", "urgent", "public", "follows"),
        note=agency.name,
    )
    letters.asked(voice)
    return voice


def give_to(voice: Voice, agency: Agency, *, topic: Topic | None, urgent: bool) -> None:
    """Set who answers and by when, and what it repeats, in memory."""
    voice.agency = agency
    voice.topic = topic or voice.topic
    voice.urgent = voice.urgent or urgent
    clocks.start(voice)
    voice.follows = clocks.followed_by(voice)


@transaction.atomic
def hand_on(*, voice: Voice, by: User, agency: Agency, reason: str) -> Voice:
    """Take it from one agency and give it to another; the days of the rate run on.

    Raises:
        NotValid: no reason, or the agency that has it already.
    """
    voice = gate.begin(Move.HAND_ON, voice, by)
    require(reason)
    if agency.pk == voice.agency_id:
        raise not_valid("agency", _("现在就是这个单位在答复。"))
    before = voice.agency_id
    voice.agency = agency
    clocks.start(voice)
    note = f"{agency.name}：{reason}"
    gate.finish(voice, Move.HAND_ON, by=by, changed=clocks.ASKED, note=note)
    letters.taken_away(voice, reason, agency_id=before)
    letters.asked(voice)
    return voice


@transaction.atomic
def return_(*, voice: Voice, by: User, reason: str) -> Voice:
    """Give it back to whoever moderates: it is not this agency's to answer."""
    voice = gate.begin(Move.RETURN, voice, by)
    require(reason)
    voice.agency = None
    gate.finish(voice, Move.RETURN, by=by, changed=("agency",), note=reason)
    letters.returned(voice, reason)
    return voice


@transaction.atomic
def urge(*, voice: Voice, by: User) -> Voice:
    """Call it urgent: the answer is due today. The rate counts by the earlier of the two days."""
    voice = gate.begin(Move.URGE, voice, by)
    voice.urgent = True
    voice.answer_due_on = min(voice.answer_due_on, clock.today())
    voice.response_due_on = max(min(voice.response_due_on, clock.today()), voice.first_asked_on)
    changed = ("urgent", "answer_due_on", "response_due_on")
    gate.finish(voice, Move.URGE, by=by, changed=changed)
    letters.asked(voice)
    return voice


@transaction.atomic
def answer(*, voice: Voice, by: User, answer: str) -> Voice:
    """Answer, or answer better; whoever asked reads it, and everybody where the voice is public.

    Raises:
        NotValid: blank, or with what gives somebody away.
    """
    voice = gate.begin(Move.ANSWER, voice, by)
    require(answer, "answer", _("请写下答复。"))
    require_fit("answer", answer, names_to_catch(voice.resident))
    today = clock.today()
    voice.answer, voice.answered_on, voice.answered_by = answer, today, by
    voice.first_answered_on = voice.first_answered_on or today
    gate.finish(voice, Move.ANSWER, by=by, changed=ANSWERED, note=answer)
    letters.answered(voice)
    return voice


@transaction.atomic
def settle(*, voice: Voice, by: User, settlement: str) -> Voice:
    """Say how it was settled; its asker has the word on that.

    Raises:
        NotValid: blank, or with what gives somebody away.
    """
    voice = gate.begin(Move.SETTLE, voice, by)
    require(settlement, "settlement", _("请用一两句话说说怎样办结的。"))
    require_fit("settlement", settlement, names_to_catch(voice.resident))
    voice.settlement, voice.settled_on, voice.settled_by = settlement, clock.today(), by
    gate.finish(voice, Move.SETTLE, by=by, changed=clocks.UNSETTLED, note=settlement)
    letters.settled(voice)
    return voice


@transaction.atomic
def rest(*, voice: Voice, by: User) -> Voice:
    """Put it down: called settled long ago, and its asker never said a word. It never counts as satisfied."""
    voice = gate.begin(Move.REST, voice, by)
    end(voice)
    gate.finish(voice, Move.REST, by=by, changed=("closed_on",))
    return voice


@transaction.atomic
def withdraw(*, voice: Voice, by: User, reason: str) -> Voice:
    """Take it back because its asker wants it no more."""
    return _drop(voice, Move.WITHDRAW, by, reason)


@transaction.atomic
def dismiss(*, voice: Voice, by: User, reason: str) -> Voice:
    """Turn away what nobody can answer: advertisements, insults, what belongs to 12388. No agency hears of it."""
    return _drop(voice, Move.DISMISS, by, reason)


def _drop(voice: Voice, move: str, by: User, reason: str) -> Voice:
    voice = gate.begin(move, voice, by)
    require(reason)
    agency_id, voice.agency = voice.agency_id, None
    voice.public = False
    end(voice)
    gate.finish(voice, move, by=by, changed=("agency", "public", "closed_on"), note=reason)
    letters.withdrawn(voice, reason, agency_id=agency_id)
    return voice


def end(voice: Voice) -> None:
    """Write the day of the end, after which what is kept of the asker goes."""
    voice.closed_on = clock.today()
    if voice.resident:
        pairing_actions.keep_until(resident=voice.resident, closed_on=voice.closed_on)
