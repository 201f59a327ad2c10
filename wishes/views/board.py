"""Lists for those who look for a wish: the board, one's own, and the wall for everybody."""

from collections.abc import Iterable
from html import escape

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiangdong.pagination import Order, Page, bounded_counts, page_for
from pairing.models import Community, Street
from pairing.standing import Standing, standing_of
from wishes import policy
from wishes.filters import EASY, BoardFilter, WallFilter
from wishes.models import Story, Wish
from wishes.querysets import WishQuerySet
from wishes.suggestions import reasons_of, suggested
from wishes.workflow import IN_HAND, Kind, Move, State

SUITED = "suited"
ORDERS = {
    "due": (_("快到期的在前"), Order("due_on")),
    "new": (_("新公开的在前"), Order("published_at", descending=True)),
    "old": (_("等得久的在前"), Order("published_at")),
}


def _tabs(wishes: WishQuerySet, standing: Standing) -> dict[str, tuple]:
    """Return the board's four views that make sense for this person, each with its words and wishes."""
    tabs = {"all": (_("全部"), wishes)}
    if standing.home_street_id:
        tabs = {"near": (_("离我近"), wishes.near(standing)), **tabs}
    if standing.paired_community_ids:
        tabs = {"paired": (_("结对社区"), wishes.of_paired(standing)), **tabs}
    if standing.agency_id:
        tabs = {SUITED: (_("适合我"), wishes.suited_to(standing)), **tabs}
    return tabs


def _with_moves(page, user) -> None:
    """Tell each card whether this person can claim it now, or from which day on, and why it may suit them."""
    standing = standing_of(user)
    for wish in page:
        refusal = policy.why_not(user, Move.CLAIM, wish)
        wish.claimable = refusal is None
        wish.opens_on = wish.open_to_all_on if refusal and refusal.code == "offered_first" else None
        wish.reasons = reasons_of(wish, standing)


def _narrowed(wishes: WishQuerySet, asked: MultiValueDict) -> tuple[WishQuerySet, dict]:
    """Return the wishes that are asked for, and complaints by field; where nothing is asked no form is made."""
    if asked.keys().isdisjoint(BoardFilter.base_filters):
        return wishes, {}
    narrowed = BoardFilter(asked, queryset=wishes)
    return narrowed.qs, narrowed.errors


def _options(choices: Iterable[tuple], chosen: str) -> SafeString:
    """Return the options of a select: Django's widget takes a template for each of 67 places."""
    return SafeString(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for value, label in choices
        )
    )


def _drawer(asked: MultiValueDict) -> dict:
    """Return what the drawer of filters shows, with what is asked for chosen."""
    kinds = set(asked.getlist("kind"))
    return {
        "kinds": [(value, label, value in kinds) for value, label in Kind.choices],
        "streets": _options(Street.objects.values_list("code", "name"), asked.get("street")),
        "communities": _options(
            Community.objects.values_list("code", "name"), asked.get("community")
        ),
        "soon": "soon" in asked,
        "batch": "batch" in asked,
        "easy": [(name, BoardFilter.base_filters[name].label, name in asked) for name in EASY],
        "filters_set": sum(
            name in asked for name in ("kind", "street", "community", "soon", "batch", *EASY)
        ),
    }


def _asked_for(user, asked: QueryDict) -> tuple[dict[str, tuple], str, str]:
    """Return the board's views, and which of them and which order are asked for."""
    standing = standing_of(user)
    tabs = _tabs(Wish.objects.board(standing), standing)
    tab, sort = asked.get("tab"), asked.get("sort")
    return tabs, tab if tab in tabs else next(iter(tabs)), sort if sort in ORDERS else "due"


