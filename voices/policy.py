"""Who may do what with a voice and a live session. One predicate a move; doors and actions ask here alone.

A predicate speaks of the person and the thing, not of the state: the table in `workflow` speaks of that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, Refusal
from notices.workdays import workdays_between
from pairing.standing import Standing, standing_of
from voices.models import Answerer, LiveSession, Voice
from voices.querysets import WATCHERS
from voices.workflow import SESSION_TABLE, TABLE, WAITS_FOR_US, Asker, Move, State

Predicate = Callable[[Standing, Voice], bool]

# Working days for an asker's word, after which a voice may be put down without one.
REST_WORKDAYS = 15


def works_there(standing: Standing, voice: Voice) -> bool:
    """Say whether they are a worker of the community that the voice concerns."""
    return standing.community_id is not None and standing.community_id == voice.community_id


def oversees(standing: Standing, voice: Voice) -> bool:
    """Say whether they are staff of the street office over that community."""
    return (
        standing.street_id is not None
        and voice.community_id is not None
        and standing.street_id == voice.community.street_id
    )


def moderates(standing: Standing, voice: Voice) -> bool:
    """Look through a voice and give it to an agency; one that concerns no community is the supervisors' alone."""
    return works_there(standing, voice) or oversees(standing, voice) or standing.is_supervisor


def is_of_holder(standing: Standing, voice: Voice) -> bool:
    """Say whether they belong to the agency that answers: its word is not the asker's."""
    return voice.agency_id is not None and voice.agency_id == standing.agency_id


def answers_for_holder(standing: Standing, voice: Voice) -> bool:
    """Answer in the agency's name: its liaisons; of a street office, whose staff has none, whoever works there."""
    return is_of_holder(standing, voice) and (standing.is_liaison or standing.street_id is not None)


def may_hand_on(standing: Standing, voice: Voice) -> bool:
    """Take it from one agency and give it to another: the street and supervisors, who see both."""
    return oversees(standing, voice) or standing.is_supervisor


def may_hear_the_asker(standing: Standing, voice: Voice) -> bool:
    """Take down the asker's word: whoever moderates, never anybody of the agency that answers."""
    return moderates(standing, voice) and not is_of_holder(standing, voice)


MOVES: dict[str, Predicate] = {
    Move.ASK: moderates,
    Move.HAND_ON: may_hand_on,
    Move.RETURN: answers_for_holder,
    Move.URGE: moderates,
    Move.ANSWER: answers_for_holder,
    Move.SETTLE: answers_for_holder,
    Move.RATE: may_hear_the_asker,
    Move.REOPEN: may_hear_the_asker,
    Move.REST: may_hear_the_asker,
    Move.WITHDRAW: moderates,
    Move.DISMISS: moderates,
}

_NOT_THE_AGENCYS = _("提的人的话由社区、街道或区督办记下，答复的单位不能代答。")
WHY_NOT_YOURS = {
    Move.ANSWER: _("由答复单位的联络员来答复。"),
    Move.SETTLE: _("由答复单位的联络员来说办结了。"),
    Move.RATE: _NOT_THE_AGENCYS,
    Move.REOPEN: _NOT_THE_AGENCYS,
}


def why_not(user, move: str, voice: Voice) -> Refusal | None:
    """Return why this person cannot make this move now, or None when they can.

    The voice's community must be at hand (`select_related("community")`), or this costs a query.
    """
    standing = standing_of(user)
    if not MOVES[move](standing, voice):
        return NotAllowed("not_yours", WHY_NOT_YOURS.get(move, _("这件民声不由你来办这一步。")))
    if voice.state not in TABLE[move]:
        return wrong_state(voice)
    return _condition(move, voice)


def wrong_state(voice: Voice) -> NotNow:
    message = _("民声现在是「%(state)s」，不能这样做。") % {"state": voice.get_state_display()}
    return NotNow("wrong_state", message, state=voice.state)


def _condition(move: str, voice: Voice) -> NotNow | None:
    """Return what else stands in the way of a move that the person and the state allow."""
    if move == Move.URGE and voice.urgent:
        return NotNow("urgent_already", _("已经是加急的了。"), state=voice.state)
    if move == Move.RATE and voice.asker == Asker.ANONYMOUS and voice.logged_by_id is None:
        message = _("提的人没有具名，只有凭回执码本人能评。")
        return NotNow("only_by_code", message, state=voice.state)
    if move == Move.REST and workdays_between(voice.settled_on, clock.today()) < REST_WORKDAYS:
        message = _("说办结满 %(n)s 个工作日还没有回话，才能放下。") % {"n": REST_WORKDAYS}
        return NotNow("too_early", message, state=voice.state)
    return None


