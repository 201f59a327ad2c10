"""Lists of voices: the public one, one's desk, all for those who watch, and what is raised most."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiangdong import clock
from jiangdong.pagination import Order, bounded_count, page_for
from pairing.standing import standing_of
from voices import policy
from voices.figures import figures, most_raised
from voices.filters import VoiceFilter, WallFilter
from voices.lists import watched
from voices.models import LiveSession, Topic, Voice
from voices.rates import rates_of
from voices.workflow import OVER, WAITS_FOR_US, State

NEWEST = Order("noted_on", descending=True)
ROW = ("community", "agency", "topic")
TABS = {
    "waits": (_("等你看"), {"state__in": WAITS_FOR_US}, Order("noted_on")),
    "asked": (_("等单位答复"), {"state": State.ASKED}, Order("answer_due_on")),
    "answered": (_("已答复"), {"state": State.ANSWERED}, Order("settle_due_on")),
    "settled": (_("等提的人回话"), {"state": State.SETTLED}, Order("settled_on")),
    "over": (_("结束了"), {"state__in": OVER}, Order("closed_on", descending=True)),
    "all": (_("全部"), {}, NEWEST),
}
SPANS = {"30": _("近 30 天"), "90": _("近 90 天"), "365": _("近一年")}


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show everybody what was raised and what agencies answered: an allow-list, nothing else."""
    voices = Voice.objects.on_the_wall()
    narrowed = WallFilter(request.GET, queryset=voices.select_related(*ROW))
    context = {
        "page": page_for(request, narrowed.qs, NEWEST, size=18),
        "filter": narrowed,
        "topics": Topic.objects.filter(parent=None, offered=True),
        "topic": request.GET.get("topic", ""),
        "to_come": LiveSession.objects.to_come().order_by("starts_at")[:3],
    }
    return render(request, "voices/wall.html", context)


def _tabs_of(standing) -> tuple[str, ...]:
    """Return the views of a desk, the one to begin with first."""
    if standing.community_id or standing.street_id or standing.is_supervisor:
        return tuple(TABS)
    return tuple(name for name in TABS if name != "waits")


def _tab_of(standing, params: QueryDict) -> str:
    names = _tabs_of(standing)
    tab = params.get("tab")
    return tab if tab in names else names[0]


def desk_of(user, params: QueryDict) -> tuple[QuerySet, Order]:
    """Return the voices on somebody's desk, narrowed as these parameters say, and their order.

    Raises:
        PermissionDenied: they have no desk.
    """
    standing = standing_of(user)
    if not policy.may_note(standing) and not policy.may_watch(standing):
        raise PermissionDenied
    _label, state, order = TABS[_tab_of(standing, params)]
    voices = Voice.objects.of_desk(standing).filter(**state)
    return VoiceFilter(params, queryset=voices).qs, order


def all_of(user, params: QueryDict) -> tuple[QuerySet, Order]:
    """Return the voices that were given to an agency, narrowed as these parameters say, to those who watch.

    Raises:
        PermissionDenied: they do not.
    """
    if not policy.may_watch(standing_of(user)):
        raise PermissionDenied
    return VoiceFilter(params, queryset=watched()).qs, NEWEST


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the voices one has to do with, what is due first."""
    standing = standing_of(request.user)
    rows, order = desk_of(request.user, request.GET)
    voices = Voice.objects.of_desk(standing)
    context = {
        "page": page_for(request, rows.select_related(*ROW), order, size=30),
        "tab": _tab_of(standing, request.GET),
        "tabs": [
            (name, TABS[name][0], bounded_count(voices.filter(**TABS[name][1]), 99))
            for name in _tabs_of(standing)
        ],
        "filter": VoiceFilter(request.GET, queryset=voices),
        "late": bounded_count(voices.late(clock.today()), 99),
        "may_note": policy.may_note(standing),
        "may_watch": policy.may_watch(standing),
    }
    return render(request, "voices/desk.html", context)


@login_required
@require_safe
def all_(request: HttpRequest) -> HttpResponse:
    """Show the voices that a number stands for, to those who watch."""
    rows, order = all_of(request.user, request.GET)
    narrowed = VoiceFilter(request.GET, queryset=watched())
    context = {
        "page": page_for(request, rows.select_related(*ROW), order, size=30),
        "filter": narrowed,
        "found": bounded_count(rows, 999),
        "filters_set": sum(bool(request.GET.get(name)) for name in narrowed.filters),
    }
    return render(request, "voices/all.html", context)


@login_required
@require_safe
def most(request: HttpRequest) -> HttpResponse:
    """Answer what people raise most and what holds enterprises back: each number opens its list."""
    if not policy.may_watch(standing_of(request.user)):
        raise PermissionDenied
    days = request.GET.get("days")
    days = days if days in SPANS else "90"
    first = clock.today() - dt.timedelta(days=int(days))
    counted = figures(
        "unanswered", "late", "recurring", "asked", "standing", "in_time", "confirmed", "satisfied"
    )
    context = {
        "days": days,
        "spans": list(SPANS.items()),
        "figures": counted,
        "rates": rates_of(counted),
        **most_raised(first),
    }
    return render(request, "voices/most.html", context)
