"""The doors to the moves: POST only, one action each, one way to answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from jiangdong.refusals import Refusal
from voices import actions, policy
from voices.forms import (
    AnswerForm,
    AskForm,
    HandOnForm,
    RateForm,
    ReasonForm,
    SettleForm,
)
from voices.models import Voice
from voices.views.voice import context_of, found, signed_in, still_open_to
from voices.workflow import Move


def _answer(
    request: HttpRequest,
    code: str,
    move: str,
    act: Callable[..., Any],
    form: forms.Form | None = None,
    done: Any = "",
) -> HttpResponse:
    """Ask the policy, check the form, call the action, and show the voice as it is now, whatever came of it.

    Complaints come back with the form as it was filled in (400); a refusal with its reason and the present
    state (403, 409). htmx gets the whole voice as a piece; a plain form a page or a redirect.
    """
    voice = found(request, code)
    # Who may not do it at all is told so, and not what is wrong with their form.
    if form is not None and (refusal := policy.why_not(request.user, move, voice)):
        return _show(request, voice, status=refusal.status, refusal=refusal)
    if form is not None and not form.is_valid():
        return _show(request, voice, {move: form}, status=400)
    try:
        act(voice=voice, by=request.user, **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        return _refused(request, code, move, form, refusal)
    return _done(request, still_open_to(request, code), done)


def _done(request: HttpRequest, voice: Voice | None, done: Any) -> HttpResponse:
    """Show the voice as it is now; who may no longer open it, having given it back, goes on to their desk."""
    if voice and request.htmx:
        return _show(request, voice, done=done)
    messages.success(request, done)
    to = resolve_url(voice or "voices:desk")
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


def _refused(
    request: HttpRequest, code: str, move: str, form: forms.Form | None, refusal: Refusal
) -> HttpResponse:
    """Show the voice with the refusal; one that went out of sight meanwhile leaves the refusal alone."""
    voice = still_open_to(request, code)
    if voice is None:
        raise refusal
    bound = {}
    for name, complaints in refusal.facts.get("fields", {}).items():
        if form is not None and name in form.fields:
            for complaint in complaints:
                form.add_error(name, complaint)
            bound = {move: form}
    return _show(request, voice, bound, status=refusal.status, refusal=refusal)


def _show(
    request: HttpRequest,
    voice: Voice,
    bound: dict | None = None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    done: Any = "",
) -> HttpResponse:
    context = context_of(request, voice, bound) | {"refusal": refusal, "done": done}
    template = "voices/_voice.html" if request.htmx else "voices/detail.html"
    return render(request, template, context, status=status)


@signed_in
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    form = AskForm(request.POST)
    return _answer(request, code, Move.ASK, actions.ask, form, _("已交给单位，三个工作日内答复。"))


@signed_in
@require_POST
def hand_on(request: HttpRequest, code: str) -> HttpResponse:
    form = HandOnForm(request.POST)
    return _answer(request, code, Move.HAND_ON, actions.hand_on, form, _("已转给别的单位。"))


@signed_in
@require_POST
def return_(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.RETURN, actions.return_, form, _("已退回，由他们另定单位。"))


@signed_in
@require_POST
def urge(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code, Move.URGE, actions.urge, done=_("已加急，请单位今天答复。"))


@signed_in
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    return _answer(request, code, Move.ANSWER, actions.answer, form, _("已答复。"))


@signed_in
@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    form = SettleForm(request.POST)
    return _answer(
        request, code, Move.SETTLE, actions.settle, form, _("记下了，接下来听提的人怎么说。")
    )


@signed_in
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    form = RateForm(request.POST)
    return _answer(request, code, Move.RATE, actions.rate, form, _("记下了。"))


@signed_in
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.REOPEN, actions.reopen, form, _("记下了，已请单位接着办。"))


@signed_in
@require_POST
def rest(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code, Move.REST, actions.rest, done=_("先放下了。"))


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.WITHDRAW, actions.withdraw, form, _("已撤回。"))


@signed_in
@require_POST
def dismiss(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.DISMISS, actions.dismiss, form, _("记作不受理。"))
