"""The Friday sheet and the lists behind its numbers."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiangdong.pagination import Order, page_for
from pairing.standing import Standing, standing_of
from reports import friday


def _may(request: HttpRequest) -> Standing:
    standing = standing_of(request.user)
    if not friday.may_compare(standing):
        raise PermissionDenied
    return standing


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show this week against last week, on one sheet to print."""
    context = {"sheet": friday.sheet_of(_may(request))}
    return render(request, "reports/week.html", context)


@login_required
@require_safe
def week_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the wishes that one number of the sheet counts."""
    standing, row = _may(request), friday.ROWS.get(slug)
    if row is None:
        raise Http404
    days = _days(request)
    wishes = row.of(friday.scope_of(standing), days).select_related("community", "agency")
    context = {
        "row": row,
        "days": days,
        "page": page_for(request, wishes, Order(row.day_field), size=50),
    }
    return render(request, "reports/week_list.html", context)


def _days(request: HttpRequest) -> friday.Days:
    """Return the days that are asked for, this week's where none are, or raise 404 for what is no day."""
    if "from" not in request.GET:
        return friday.this_week()
    try:
        first, last = (dt.date.fromisoformat(request.GET.get(name, "")) for name in ("from", "to"))
    except ValueError as error:
        raise Http404 from error
    if not dt.date(2000, 1, 1) <= first <= last <= dt.date(2100, 1, 1):
        raise Http404
    return friday.Days(first, last)
