"""One wish on a page, as whoever looks may see it."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import trail
from jiangdong import clock
from jiangdong.privacy import findings_in
from pairing.actions import names_to_catch
from pairing.models import Cadre, Pairing
from pairing.standing import standing_of
from wishes import policy
from wishes.forms import (
    AskForm,
    AssignForm,
    ClaimForm,
    ConfirmForm,
    EndForm,
    FulfilForm,
    JoinForm,
    LookForm,
    MergeForm,
    PauseForm,
    PublishForm,
    ReasonForm,
    ReferForm,
    RefuseForm,
    ToldForm,
)
from wishes.forms.ladder import QuietForm
from wishes.models import Escalation, Story, Wish
from wishes.numbers import number
from wishes.papers import papers_of
from wishes.recurring import earlier_ones
from wishes.stages import stage_of
from wishes.suggestions import colleagues_for, may_be_asked_for
from wishes.ties import ties_of
from wishes.workflow import IN_HAND, MERGE, Move, Stage, State

OTHER_WISHES = 10
FORMS = {
    Move.RETURN: ReasonForm,
    Move.PUBLISH: PublishForm,
    Move.CLAIM: ClaimForm,
    Move.RELEASE: ReasonForm,
    Move.FULFIL: FulfilForm,
    Move.CONFIRM: ConfirmForm,
    Move.REOPEN: ReasonForm,
    Move.WITHDRAW: ReasonForm,
    Move.JOIN: JoinForm,
    Move.LEAVE: ReasonForm,
    Move.WAIT: PauseForm,
    Move.REFER: ReferForm,
    Move.DECLINE: ToldForm,
    Move.END: EndForm,
    MERGE: MergeForm,
}


def signed_in(act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who posts an act to sign in, and bring them back to the wish: nobody comes back to a posted form."""

    @wraps(act)
    def asked(request: HttpRequest, code: str, **more) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("wishes:detail", args=[code]))
        return act(request, code, **more)

    return asked


def found(request: HttpRequest, code: str) -> Wish:
    """Return the wish with this code if the person may open it, or raise 404 all the same."""
    wish = still_open_to(request, code)
    if wish is None:
        raise Http404
    return wish


def still_open_to(request: HttpRequest, code: str) -> Wish | None:
    """Return the wish if the person may open it: after a move, their own or another's, they may no longer."""
    wishes = Wish.objects.visible_to(standing_of(request.user)).select_related(
        "community__street",
        "agency",
        "offered_to",
        "handler",
        "resident",
        "logged_by",
        "merged_into",
    )
    return next(iter(wishes.filter(code=code)), None)  # `first` would have it sorted


def whom_to_name(user, wish: Wish):
    """Return the people whom this person may name as handler.

    A liaison names colleagues. The street, a supervisor and, for what is not public, the worker name
    people of the paired agency and of the holder, or any other agency's liaison, who knows its people.
    """
    standing = standing_of(user)
    acting = Cadre.objects.acting().present().select_related("user", "agency")
    if policy.may_assign_outside(standing, wish):
        paired = Pairing.objects.agency_of(wish.community_id)
        near = Q(agency__in=[paired, wish.offered_to_id, wish.agency_id])
        acting = acting.filter(near | Q(is_liaison=True))
    else:
        acting = acting.filter(agency=standing.agency_id)
    return acting.order_by("agency__position", "user__name")


def ids_of(wish: Wish, move: str) -> str:
    """Return how fields of a move's form are called on a page that may hold several forms and wishes."""
    return f"id_{wish.code}_{move}_%s"


def forms_for(wish: Wish, moves: Iterable[str], bound: dict[str, Form] | None = None) -> dict:
    """Return an empty form for each move, or the one that came back with complaints."""
    forms = {move: FORMS[move](auto_id=ids_of(wish, move)) for move in moves}
    for move, form in (bound or {}).items():
        form.auto_id = ids_of(wish, move)
        forms[move] = form
    return forms


