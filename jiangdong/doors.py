"""How the door to a move answers: one way for everything that moves, to htmx and to plain forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from jiangdong.refusals import Refusal

WhyNot = Callable[[Any, str, Any], Refusal | None]


@dataclass(frozen=True)
class Door:
    """What a door must know of its things.

    Attributes:
        thing: the word by which actions take one, such as `wish`.
        found: the one with a code, if the person may open it; raises Http404 otherwise.
        still_open: the same, or None: after a move, their own or another's, they may no longer.
        why_not: why a person cannot make a move with a thing, or None.
        context: what its page shows to this person; takes the forms that came back with complaints, by move.
        template: of its page, or of the piece that htmx asked from.
        leads_to: where a plain form goes on to; takes the thing as it is now, or None.
    """

    thing: str
    found: Callable[[HttpRequest, str], Model]
    still_open: Callable[[HttpRequest, str], Model | None]
    why_not: WhyNot
    context: Callable[[HttpRequest, Any, dict | None], dict[str, Any]]
    template: Callable[[HttpRequest], str]
    leads_to: Callable[[HttpRequest, Model | None], Any]

    def answer(
        self,
        request: HttpRequest,
        code: str,
        move: str,
        act: Callable[..., Any],
        form: forms.Form | None = None,
        done: Any = "",
        thing: Model | None = None,
        *,
        why_not: WhyNot | None = None,
    ) -> HttpResponse:
        """Ask the policy, check the form, call the action, and show the thing as it is now, whatever came of it.

        Complaints come back with the form as it was filled in (400); a refusal with its reason and the
        present state (403, 409). htmx gets the piece it asked from; a plain form a page or a redirect.
        """
        thing = thing or self.found(request, code)
        # Who may not do it at all is told so, and not what is wrong with their form.
        if form is not None and (refusal := (why_not or self.why_not)(request.user, move, thing)):
            return self._show(request, thing, status=refusal.status, refusal=refusal)
        if form is not None and not form.is_valid():
            return self._show(request, thing, {move: form}, status=400)
        try:
            act(**{self.thing: thing}, by=request.user, **(form.cleaned_data if form else {}))
        except Refusal as refusal:
            return self._refused(request, code, move, form, refusal)
        return self._done(request, self.still_open(request, code), done)

    def _done(self, request: HttpRequest, thing: Model | None, done: Any) -> HttpResponse:
        """Show the thing as it is now; who may no longer open it, having given it away, goes on elsewhere."""
        if thing and request.htmx:
            return self._show(request, thing, done=done)
        messages.success(request, done)
        to = resolve_url(self.leads_to(request, thing))
        return HttpResponseClientRedirect(to) if request.htmx else redirect(to)

    def _refused(
        self,
        request: HttpRequest,
        code: str,
        move: str,
        form: forms.Form | None,
        refusal: Refusal,
    ) -> HttpResponse:
        """Show the thing with the refusal; one that went out of sight meanwhile leaves the refusal alone."""
        thing = self.still_open(request, code)
        if thing is None:
            raise refusal
        bound = {}
        for name, complaints in refusal.facts.get("fields", {}).items():
            if form is not None and name in form.fields:
                for complaint in complaints:
                    form.add_error(name, complaint)
                bound = {move: form}
        return self._show(request, thing, bound, status=refusal.status, refusal=refusal)

    def _show(
        self,
        request: HttpRequest,
        thing: Model,
        bound: dict | None = None,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
        done: Any = "",
    ) -> HttpResponse:
        context = self.context(request, thing, bound) | {"refusal": refusal, "done": done}
        return render(request, self.template(request), context, status=status)
