"""Live question sessions: announcing them, their list, and the page of each."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangdong.pagination import Order, page_for
from jiangdong.refusals import Refusal
from pairing.standing import standing_of
from voices import policy
from voices.actions import sessions as actions
from voices.models import LiveSession
from voices.session_forms import AnnounceForm, LeaderForms, PutForm, ToVoiceForm
from voices.workflow import ASKABLE, SESSION_TABLE

CHOICES = {"agencies": "agency", "topics": "topic"}


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the sessions, those to come and those that were."""
    rows = LiveSession.objects.prefetch_related("answerers__agency")
    context = {
        "page": page_for(request, rows, Order("starts_at", descending=True)),
        "may_hold": policy.may_hold_sessions(standing_of(request.user)),
    }
    return render(request, "voices/sessions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """Announce a session."""
    if not policy.may_hold_sessions(standing_of(request.user)):
        raise PermissionDenied
    form = AnnounceForm(request.POST or None)
    leaders = LeaderForms(request.POST or None, prefix="leaders")
    if request.method == "POST" and form.is_valid() and leaders.is_valid():
        made = actions.announce(by=request.user, leaders=leaders.leaders(), **form.cleaned_data)
        return redirect(made)
    wrong = request.method == "POST"
    context = {"form": form, "leaders": leaders}
    return render(request, "voices/announce.html", context, status=400 if wrong else 200)


def context_of(request: HttpRequest, session: LiveSession, **more) -> dict:
    """Return what the page of a session shows to this person."""
    standing = standing_of(request.user)
    answerers = list(session.answerers.select_related("agency", "user", "secretary"))
    mine = [one for one in answerers if policy.may_answer_as(standing, one)]
    holds = policy.may_hold_sessions(standing)
    shown = session.questions.all() if holds else session.questions.shown()
    rows = shown.select_related("answerer__agency", "written_by", "voice").order_by("pk")
    return {
        "session": session,
        "answerers": answerers,
        "questions": list(rows),
        "holds": holds,
        "may_answer": bool(mine),
        "moves": policy.session_moves_open_to(request.user, session),
        "askable": session.phase in ASKABLE,
        "put_form": PutForm(),
        "mine": mine,
        "wrong": None,
        "wrong_form": None,
        **_choices(holds),
        "refusal": None,
        **more,
    }


def _choices(holds: bool) -> dict:
    """Return what a question may be given to, asked once for all questions of the page."""
    if not holds:
        return {"agencies": [], "topics": []}
    fields = ToVoiceForm.base_fields
    return {name: list(fields[field].choices) for name, field in CHOICES.items()}


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session: who answers, what was asked, what was answered."""
    found = get_object_or_404(LiveSession, pk=pk)
    return render(request, "voices/session.html", context_of(request, found))


@login_required
@require_POST
def turn(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Open, close or cancel a session."""
    found = get_object_or_404(LiveSession, pk=pk)
    if move not in SESSION_TABLE:
        raise PermissionDenied
    try:
        actions.turn(session=found, move=move, by=request.user)
    except Refusal as refusal:
        found.refresh_from_db()
        context = context_of(request, found, refusal=refusal)
        return render(request, "voices/session.html", context, status=refusal.status)
    return redirect(found)
