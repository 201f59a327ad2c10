"""Live question sessions (网上面对面): announced, asked into, answered, closed; what is left becomes voices."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, not_valid, require
from pairing.models import Agency, Community
from pairing.standing import standing_of
from voices import letters, policy
from voices.actions import clocks, gate, moves
from voices.actions.noting import write
from voices.models import Answerer, Draft, Leader, LiveSession, Question, Topic, Voice
from voices.publicity import require_fit
from voices.workflow import (
    ANNOUNCE,
    ASKABLE,
    SESSION_TABLE,
    Asker,
    Channel,
    Move,
    Phase,
    SessionMove,
    Shown,
)

BY_THE_CLOCK = _("到了时间")


@transaction.atomic
def announce(
    *,
    by: User,
    title: str,
    about: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    leaders: Iterable[Leader],
) -> LiveSession:
    """Announce a session; from now on people may ask.

    Raises:
        NotAllowed: not a supervisor.
        NotValid: it ends before it begins, or nobody answers.
    """
    if not policy.may_hold_sessions(standing_of(by)):
        raise NotAllowed("not_yours", _("网上面对面由区督办主持。"))
    if ends_at <= starts_at:
        raise not_valid("ends_at", _("结束要晚于开始。"))
    leaders = list(leaders)
    if not leaders:
        raise not_valid("leaders", _("请写明至少一位作答的领导。"))
    session = LiveSession.objects.create(
        title=title, about=about, starts_at=starts_at, ends_at=ends_at, announced_by=by
    )
    Answerer.objects.bulk_create(
        Answerer(session=session, position=n, **vars(leader)) for n, leader in enumerate(leaders)
    )
    _record(session, ANNOUNCE, "", by)
    return session


@transaction.atomic
def turn(*, session: LiveSession, move: str, by: User | None) -> LiveSession:
    """Open, close or cancel a session: by a supervisor's act, or by the clock when `by` is nobody.

    Raises:
        NotAllowed: not a supervisor.
        NotNow: the session is not where it could be.
    """
    session = LiveSession.objects.select_for_update().get(pk=session.pk)
    if by is not None and (refusal := policy.why_not_session(by, move, session)):
        raise refusal
    if session.phase not in SESSION_TABLE[move]:
        raise NotNow("wrong_state", _("这一场已经过了这一步。"), state=session.phase)
    before, session.phase = session.phase, SESSION_TABLE[move][session.phase]
    _record(session, move, before, by)
    return session


def _record(session: LiveSession, move: str, before: str, by: User | None) -> None:
    label = gate.label_of(by) if by else str(BY_THE_CLOCK)
    trail.record(
        thing=session, move=move, from_state=before, to_state=session.phase, by=by, by_label=label
    )
    session.save(update_fields=("phase", *trail.TRAIL_FIELDS))


def turn_by_the_clock() -> int:
    """Open and close what is due, and return how many that were; safe to run twice."""
    now = clock.now()
    turned = 0
    due = (
        (SessionMove.OPEN, LiveSession.objects.to_open),
        (SessionMove.CLOSE, LiveSession.objects.to_close),
    )
    for move, sessions in due:
        for session in sessions(now):
            try:
                turn(session=session, move=move, by=None)
            except NotNow:  # somebody was quicker
                continue
            turned += 1
    return turned


@transaction.atomic
def put(*, session: LiveSession, text: str, community: Community | None = None) -> Question:
    """Take a question from whoever asks; nothing of them is kept. It stands on the page once it was looked at.

    Raises:
        NotNow: the session is over.
        NotValid: blank, or with what gives somebody away.
    """
    require(text, "text", _("请写下您的问题。"))
    require_fit("text", text)
    if LiveSession.objects.get(pk=session.pk).phase not in ASKABLE:
        raise NotNow("wrong_state", _("这一场已经结束，有事可以在「说一件事」里说。"))
    return Question.objects.create(
        session=session, text=text, community=community, asked_on=clock.today()
    )


def _locked(question: Question) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("session")
    return rows.get(pk=question.pk)


@transaction.atomic
def look_through(*, question: Question, by: User, show: bool) -> Question:
    """Let a question onto the page, or keep it off.

    Raises:
        NotAllowed: not a supervisor.
        NotValid: its words give somebody away.
        NotNow: it is answered already and cannot go from the page.
    """
    question = _locked(question)
    if not policy.may_hold_sessions(standing_of(by)):
        raise NotAllowed("not_yours", _("问题由区督办来看。"))
    if not show and question.answer:
        raise NotNow("answered", _("已经回答的问题不能撤下。"), state=question.shown)
    if show:
        require_fit("text", question.text)
    is_new = show and question.shown != Shown.YES
    question.shown, question.looked_by = (Shown.YES if show else Shown.NO), by
    question.save(update_fields=("shown", "looked_by"))
    if is_new and question.session.phase in ASKABLE:
        letters.to_answer(question)
    return question


@transaction.atomic
def answer(*, question: Question, by: User, answerer: Answerer, answer: str) -> Question:
    """Write down a leader's answer: by the leader, or by the secretary for them, and then both names stand there.

    Raises:
        NotAllowed: neither the leader nor the secretary.
        NotNow: the question is not on the page, or the session has not begun.
        NotValid: blank, or with what gives somebody away.
    """
    question = _locked(question)
    mine = answerer.session_id == question.session_id
    if not (mine and policy.may_answer_as(standing_of(by), answerer)):
        raise NotAllowed("not_yours", _("由作答的领导本人，或指定的代办人来答。"))
    if question.shown != Shown.YES:
        raise NotNow("not_shown", _("这个问题还没有上页面。"), state=question.shown)
    if question.session.phase not in (Phase.OPEN, Phase.CLOSED):
        raise NotNow("wrong_state", _("开始以后再回答。"), state=question.session.phase)
    require(answer, "answer", _("请写下回答。"))
    require_fit("answer", answer)
    question.answer, question.answerer = answer, answerer
    question.written_by, question.answered_at = by, clock.now()
    question.save(update_fields=("answer", "answerer", "written_by", "answered_at"))
    return question


@transaction.atomic
def to_voice(
    *, question: Question, by: User, agency: Agency, topic: Topic | None = None, title: str = ""
) -> Voice:
    """Make a voice of a question that was not answered, or not wholly, and ask an agency at once.

    Raises:
        NotAllowed: not a supervisor.
        NotNow: it is not on the page, or became a voice already.
    """
    question = _locked(question)
    if not policy.may_hold_sessions(standing_of(by)):
        raise NotAllowed("not_yours", _("由区督办转成民声。"))
    if question.shown != Shown.YES or question.voice_id:
        raise NotNow("wrong_state", _("没有上页面的，或已经转过的，不能转。"), state=question.shown)
    draft = Draft(
        title=title or question.text[:40],
        text=question.text,
        channel=Channel.ONLINE,
        asker=Asker.ANONYMOUS,
        community=question.community,
        may_publish=True,  # it stands on a public page already
    )
    voice = gate.locked(write(draft, by=by, on=question.asked_on))
    voice.public = True
    moves.give_to(voice, agency, topic=topic, urgent=False)
    changed = (*clocks.ASKED, "topic", "urgent", "public", "follows")
    gate.finish(voice, Move.ASK, by=by, changed=changed, note=agency.name)
    letters.asked(voice)
    question.voice = voice
    question.save(update_fields=("voice",))
    return voice
