"""One voice on a page, as whoever looks may see it."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import trail
from jiangdong import clock
from pairing.standing import standing_of
from voices import policy
from voices.actions import link_token
from voices.forms import (
    AnswerForm,
    AskForm,
    HandOnForm,
    LookForm,
    RateForm,
    ReasonForm,
    SettleForm,
)
from voices.models import Voice
from voices.publicity import findings_of
from voices.workflow import WAITS_FOR_US, Move

SHOWN_WITH = (
    "community__street",
    "agency",
    "topic__parent",
    "resident",
    "logged_by",
    "follows",
    "key",
)
FORMS: dict[str, type[Form]] = {
    Move.HAND_ON: HandOnForm,
    Move.RETURN: ReasonForm,
    Move.ANSWER: AnswerForm,
    Move.SETTLE: SettleForm,
    Move.RATE: RateForm,
    Move.REOPEN: ReasonForm,
    Move.WITHDRAW: ReasonForm,
    Move.DISMISS: ReasonForm,
}
FOLLOWERS = 10


def signed_in(act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who posts an act to sign in, and bring them back to the voice: nobody comes back to a posted form."""

    @wraps(act)
    def asked(request: HttpRequest, code: str, **more) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("voices:detail", args=[code]))
        return act(request, code, **more)

    return asked


def found(request: HttpRequest, code: str) -> Voice:
    """Return the voice with this code if the person may open it, or raise 404 all the same."""
    voice = still_open_to(request, code)
    if voice is None:
        raise Http404
    return voice


def still_open_to(request: HttpRequest, code: str) -> Voice | None:
    """Return the voice if the person may open it: after a move, their own or another's, they may no longer."""
    voices = Voice.objects.visible_to(standing_of(request.user)).select_related(*SHOWN_WITH)
    return voices.filter(code=code).first()


def form_for(voice: Voice, move: str) -> Form:
    """Return an empty form for a move."""
    if move == Move.ASK:
        return AskForm.of(voice, auto_id=f"id_{move}_%s")
    return FORMS[move](auto_id=f"id_{move}_%s")


def context_of(
    request: HttpRequest, voice: Voice, bound: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the page of a voice shows to this person; `bound` holds forms with complaints, by move."""
    standing = standing_of(request.user)
    insider = policy.is_insider(standing, voice)
    moves = policy.moves_open_to(request.user, voice)
    forms = {move: form_for(voice, move) for move in moves if move in FORMS or move == Move.ASK}
    for move, form in (bound or {}).items():
        form.auto_id = f"id_{move}_%s"
        forms[move] = form
    door = policy.door_to_details(request.user, voice)
    moderates = policy.moderates(standing, voice)
    return {
        "voice": voice,
        "insider": insider,
        "moves": moves,
        "forms": forms,
        "events": list(trail.events_of(voice)) if insider else [],
        "words_since": list(voice.words_since.order_by("pk")) if insider else [],
        "wish_links": list(voice.wish_links.select_related("wish")) if insider else [],
        "followers": list(voice.followers.order_by("-pk")[:FOLLOWERS]) if insider else [],
        "findings": findings_of(voice) if moderates and voice.state in WAITS_FOR_US else [],
        "door": door,
        "looks": _looks(voice) if door.open else 0,
        "look_form": LookForm(),
        "may_edit": policy.may_edit(standing, voice),
        "may_erase": policy.may_erase(standing, voice),
        "may_make_wish": policy.may_make_wish(standing, voice),
        "may_show_link": policy.may_show_link(standing, voice) and bool(link_token(voice)),
    }


def _looks(voice: Voice) -> int:
    """Return how many people looked at the details in the last 30 days."""
    since = clock.now() - dt.timedelta(days=30)
    return voice.resident.looks.filter(at__gte=since).values("by").distinct().count()


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a voice."""
    return render(request, "voices/detail.html", context_of(request, found(request, code)))
