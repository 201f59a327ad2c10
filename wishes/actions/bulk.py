"""Entering many wishes at once: the 2014 campaign, later Excel."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from jiangdong.refusals import NotNow, NotValid
from pairing import actions as pairing_actions
from pairing.models import Agency, Community, Pairing
from wishes.actions import changes
from wishes.actions.answers import LINK_DAYS
from wishes.actions.desk import code_of, new_link, next_serial
from wishes.models import Draft, ResidentLink, Wish
from wishes.numbers import NUMBERS
from wishes.workflow import LOG, TABLE, Move, Origin, State, Visibility


@dataclass(frozen=True)
class Step:
    """One move of a wish that is brought in, with what that move needs."""

    move: str
    at: dt.datetime
    by: User
    label: str
    agency: Agency | None = None
    handler: User | None = None
    note: str = ""


@dataclass(frozen=True)
class Brought:
    """A wish with its course so far, from another system or another year."""

    draft: Draft
    community: Community
    by: User
    at: dt.datetime
    steps: tuple[Step, ...] = ()
    label: str = ""  # in whose name it was logged, where that is not the community


@transaction.atomic
def bring_in(
    *,
    rows: Iterable[Brought],
    campaign=None,
    batch: int = 1000,
    made: list[Wish] | None = None,
    tell: Callable[[int], None] | None = None,
) -> int:
    """Enter many wishes with their events at once, under the same constraints as single moves; nobody is told.

    Rows of an archived campaign hold no resident; other rows keep theirs, with a link, as `log` would. The wishes are
    added to `made` in the order of the rows; `tell` is told how many are done after each batch.

    Raises:
        NotNow: a step that the workflow's table does not know.
        NotValid: a step that cannot be brought in.
    """
    serials: dict[int, int] = {}
    paired = dict(Pairing.objects.now().values_list("community_id", "agency_id"))
    done = 0
    chunk: list[Brought] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == batch:
            done += _bring_in_batch(chunk, campaign, serials, paired, made)
            if tell:
                tell(done)
            chunk = []
    return done + _bring_in_batch(chunk, campaign, serials, paired, made)


def _bring_in_batch(
    rows: list[Brought],
    campaign,
    serials: dict[int, int],
    paired: dict[int, int],
    made: list[Wish] | None,
) -> int:
    if not rows:
        return 0
    wishes = [_brought(row, campaign, serials) for row in rows]
    if not (campaign and campaign.archived):
        _with_residents(rows, wishes)
    for row, wish in zip(rows, wishes, strict=True):
        for step in row.steps:
            _apply(step, wish, paired)
    _number(wishes)
    events, notes = [], []
    for row, wish in zip(rows, wishes, strict=True):
        for event, note in _course(row, wish):
            events.append(event)
            if note:
                notes.append((event, note))
    Wish.objects.bulk_create(wishes)
    ResidentLink.objects.bulk_create(_link_of(wish) for wish in wishes if not wish.archived)
    trail.Event.objects.bulk_create(events)
    for event, note in notes:
        note.event_id = event.pk
    trail.EventNote.objects.bulk_create([note for _event, note in notes])
    if made is not None:
        made += wishes
    return len(wishes)


def _with_residents(rows: list[Brought], wishes: list[Wish]) -> None:
    kept = [(row.community, row.draft.details, row.draft.consents, row.by) for row in rows]
    residents = pairing_actions.record_residents(kept)
    for wish, resident in zip(wishes, residents, strict=True):
        wish.resident = resident


def _number(wishes: list[Wish]) -> None:
    """Give them their ids beforehand: an event's hash holds its wish's id, and the wish the hash of its last event."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Wish._meta.db_table, len(wishes)],
        )
        for wish, (pk,) in zip(wishes, cursor.fetchall(), strict=True):
            wish.pk = pk


def _link_of(wish: Wish) -> ResidentLink:
    link = new_link(wish)
    if wish.fulfilled_at:
        link.expires_at = wish.fulfilled_at + dt.timedelta(days=LINK_DAYS)
    return link


def _brought(row: Brought, campaign, serials: dict[int, int]) -> Wish:
    community = row.community
    if community.pk not in serials:
        serials[community.pk] = next_serial(community) - 1
    serials[community.pk] += 1
    return Wish(
        community=community,
        serial=serials[community.pk],
        code=code_of(community, serials[community.pk]),
        campaign=campaign,
        archived=bool(campaign and campaign.archived),
        logged_by=row.by,
        logged_at=row.at,
        **{name: getattr(row.draft, name) for name in Draft.WORDS},
    )


def _apply(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    if wish.state not in TABLE[step.move]:
        raise NotNow("wrong_state", _("这一步与心愿的状态不符。"), state=wish.state)
    if step.move not in CHANGES:
        raise NotValid("not_brought_in", _("这一步不能成批录入。"))
    wish.state = TABLE[step.move][wish.state]
    CHANGES[step.move](step, wish, paired)


def _submitted(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    wish.submitted_by_id = step.by.pk


def _returned(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    """Change nothing but the state, as a single return does."""


def _published(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    offered = paired.get(wish.community_id)
    changes.published(
        wish,
        visibility=Visibility.PUBLIC,
        offered_to_id=offered,
        by_id=step.by.pk,
        at=step.at,
        offer_days=NUMBERS["offer_days"].default,
    )


def _claimed(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    handler = step.handler or step.by
    changes.claimed(
        wish,
        agency_id=step.agency.pk,
        by_id=step.by.pk,
        handler_id=handler.pk,
        origin=Origin.SELF,
        at=step.at,
    )


def _fulfilled(step: Step, wish: Wish, paired: dict[int, int]) -> None:
    changes.fulfilled(wish, note=step.note, by_id=step.by.pk, at=step.at)


# What a course may hold so far. The resident's word is not brought in: it needs a call, or their own link.
CHANGES: dict[str, Callable[[Step, Wish, dict[int, int]], None]] = {
    Move.SUBMIT: _submitted,
    Move.RETURN: _returned,
    Move.PUBLISH: _published,
    Move.CLAIM: _claimed,
    Move.FULFIL: _fulfilled,
}


def _course(row: Brought, wish: Wish):
    """Yield the events of a wish that was brought in, from its logging on."""
    state = State.DRAFT
    yield trail.prepare(
        thing=wish, move=LOG, from_state="", to_state=state, by_id=row.by.pk,
        by_label=row.label or row.community.name, note="", at=row.at,
    )  # fmt: skip
    for step in row.steps:
        before, state = state, TABLE[step.move][state]
        yield trail.prepare(
            thing=wish, move=step.move, from_state=before, to_state=state, by_id=step.by.pk,
            by_label=step.label, note=step.note, at=step.at,
        )  # fmt: skip
