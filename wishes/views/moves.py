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
from wishes import actions, policy
from wishes.forms import (
    AssignForm,
    ClaimForm,
    ConfirmForm,
    FulfilForm,
    PublishForm,
    ReasonForm,
)
from wishes.models import Wish
from wishes.views.wish import context_of, found, signed_in, still_open_to, whom_to_name
from wishes.workflow import REMIND, Move

# What a form may ask htmx to put in its place, if not the whole wish.
PIECES = {"card": "wishes/_card.html", "call": "wishes/_call.html"}


def _answer(
    request: HttpRequest,
    code: str,
    move: str,
    act: Callable[..., Any],
    form: forms.Form | None = None,
    done: Any = "",
    wish: Wish | None = None,
) -> HttpResponse:
    """Ask the policy, check the form, call the action, and show the wish as it is now, whatever came of it.

    Complaints come back with the form as it was filled in (400); a refusal with its reason and the
    present state (403, 409). htmx gets the piece it asked from; a plain form a page or a redirect.
    """
    wish = wish or found(request, code)
    # Who may not do it at all is told so, and not what is wrong with their form.
    if form is not None and (refusal := policy.why_not(request.user, move, wish)):
        return _show(request, wish, status=refusal.status, refusal=refusal)
    if form is not None and not form.is_valid():
        return _show(request, wish, {move: form}, status=400)
    try:
        act(wish=wish, by=request.user, **(form.cleaned_data if form else {}))
    except Refusal as refusal:
        return _refused(request, code, move, form, refusal)
    return _done(request, still_open_to(request, code), done)


def _done(request: HttpRequest, wish: Wish | None, done: Any) -> HttpResponse:
    """Show the wish as it is now; who may no longer open it, having handed it back, goes on to the board.

    A plain form on the list of calls leads back to that list.
    """
    if wish and request.htmx:
        return _show(request, wish, done=done)
    messages.success(request, done)
    rang = request.POST.get("piece") == "call"
    to = resolve_url("wishes:calls" if rang else wish or "wishes:board")
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


def _refused(
    request: HttpRequest, code: str, move: str, form: forms.Form | None, refusal: Refusal
) -> HttpResponse:
    """Show the wish with the refusal; a wish that went out of sight meanwhile leaves the refusal alone."""
    wish = still_open_to(request, code)
    if wish is None:
        raise refusal
    bound = {}
    for name, complaints in refusal.facts.get("fields", {}).items():
        if form is not None and name in form.fields:
            for complaint in complaints:
                form.add_error(name, complaint)
            bound = {move: form}
    return _show(request, wish, bound, status=refusal.status, refusal=refusal)


def _show(
    request: HttpRequest,
    wish: Wish,
    bound: dict | None = None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    done: Any = "",
) -> HttpResponse:
    context = context_of(request, wish, bound) | {"refusal": refusal, "done": done}
    piece = PIECES.get(request.POST.get("piece"), "wishes/_wish.html")
    template = piece if request.htmx else "wishes/detail.html"
    return render(request, template, context, status=status)


@signed_in
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code, Move.SUBMIT, actions.submit, done=_("已请同事复核。"))


@signed_in
@require_POST
def return_(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.RETURN, actions.return_, form, _("已退回修改。"))


@signed_in
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    form = PublishForm(request.POST)
    return _answer(request, code, Move.PUBLISH, actions.publish, form, _("已公开，先问结对单位。"))


@signed_in
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    form = ClaimForm(request.POST)
    return _answer(
        request, code, Move.CLAIM, actions.claim, form, _("已认领。先打个电话，约个时间。")
    )


@signed_in
@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    wish = found(request, code)
    form = AssignForm(request.POST, choices=whom_to_name(request.user, wish))
    return _answer(request, code, Move.ASSIGN, actions.assign, form, _("已交办。"), wish)


@signed_in
@require_POST
def release(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(
        request, code, Move.RELEASE, actions.release, form, _("已退回，大家可以再认领。")
    )


@signed_in
@require_POST
def fulfil(request: HttpRequest, code: str) -> HttpResponse:
    form = FulfilForm(request.POST, request.FILES)
    return _answer(
        request, code, Move.FULFIL, actions.fulfil, form, _("记下了。接下来请居民点头。")
    )


@signed_in
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    form = ConfirmForm(request.POST)
    return _answer(request, code, Move.CONFIRM, actions.confirm, form, _("记下了，居民点头了。"))


@signed_in
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.REOPEN, actions.reopen, form, _("记下了，已请对方接着办。"))


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.WITHDRAW, actions.withdraw, form, _("已撤回。"))


@signed_in
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Nudge whoever is to act."""
    return _answer(request, code, REMIND, actions.remind, done=_("已经提醒对方。"))


@signed_in
@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Note a call that nobody answered."""
    return _answer(
        request, code, Move.CONFIRM, actions.note_no_answer, done=_("记下了，改天再打。")
    )
