"""Lists for those who answer for wishes: a community's, a street's, an agency's desk, and the day's calls."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiangdong import clock
from jiangdong.pagination import Order, Page, bounded_count, page_for
from pairing.standing import Standing, standing_of
from wishes import policy
from wishes.filters import WishFilter
from wishes.models import Ask, CallBack, Wish
from wishes.querysets import WishQuerySet
from wishes.stages import reached
from wishes.suggestions import colleagues_for, may_be_asked_for
from wishes.views.wish import forms_for
from wishes.workflow import IN_HAND, LEFT, Move, Stage, State

ANSWERS = (Move.CONFIRM, Move.REOPEN)
UNDECIDED = Prefetch("asks", queryset=Ask.objects.undecided(), to_attr="asked")
LOGGED = Order("logged_at", descending=True)
DUE = Order("due_on")
TABS = {
    "drafts": (_("草稿"), {"state": State.DRAFT}, LOGGED),
    "checking": (_("待复核"), {"state": State.CHECKING}, Order("logged_at")),
    "asked": (_("等人定"), {"pk__in": Ask.objects.undecided().values("wish")}, DUE),
    "doing": (_("办理中"), {"state__in": IN_HAND}, DUE),
    "unnamed": (_("等定经办人"), {"state__in": IN_HAND, "handler": None}, DUE),
    "open": (_("待认领"), {"state": State.OPEN}, DUE),
    "waiting": (_("等居民点头"), {"state": State.FULFILLED}, Order("fulfilled_at")),
    "done": (_("居民点头了"), {"state": State.CLOSED}, Order("closed_at", descending=True)),
    "left": (_("没办成的"), {"state__in": LEFT}, Order("left_at", descending=True)),
    "all": (_("全部"), {}, LOGGED),
}


def _tabs_of(standing: Standing) -> tuple[str, ...]:
    """Return the views of a desk, the one to begin with first: what is late comes before what is new."""
    if standing.community_id:
        return ("drafts", "checking", "open", "doing", "asked", "waiting", "done", "left", "all")
    if standing.warden_of_id:
        return ("drafts", "all")
    if standing.street_id:
        return ("doing", "asked", "checking", "open", "waiting", "done", "left", "all")
    if standing.is_liaison:
        return ("doing", "asked", "unnamed", "open", "waiting", "done", "all")
    raise PermissionDenied


def _desk(standing: Standing, asked: QueryDict):
    """Return the tab that is asked for and the wishes in it, narrowed by the filters."""
    names = _tabs_of(standing)
    tab = asked.get("tab")
    tab = tab if tab in names else _first_with_work(standing, names)
    wishes = Wish.objects.of_desk(standing)
    inside = wishes.filter(**TABS[tab][1]).with_stage(**reached())
    if tab == "open" and (stage := stage_asked_for(asked)):
        inside = inside.filter(stage=stage)
    narrowed = WishFilter(asked, queryset=inside)
    return names, tab, wishes, narrowed


def stage_asked_for(asked: QueryDict) -> str:
    """Return the stage to which the open wishes of a desk are narrowed, or ""."""
    stage = asked.get("stage", "")
    return stage if stage in Stage.values else ""


def desk_of(user, asked: QueryDict) -> tuple[WishQuerySet, Order]:
    """Return all that a desk shows on its pages, and in which order."""
    _names, tab, _wishes, narrowed = _desk(standing_of(user), asked)
    return narrowed.qs, TABS[tab][2]


def _first_with_work(standing: Standing, names: tuple[str, ...]) -> str:
    """Begin a worker's desk at the drafts only when there are some."""
    if names[0] != "drafts" or Wish.objects.of_desk(standing).filter(state=State.DRAFT).exists():
        return names[0]
    return "doing" if "doing" in names else names[0]


def _name_colleagues(page: Page, standing: Standing) -> None:
    """Tell a liaison of each wish that waits for somebody which colleagues fit; one query for the page."""
    waiting = [wish for wish in page if may_be_asked_for(wish, standing)]
    fitting = colleagues_for(waiting, standing) if waiting else {}
    for wish in page:
        wish.colleagues = fitting.get(wish.pk, [])


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the wishes one answers for, the late ones first."""
    names, tab, wishes, narrowed = _desk(standing_of(request.user), request.GET)
    rows = narrowed.qs.select_related("community", "agency", "handler").prefetch_related(UNDECIDED)
    page = page_for(request, rows, TABS[tab][2], size=30)
    _name_colleagues(page, standing_of(request.user))
    context = {
        "page": page,
        "tab": tab,
        "tabs": [
            (name, TABS[name][0], bounded_count(wishes.filter(**TABS[name][1]), 99))
            for name in names
        ],
        "filter": narrowed,
        "stages": Stage if tab == "open" else [],
        "stage": stage_asked_for(request.GET),
        "overdue": bounded_count(wishes.overdue(clock.today()), 99),
    }
    return render(request, "wishes/desk.html", context)


CALLS = Order("fulfilled_at")


def calls_of(standing: Standing) -> tuple[WishQuerySet, WishQuerySet]:
    """Return whom to ring today, and whom somebody rang in vain today already: they come back tomorrow.

    Raises:
        PermissionDenied: they call nobody.
    """
    if not (standing.community_id or standing.street_id):
        raise PermissionDenied
    waiting = Wish.objects.of_desk(standing).waiting_for_nod().not_held_by(standing.agency_id)
    rung = CallBack.objects.filter(
        wish=OuterRef("pk"), outcome=CallBack.Outcome.NO_ANSWER, at__date=clock.today()
    )
    return waiting.filter(~Exists(rung)), waiting.filter(Exists(rung))


@login_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Show whom to ring today: what is called done and not yet answered, the longest waiting first."""
    due, rung_in_vain = calls_of(standing_of(request.user))
    page = page_for(request, due.select_related("community", "agency", "handler"), CALLS)
    for wish in page:
        wish.moves = policy.moves_open_to(request.user, wish, ANSWERS)
        wish.forms = forms_for(wish, ANSWERS)
    context = {
        "page": page,
        "rung_in_vain": rung_in_vain.select_related("community")[:20],
        "count": bounded_count(due, 99),
    }
    return render(request, "wishes/calls.html", context)
