"""外出、休假: one's own page of it; a liaison sees their colleagues' too."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from jiangdong.refusals import Refusal
from pairing import absence_actions
from pairing.absence_forms import AbsenceForm
from pairing.models import Absence, Cadre

KEPT = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away and who stands in, and enter an absence."""
    oneself = _oneself(request)
    form = AbsenceForm(request.POST or None, oneself=oneself)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            facts = {"person": oneself, **form.cleaned_data}
            try:
                absence_actions.go_away(by=request.user, **facts)
            except Refusal as refusal:
                _complain(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("填好了，到那天手上的事会转给代办的同事。"))
                return redirect("absences")
    seen = Absence.objects.filter(_concerns(oneself)).select_related("user", "substitute")
    context = {
        "form": form,
        "to_come": list(seen.not_over()),
        "past": list(seen.exclude(pk__in=seen.not_over()).order_by("-term", "-pk")[:KEPT]),
        "is_liaison": oneself.is_liaison,
    }
    return render(request, "pairing/absences.html", context, status=status)


@login_required
@require_POST
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """End an absence early, or call it off."""
    oneself = _acting_as(request)
    found = oneself and Absence.objects.filter(_concerns(oneself), pk=pk).first()
    if not found:
        raise Http404
    absence_actions.come_back(absence=found, by=request.user)
    messages.success(request, _("记下了。已经交出去的事还在代办的同事手上。"))
    return redirect("absences")


def _oneself(request: HttpRequest) -> Cadre:
    oneself = _acting_as(request)
    if oneself is None:
        raise PermissionDenied
    return oneself


def _acting_as(request: HttpRequest) -> Cadre | None:
    """Return in which post somebody acts for an agency today, or None."""
    return Cadre.objects.acting().select_related("user").filter(user=request.user).first()


def _concerns(oneself: Cadre) -> Q:
    """Keep one's own, those one stands in for, and, for a liaison, those of the agency."""
    concerns = Q(user=oneself.user_id) | Q(substitute=oneself.user_id)
    if oneself.is_liaison:
        colleagues = Cadre.objects.acting().filter(agency=oneself.agency_id)
        concerns |= Q(user__in=colleagues.values("user"))
    return concerns


def _complain(form: AbsenceForm, refusal: Refusal) -> None:
    fields = refusal.facts.get("fields") or {None: [refusal.message]}
    for name, complaints in fields.items():
        for complaint in complaints:
            form.add_error(name if name in form.fields else None, complaint)
