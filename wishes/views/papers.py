"""What one takes along: a card for the visit, a hand-over slip, agreed days for one's calendar."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jiangdong.refusals import NotAllowed
from pairing import actions as pairing_actions
from pairing.models import Consent, Details
from pairing.standing import standing_of
from wishes import policy
from wishes.calendar import calendar_of
from wishes.models import Wish
from wishes.views.wish import found
from wishes.workflow import IN_HAND


def _to_visit(request: HttpRequest, code: str) -> Wish:
    wish = found(request, code)
    if not policy.may_visit(standing_of(request.user), wish):
        raise Http404
    return wish


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Show what to know before a visit; where to and whom to ask for only when asked, and that look is recorded."""
    wish = _to_visit(request, code)
    details = _details(request, wish) if request.method == "POST" else None
    given = set(wish.resident.consents.values_list("kind", flat=True)) if wish.resident else set()
    context = {
        "wish": wish,
        "door": policy.door_to_details(request.user, wish),
        "details": details,
        "consents": [(label, kind in given) for kind, label in Consent.Kind.choices],
    }
    return render(request, "wishes/visit.html", context)


def _details(request: HttpRequest, wish: Wish) -> Details:
    """Open the resident's details for the visit, through the one door."""
    door = policy.door_to_details(request.user, wish)
    if not door.open or door.needs_reason:
        raise NotAllowed("not_yours", _("请社区带你上门，居民的联系方式不在这里看。"))
    return pairing_actions.look(
        resident=wish.resident, by=request.user, why=f"{wish.code} {_('上门前看')}"
    )


@login_required
@require_safe
def handover(request: HttpRequest, code: str) -> HttpResponse:
    """Show a slip for things that are handed over: optional, filled in by hand, without amounts."""
    return render(
        request, "wishes/handover.html", {"wish": _to_visit(request, code), "lines": range(4)}
    )


@login_required
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Give the agreed day of one wish."""
    wish = found(request, code)
    if not policy.may_note_day(standing_of(request.user), wish):
        raise Http404
    return _calendar(request, [wish], wish.code)


@login_required
@require_safe
def calendar_of_mine(request: HttpRequest) -> HttpResponse:
    """Give the agreed days of all that one handles or helps with."""
    live = Wish.objects.live().filter(state__in=IN_HAND)
    mine = live.held_by(request.user) | live.helped_by(request.user)
    return _calendar(request, mine.select_related("community").order_by("due_on", "pk"), "mine")


def _calendar(request: HttpRequest, wishes: Iterable[Wish], name: str) -> HttpResponse:
    body = calendar_of(
        wishes,
        lambda wish: request.build_absolute_uri(wish.get_absolute_url()),
        request.get_host().partition(":")[0],
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer
