"""What keeps coming back, and what becomes of it: 每月一题, which everybody reads."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangdong.pagination import Order, page_for
from jiangdong.refusals import NotValid, Refusal
from pairing.standing import standing_of
from wishes.actions import monthly as actions
from wishes.forms import ReasonForm
from wishes.forms.monthly import ResultForm, TopicForm
from wishes.models import MonthlyTopic, Wish
from wishes.models.monthly import TopicMove
from wishes.policy import monthly as policy
from wishes.recurring import most_recurring

SHOWN = 50
FORMS = {TopicMove.REPORT: ResultForm, TopicMove.RETURN: ReasonForm}


@login_required
@require_safe
def recurring(request: HttpRequest) -> HttpResponse:
    """Show what comes back most, to the street and to supervisors."""
    standing = standing_of(request.user)
    if not policy.may_see_recurring(standing):
        raise PermissionDenied
    context = {"groups": most_recurring(standing), "may_set": policy.may_set(standing)}
    return render(request, "wishes/recurring.html", context)


@require_safe
def monthly(request: HttpRequest) -> HttpResponse:
    """Show the topics of the months, to everybody."""
    topics = MonthlyTopic.objects.select_related("owner")
    standing = standing_of(request.user)
    context = {
        "page": page_for(request, topics, Order("month", descending=True)),
        "may_set": policy.may_set(standing),
        "may_see_recurring": policy.may_see_recurring(standing),
    }
    return render(request, "wishes/monthly.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def monthly_new(request: HttpRequest) -> HttpResponse:
    """Set a topic: of what keeps coming back, or of something else."""
    if not policy.may_set(standing_of(request.user)):
        raise PermissionDenied
    first = _first(request)
    form = TopicForm(request.POST or None, initial={"title": first.title if first else ""})
    if request.method == "POST" and form.is_valid():
        try:
            topic = actions.set_topic(**form.cleaned_data, first=first, by=request.user)
        except NotValid as refusal:
            _complain(form, refusal)
        else:
            messages.success(request, _("定下了，已告诉牵头单位。"))
            return redirect(topic)
    context = {"form": form, "first": first}
    status = 400 if form.errors else 200
    return render(request, "wishes/monthly_new.html", context, status=status)


def _first(request: HttpRequest) -> Wish | None:
    """Return the first of the wishes that the topic is to be made of, if one is named that may be opened."""
    code = request.GET.get("of", "")
    wishes = Wish.objects.visible_to(standing_of(request.user)).select_related("recurs_first")
    wish = get_object_or_404(wishes, code=code) if code else None
    return wish and (wish.recurs_first or wish)


@require_safe
def monthly_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one topic with those of its wishes that whoever looks may open."""
    return _page(request, _topic(pk))


def _topic(pk: int) -> MonthlyTopic:
    return get_object_or_404(MonthlyTopic.objects.select_related("owner"), pk=pk)


def _page(
    request: HttpRequest,
    topic: MonthlyTopic,
    bound: dict | None = None,
    *,
    status: int = 200,
    **more,
) -> HttpResponse:
    wishes = Wish.objects.visible_to(standing_of(request.user)).filter(topic=topic)
    moves = policy.topic_moves_open_to(request.user, topic)
    context = {
        "topic": topic,
        "moves": moves,
        "forms": {move: FORMS[move]() for move in moves if move in FORMS} | (bound or {}),
        "wishes": list(wishes.select_related("community").order_by("-logged_at", "-pk")[:SHOWN]),
        **more,
    }
    return render(request, "wishes/monthly_topic.html", context, status=status)


@login_required
@require_POST
def monthly_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is settled."""
    form = ResultForm(request.POST)
    return _move(
        request, pk, TopicMove.REPORT, actions.report_topic, form, _("记下了，等区里确认。")
    )


@login_required
@require_POST
def monthly_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that it is settled."""
    return _move(request, pk, TopicMove.SETTLE, actions.settle_topic, None, _("确认办结了。"))


@login_required
@require_POST
def monthly_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back."""
    form = ReasonForm(request.POST)
    return _move(request, pk, TopicMove.RETURN, actions.return_topic, form, _("请对方接着办了。"))


def _move(
    request: HttpRequest, pk: int, move: str, act: Callable, form: forms.Form | None, done: Any
) -> HttpResponse:
    """Ask the policy, check the form, act, and show the topic; complaints and refusals come with its page."""
    topic = _topic(pk)
    refusal = policy.why_not_topic(request.user, move, topic)
    if refusal:
        return _page(request, topic, status=refusal.status, refusal=refusal)
    if form is not None and not form.is_valid():
        return _page(request, topic, {move: form}, status=400)
    try:
        act(topic=topic, by=request.user, **(form.cleaned_data if form else {}))
    except NotValid as invalid:
        _complain(form, invalid)
        return _page(request, topic, {move: form}, status=400)
    except Refusal as late:
        return _page(request, _topic(pk), status=late.status, refusal=late)
    messages.success(request, done)
    return redirect(topic)


def _complain(form: forms.Form, refusal: NotValid) -> None:
    """Put the refusal's complaints beside the fields that they concern."""
    for name, complaints in refusal.facts.get("fields", {}).items():
        for complaint in complaints:
            form.add_error(name if name in form.fields else None, complaint)