def context_of(
    request: HttpRequest, wish: Wish, bound: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the page of a wish shows to this person.

    `bound` holds forms that came back with complaints, by move.
    """
    standing = standing_of(request.user)
    insider = policy.is_insider(standing, wish)
    door = policy.door_to_details(request.user, wish)
    return {
        "wish": wish,
        "insider": insider,
        **_moves(request, wish, bound),
        **_asks(request, wish, insider, bound or {}),
        **_ladder(request, wish, insider, bound or {}),
        **_story(standing, wish, insider),
        **_beside_moves(request, wish),
        "opens_on": _opens_on(request, wish),
        "stages": _stages(standing, wish, insider),
        "events": list(trail.events_of(wish)) if insider else [],
        "ties": ties_of(wish, standing) if insider else [],
        "door": door,
        "looks": _looks(wish) if door.open else 0,
        "evidence": list(wish.evidence.all())
        if policy.may_see_evidence(request.user, wish)
        else [],
        "other_wishes": _other_wishes(wish) if policy.may_see_other_wishes(standing, wish) else [],
        "earlier_ones": earlier_ones(wish, standing),
        "worker_phone": wish.community.phone if policy.handles(standing, wish) else "",
        "papers": papers_of(request.user, wish),
    }


def _moves(request: HttpRequest, wish: Wish, bound: dict[str, Form] | None) -> dict:
    """Return the moves open to this person, the form of each, and to a liaison who could be asked."""
    standing = standing_of(request.user)
    moves = policy.moves_open_to(request.user, wish)
    with_words = [move for move in moves if move in FORMS]
    if wish.state != State.DRAFT and policy.may_be_merged(request.user, wish):
        with_words.append(MERGE)
    forms = forms_for(wish, with_words, bound)
    asked = may_be_asked_for(wish, standing)
    colleagues = colleagues_for([wish], standing)[wish.pk] if asked else []
    if Move.ASSIGN in moves and Move.ASSIGN not in forms:
        forms[Move.ASSIGN] = AssignForm(
            choices=whom_to_name(request.user, wish),
            why={one.cadre.pk: one.why for one in colleagues},
            auto_id=ids_of(wish, Move.ASSIGN),
        )
    return {"moves": moves, "forms": forms, "colleagues": colleagues}


def _beside_moves(request: HttpRequest, wish: Wish) -> dict:
    """Return what else this person can do here that moves nothing."""
    standing = standing_of(request.user)
    live = not wish.archived
    return {
        "helps": policy.helps(standing, wish),
        "may_gather": policy.may_gather(standing, wish)
        and wish.state in IN_HAND
        and live
        and not wish.together,
        "may_edit": policy.may_edit(standing, wish) and wish.state == State.DRAFT,
        "may_remind": policy.may_remind(standing, wish)
        and wish.state in (State.OPEN, State.CLAIMED)
        and live,
        "may_erase": policy.may_erase(request.user, wish),
        "look_form": LookForm(),
        "is_liaison": standing.is_liaison,
    }


def _asks(request: HttpRequest, wish: Wish, insider: bool, bound: dict[str, Form]) -> dict:
    """Return what this person can ask of a second one, what was asked, and what they can answer with no."""
    asks = policy.asks_open_to(request.user, wish)
    refusals = policy.refusals_open_to(request.user, wish)
    forms = {f"ask_{what}": AskForm.for_(what) for what in asks}
    forms |= {f"refuse_{what}": RefuseForm(initial={"what": what}) for what in refusals}
    forms |= {name: form for name, form in bound.items() if name.startswith(("ask_", "refuse_"))}
    for name, form in forms.items():
        form.auto_id = ids_of(wish, name)
    waiting = (
        list(wish.open_asks.values()) if insider and wish.state in (*IN_HAND, State.OPEN) else []
    )
    return {"ask_forms": forms, "asked": waiting}


def _ladder(request: HttpRequest, wish: Wish, insider: bool, bound: dict[str, Form]) -> dict:
    """Return what was issued about a wish, whether its reminders rest, and the form that lets them."""
    if not insider or wish.published_at is None:
        return {}
    quiet_form = None
    if policy.why_not_quiet(request.user, wish) is None:
        quiet_form = bound.get("quiet") or QuietForm.of(number("quiet_days"))
        quiet_form.auto_id = ids_of(wish, "quiet")
    visible = Escalation.objects.visible_to(standing_of(request.user)).select_related("agency")
    return {
        "issued": list(visible.filter(wish=wish).order_by("issued_at", "pk")),
        "quiet": wish.quiets.filter(until__gte=clock.today()).first(),
        "quiet_form": quiet_form,
    }


def _story(standing, wish: Wish, insider: bool) -> dict:
    """Return the resident's words that others may read, and to the community what must not stand in them."""
    shown = Story.objects.exclude(state=Story.State.WITHDRAWN)
    shown = shown if insider else shown.on_the_wall()
    story = shown.filter(wish=wish).first() if wish.state == State.CLOSED else None
    may_look_over = policy.may_look_over_story(standing, wish)
    found = (
        findings_in(story.text, names_to_catch(wish.resident)) if story and may_look_over else []
    )
    return {
        "story": story,
        "may_look_over": may_look_over,
        "story_hard": [one for one in found if one.hard],
        "story_soft": [one for one in found if not one.hard],
    }


def _stages(standing, wish: Wish, insider: bool) -> list[tuple[str, bool]]:
    """Return the way of an open wish to somebody who takes it, and where it is now, for those who see to it."""
    concerned = insider or (standing.is_liaison and standing.agency_id == wish.offered_to_id)
    if not concerned or wish.state != State.OPEN:
        return []
    now = stage_of(wish)
    return [(stage.label, stage == now) for stage in Stage] if now else []


def _opens_on(request: HttpRequest, wish: Wish):
    """Return the day on which a wish offered to another agency first opens to this person, or None."""
    refusal = policy.why_not(request.user, Move.CLAIM, wish) if wish.state == State.OPEN else None
    offered_first = refusal is not None and refusal.code == "offered_first"
    return wish.open_to_all_on if offered_first else None


def _other_wishes(wish: Wish) -> list[Wish]:
    """Return the newest other wishes of the resident; nothing is opened to find them."""
    others = Wish.objects.of_the_resident_of(wish).select_related("community")
    return list(others.order_by("-logged_at", "-pk")[:OTHER_WISHES])


def _looks(wish: Wish) -> int:
    """Return how many people looked at the details in the last 30 days."""
    since = clock.now() - dt.timedelta(days=30)
    return wish.resident.looks.filter(at__gte=since).values("by").distinct().count()


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a wish."""
    return render(request, "wishes/detail.html", context_of(request, found(request, code)))
