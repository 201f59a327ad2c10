"""What is asked and answered in a session: the piece that pages fetch again and again, and the acts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from jiangdong.refusals import Refusal
from pairing.standing import standing_of
from voices import policy, throttle
from voices.actions import sessions as actions
from voices.models import LiveSession, Question
from voices.session_forms import PutForm, QuestionAnswerForm, ToVoiceForm
from voices.views.sessions import context_of
from voices.workflow import ASKABLE


@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the questions on the page of a session, for pages that ask every 15 seconds: one query.

    A page stops asking (286) once the session is over.
    """
    rows = Question.objects.shown().filter(session=pk).order_by("pk")
    found = list(rows.select_related("session", "answerer__agency", "written_by", "voice"))
    if found and found[0].session.phase not in ASKABLE:
        return HttpResponse(status=HttpResponseStopPolling.status_code)
    return render(request, "voices/_questions.html", {"questions": found})


@never_cache
@require_POST
def ask_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question from anybody; nobody is known at this door."""
    session = get_object_or_404(LiveSession, pk=pk)
    if throttle.is_too_often(request, "ask"):
        return render(request, "voices/too_often.html", status=429)
    form = PutForm(request.POST)
    context: dict[str, Any] = {"put_form": form}
    status = 400
    if form.is_valid():
        try:
            actions.put(session=session, **form.cleaned_data)
        except Refusal as refusal:
            context["refusal"], status = refusal, refusal.status
            for complaint in refusal.facts.get("fields", {}).get("text", ()):
                form.add_error("text", complaint)
        else:
            return render(request, "voices/asked.html", {"session": session})
    return render(
        request, "voices/session.html", context_of(request, session, **context), status=status
    )


def _question(pk: int, number: int) -> Question:
    return get_object_or_404(Question.objects.select_related("session"), session=pk, pk=number)


def _act(
    request: HttpRequest,
    question: Question,
    act: Callable[..., Any],
    form: forms.Form | None = None,
    **facts: Any,
) -> HttpResponse:
    """Check the form, call one action, and go back to the question on its page."""
    session = question.session
    if form is not None and not form.is_valid():
        context = context_of(request, session, wrong=question.pk, wrong_form=form)
        return render(request, "voices/session.html", context, status=400)
    try:
        act(question=question, by=request.user, **(form.cleaned_data if form else {}), **facts)
    except Refusal as refusal:
        context = context_of(request, session, refusal=refusal)
        return render(request, "voices/session.html", context, status=refusal.status)
    return redirect(f"{session.get_absolute_url()}#q{question.pk}")


@login_required
@require_POST
def look_through(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Let a question onto the page, or keep it off."""
    _require_host(request)
    show = request.POST.get("show") == "1"
    return _act(request, _question(pk, number), actions.look_through, show=show)


@login_required
@require_POST
def answer_question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write down a leader's answer."""
    question = _question(pk, number)
    standing = standing_of(request.user)
    mine = [
        one.pk for one in question.session.answerers.all() if policy.may_answer_as(standing, one)
    ]
    if not mine:
        raise PermissionDenied
    form = QuestionAnswerForm(
        request.POST, choices=question.session.answerers.filter(pk__in=mine), auto_id=False
    )
    return _act(request, question, actions.answer, form)


@login_required
@require_POST
def question_to_voice(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make a voice of a question, with an agency that is to answer and a deadline."""
    _require_host(request)
    form = ToVoiceForm(request.POST, auto_id=False)
    return _act(request, _question(pk, number), actions.to_voice, form)


def _require_host(request: HttpRequest) -> None:
    if not policy.may_hold_sessions(standing_of(request.user)):
        raise PermissionDenied
