"""督办单 and 通报 as documents and as lists, the agency's answer, and 「已电话了解」 on a wish."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiangdong.pagination import Order, bounded_count, page_for
from jiangdong.refusals import Refusal
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.forms.ladder import AnswerForm, QuietForm
from wishes.models import Escalation
from wishes.numbers import number
from wishes.views.answering import answer as answer_about
from wishes.views.wish import signed_in
from wishes.workflow import QUIET, Rung, State, Visibility

NEWEST = Order("issued_at", descending=True)
TABS = {
    "unanswered": (_("等答复"), lambda found: found.unanswered(), Order("answer_by")),
    "orders": (_("督办单"), lambda found: found.orders(), NEWEST),
    "bulletins": (_("通报"), lambda found: found.bulletins(), NEWEST),
}


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """List the 督办单 that concern one, and every 通报."""
    found = Escalation.objects.visible_to(standing_of(request.user))
    tab = request.GET.get("tab")
    tab = tab if tab in TABS else next(iter(TABS))
    _label, rule, order_of = TABS[tab]
    context = {
        "page": page_for(request, rule(found).select_related("agency", "wish"), order_of, size=30),
        "tab": tab,
        "tabs": [(name, TABS[name][0], bounded_count(TABS[name][1](found), 99)) for name in TABS],
    }
    return render(request, "wishes/orders.html", context)


@login_required
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one as the document it is, to print, with what is left to do about it."""
    return _show(request, _found(request, pk))


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down the agency's answer."""
    issued = _found(request, pk)
    if refusal := policy.why_not_answer(request.user, issued):
        raise refusal
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, issued, form, status=400)
    try:
        actions.answer(order=issued, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        complaints = refusal.facts.get("fields", {}).get("text")
        if complaints is None:
            raise
        for complaint in complaints:
            form.add_error("text", complaint)
        return _show(request, issued, form, status=refusal.status)
    messages.success(request, _("已答复，区督办会看到。"))
    return redirect(issued)


@signed_in
@require_POST
def quiet(request: HttpRequest, code: str) -> HttpResponse:
    """Note that one asked after a late wish (已电话了解)."""
    form = QuietForm.of(number("quiet_days"), request.POST)
    done = _("记下了，这几天不再提醒街道和区里。")
    return answer_about(request, code, QUIET, actions.quiet, form, done, why_not=_why_not_quiet)


def _why_not_quiet(user, _name: str, wish) -> Refusal | None:
    return policy.why_not_quiet(user, wish)


def _found(request: HttpRequest, pk: int) -> Escalation:
    visible = Escalation.objects.visible_to(standing_of(request.user))
    issued = visible.select_related("agency", "after", "wish__community").filter(pk=pk).first()
    if issued is None:
        raise Http404
    return issued


def _show(
    request: HttpRequest, issued: Escalation, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    standing = standing_of(request.user)
    may_answer = policy.why_not_answer(request.user, issued) is None
    context: dict[str, Any] = {
        "issued": issued,
        # A 通报 goes round, on paper too: of a wish that is not public it says no more than its code.
        "title": issued.wish.title if _may_read_title(standing, issued) else "",
        "form": (form or AnswerForm()) if may_answer else None,
        "shows_answer": policy.may_watch(standing)
        or policy.oversees(standing, issued.wish)
        or standing.agency_id == issued.agency_id,
        "watches": policy.may_watch(standing),
    }
    return render(request, "wishes/order.html", context, status=status)


def _may_read_title(standing, issued: Escalation) -> bool:
    wish = issued.wish
    public = wish.visibility == Visibility.PUBLIC and wish.state not in (
        State.WITHDRAWN,
        State.REFERRED,
        State.DECLINED,
        State.ENDED,
    )
    return public or (issued.step == Rung.SUPERVISE and policy.is_insider(standing, wish))