def moves_open_to(user, voice: Voice) -> list[str]:
    """Return the moves this person can make now: exactly the buttons a page shows."""
    return [move for move in MOVES if why_not(user, move, voice) is None]


def may_note(standing: Standing) -> bool:
    """Write a voice down by hand: whoever acts for a community or an agency, supervisors and leaders."""
    return (
        standing.any_community_id is not None
        or standing.agency_id is not None
        or bool(standing.roles & {"supervisor", "leader"})
    )


def may_edit(standing: Standing, voice: Voice) -> bool:
    """Change the words before an agency is asked, so that they may be read by everybody."""
    return moderates(standing, voice) and voice.state in WAITS_FOR_US


def may_watch(standing: Standing) -> bool:
    """Read every voice that an agency was asked about, and what is raised most."""
    return bool(standing.roles & WATCHERS)


def may_watch_in_admin(standing: Standing) -> bool:
    return bool(standing.roles & {"supervisor", "supervision_group"})


def may_keep_topics(standing: Standing) -> bool:
    return standing.is_supervisor


def is_insider(standing: Standing, voice: Voice) -> bool:
    """Say whether they see more than the public does: the course, the asker's words, who answered."""
    of_holder = is_of_holder(standing, voice) and (standing.is_agency_staff or standing.is_liaison)
    return (
        moderates(standing, voice)
        or of_holder
        or (voice.logged_by_id is not None and voice.logged_by_id == standing.user_id)
        or (may_watch(standing) and voice.first_asked_on is not None)
    )


def may_make_wish(standing: Standing, voice: Voice) -> bool:
    """Make a wish of what was raised: the community's workers, who alone write wishes down."""
    return works_there(standing, voice)


def may_show_link(standing: Standing, voice: Voice) -> bool:
    """Hand the asker's link over: whoever wrote the voice down, and the community's workers."""
    return works_there(standing, voice) or (
        voice.logged_by_id is not None and voice.logged_by_id == standing.user_id
    )


@dataclass(frozen=True)
class DetailsDoor:
    """How a person may come to an asker's details."""

    open: bool
    needs_reason: bool = False


SHUT = DetailsDoor(open=False)


def door_to_details(user, voice: Voice) -> DetailsDoor:
    """Say whether, and whether only with a written reason, this person may see how to reach the asker.

    The liaison of the agency that answers may while it has the voice; the community's workers may, to ring back;
    street and supervisor with a reason. Every look is recorded.
    """
    standing = standing_of(user)
    if voice.resident_id is None:
        return SHUT
    if answers_for_holder(standing, voice) and standing.is_agency_staff:
        held = voice.state in (State.ASKED, State.ANSWERED, State.SETTLED)
        return DetailsDoor(open=held)
    if is_of_holder(standing, voice):
        return SHUT
    if works_there(standing, voice):
        return DetailsDoor(open=True)
    return DetailsDoor(open=oversees(standing, voice) or standing.is_supervisor, needs_reason=True)


def may_erase(standing: Standing, voice: Voice) -> bool:
    """Erase what is kept of the asker because they asked for it."""
    return voice.resident_id is not None and moderates(standing, voice)


# Live sessions


def may_hold_sessions(standing: Standing) -> bool:
    """Announce sessions, open and close them, look through what is asked."""
    return standing.is_supervisor


def why_not_session(user, move: str, session: LiveSession) -> Refusal | None:
    """Return why this person cannot move a session on now, or None when they can."""
    if not may_hold_sessions(standing_of(user)):
        return NotAllowed("not_yours", _("网上面对面由区督办主持。"))
    if session.phase not in SESSION_TABLE[move]:
        message = _("这一场现在是「%(state)s」，不能这样做。") % {
            "state": session.get_phase_display()
        }
        return NotNow("wrong_state", message, state=session.phase)
    return None


def session_moves_open_to(user, session: LiveSession) -> list[str]:
    return [move for move in SESSION_TABLE if why_not_session(user, move, session) is None]


def may_answer_as(standing: Standing, answerer: Answerer) -> bool:
    """Write a leader's answer down: the leader, or the secretary named for them."""
    return standing.user_id is not None and standing.user_id in (
        answerer.user_id,
        answerer.secretary_id,
    )
