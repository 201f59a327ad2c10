"""The one way in which every door to a move answers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from jiangdong.refusals import Refusal
from wishes import policy
from wishes.models import Wish
from wishes.views.wish import context_of, found, still_open_to

# What a form may ask htmx to put in its place, if not the whole wish.
PIECES = {"card": "wishes/_card.html", "call": "wishes/_call.html"}


def answer(
    request: HttpRequest,
    code: str,
    move: str,
    act: Callable[..., Any],
    form: forms.Form | None = None,
    done: Any = "",
    wish: Wish | None = None,
    *,
    why_not: Callable[..., Refusal | None] = policy.why_not,
) -> HttpResponse:
    """Ask the policy, check the form, call the action, and show the wish as it is now, whatever came of it.

    Complaints come back with the form as it was filled in (400); a refusal with its reason and the
    present state (403, 409). htmx gets the piece it asked from; a plain form a page or a redirect.
    """
    wish = wish or found(request, code)
    # Who may not do it at all is told so, and not what is wrong with their form.
    if form is not None and (refusal := why_not(request.user, move, wish)):
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
