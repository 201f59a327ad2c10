"""抽查回访: a street's list of whom to ring again, and for who watches how often residents say the same."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiangdong.rates import Rate
from jiangdong.refusals import Refusal
from pairing.models import Street
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.forms.ladder import SecondCallForm
from wishes.models import SecondCall

SHOWN = 50


@dataclass(frozen=True)
class Number:
    number: int


@login_required
@require_safe
def second_calls(request: HttpRequest) -> HttpResponse:
    """Show a street whom to ring again, and supervisors what came of it."""
    return _page(request)


@login_required
@require_POST
def call_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a resident said."""
    standing = standing_of(request.user)
    seen = SecondCall.objects.select_related("wish__community")
    found = seen.of_street(standing.street_id or 0).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = SecondCallForm(request.POST, auto_id=f"id_{pk}_%s")
    if not form.is_valid():
        return _page(request, {pk: form}, status=400)
    try:
        actions.call_again(call=found, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        fields = refusal.facts.get("fields") or {None: [refusal.message]}
        for name, complaints in fields.items():
            for complaint in complaints:
                form.add_error(name, complaint)
        return _page(request, {pk: form}, status=refusal.status)
    messages.success(request, _("记下了。"))
    return redirect("wishes:second_calls")


def _page(
    request: HttpRequest, bound: dict[int, SecondCallForm] | None = None, status: int = 200
) -> HttpResponse:
    standing = standing_of(request.user)
    if not (standing.street_id or policy.may_watch(standing)):
        raise PermissionDenied
    calls = SecondCall.objects.select_related("wish__community", "wish__agency")
    mine = calls.of_street(standing.street_id).to_make() if standing.street_id else calls.none()
    rows = list(mine.order_by("week", "pk")[:SHOWN])
    for call in rows:
        call.form = (bound or {}).get(call.pk) or SecondCallForm(auto_id=f"id_{call.pk}_%s")
    context = {"rows": rows, "watches": policy.may_watch(standing)}
    if context["watches"]:
        context |= {
            "rate": _agreement(),
            "streets": _by_street(),
            "different": list(calls.different().order_by("-heard_on", "-pk")[:SHOWN]),
        }
    return render(request, "wishes/second_calls.html", context, status=status)


def _agreement() -> Rate:
    """Return how often residents said the same again, among those who answered."""
    answered = SecondCall.objects.answered()
    same = answered.filter(outcome=SecondCall.Outcome.SAME)
    counts = _("再问一次说的一样的，占抽中并且接了电话的")
    return Rate(_("一致率"), counts, Number(same.count()), Number(answered.count()))


def _by_street():
    """Return each street with its draw, in the customary order; one query."""
    calls = "communities__wishes__second_calls"
    by = {
        name: Count(calls, filter=Q(**{f"{calls}__outcome": name}))
        for name in SecondCall.Outcome.values
    }
    return Street.objects.annotate(drawn=Count(calls), **by).order_by("position", "code")