def board_of(user, asked: QueryDict) -> tuple[WishQuerySet, Order]:
    """Return all that the board shows this person on its pages, and in which order."""
    tabs, tab, sort = _asked_for(user, asked)
    return _narrowed(tabs[tab][1], asked)[0], ORDERS[sort][1]


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the open wishes: search, filters, sorting, paging."""
    tabs, tab, sort = _asked_for(request.user, request.GET)
    wishes, complaints = _narrowed(tabs[tab][1].select_related("community"), request.GET)
    best = None
    if tab == SUITED and request.GET.keys().isdisjoint({"sort", "cursor"}):
        best = suggested(wishes, standing_of(request.user))
    page = Page(best.wishes) if best else page_for(request, wishes, ORDERS[sort][1])
    _with_moves(page, request.user)
    context = {
        "page": page,
        "best": best,
        "tab": tab,
        "tabs": _counted(tabs),
        "q": request.GET.get("q", ""),
        "complaints": complaints,
        "sorts": _options(((name, label) for name, (label, _order) in ORDERS.items()), sort),
        **_drawer(request.GET),
    }
    return render(request, "wishes/board.html", context)


def _counted(tabs: dict[str, tuple]) -> list[tuple]:
    """Return name, words and number of each tab, given its words and wishes."""
    counts = bounded_counts((wishes for _label, wishes in tabs.values()), 99)
    return [(name, tabs[name][0], count) for name, count in zip(tabs, counts, strict=True)]


STORIES = 3  # on the wall's first page
MINE = {
    "doing": (_("办理中"), IN_HAND, Order("due_on")),
    "helping": (_("一起办的"), IN_HAND, Order("due_on")),
    "waiting": (_("等居民点头"), (State.FULFILLED,), Order("fulfilled_at")),
    "done": (_("居民点头了"), (State.CLOSED,), Order("closed_at", descending=True)),
}


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what this person handles, the most pressing first."""
    tab = request.GET.get("tab")
    tab = tab if tab in MINE else "doing"
    label, _states, order = MINE[tab]
    tabs = {name: (MINE[name][0], _mine(request.user, name)) for name in MINE}
    page = page_for(request, tabs[tab][1].select_related("community", "agency"), order)
    context = {"page": page, "tab": tab, "tabs": _counted(tabs), "label": label}
    return render(request, "wishes/mine.html", context)


def _mine(user, tab: str):
    """Return what this person handles, or helps another with, in the states of a tab."""
    live = Wish.objects.live()
    wishes = live.helped_by(user) if tab == "helping" else live.held_by(user)
    return wishes.filter(state__in=MINE[tab][1])


def mine_of(user, asked: QueryDict) -> tuple[WishQuerySet, Order]:
    """Return all that one's own list shows on its pages, and in which order."""
    tab = asked.get("tab")
    tab = tab if tab in MINE else "doing"
    return _mine(user, tab), MINE[tab][2]


def _stories() -> list[Story]:
    """Return the newest words of residents that stand on the wall."""
    newest = Story.objects.on_the_wall().order_by("-approved_at", "-pk")
    return list(newest.select_related("wish__community", "wish__agency")[:STORIES])


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show the public what residents wish for and what became of it: an allow-list, nothing else."""
    live = Wish.objects.live().on_the_wall()
    narrowed = WallFilter(request.GET, queryset=live.select_related("community", "agency"))
    page = page_for(request, narrowed.qs, Order("published_at", descending=True), size=18)
    declined = Wish.objects.live().declined_in_public().filter(in_batch=False)
    batch, live = live.filter(in_batch=True), live.filter(in_batch=False)
    figures = {
        "published": live | declined,
        "claimed": live.exclude(state=State.OPEN),
        "confirmed": live.filter(state=State.CLOSED),
        "declined": declined,
        "batch": batch,
    }
    context = {
        "page": page,
        "filter": narrowed,
        "kinds": Kind.choices,
        "kind": request.GET.get("kind", ""),
        "stories": [] if request.GET else _stories(),
        "figures": dict(zip(figures, bounded_counts(figures.values(), 9999), strict=True)),
    }
    return render(request, "wishes/wall.html", context)
