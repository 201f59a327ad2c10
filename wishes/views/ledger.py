"""The month's ledger, to print on a sheet that lies across, or to take out as a file."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiangdong import clock
from pairing.standing import standing_of
from wishes.ledger import ledger_of, may_keep_ledger, month_after, month_before, month_of

MOST = 500  # rows on a page; a file has them all


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show what happened in a month to the wishes one answers for."""
    standing = standing_of(request.user)
    if not may_keep_ledger(standing):
        raise PermissionDenied
    month = month_of(request.GET.get("month"))
    wishes = ledger_of(standing, month)
    rows = list(wishes[: MOST + 1])
    after = month_after(month)
    context = {
        "month": month,
        "before": month_before(month),
        "after": after if after <= clock.today() else None,
        "wishes": rows[:MOST],
        "more": wishes.count() if len(rows) > MOST else 0,
        "printed_on": clock.today(),
    }
    return render(request, "wishes/ledger.html", context)
