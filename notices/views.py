"""The inbox: a person's own messages. Reading a page changes nothing; only a button does."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jiangdong.pagination import Order, page_for
from notices import actions
from notices.forms import UpToForm
from notices.models import Notice
from notices.reminders import grouped
from notices.workdays import calendar_known

NEWEST_FIRST = Order("created_at", descending=True)


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one's messages, newest first, all or only the unread."""
    only_unread = request.GET.get("unread") == "1"
    notices = Notice.objects.visible_to(request.user)
    page = page_for(request, notices.unread() if only_unread else notices, NEWEST_FIRST)
    up_to = max((notice.pk for notice in page), default=None) if not page.previous else None
    return render(
        request,
        "notices/inbox.html",
        {"page": page, "only_unread": only_unread, "up_to": up_to},
    )


@require_safe
@login_required
def digest(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Show what was due for oneself on a day, most urgent first."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), digest_day=day)
    groups = grouped(notice.lines.most_urgent_first())
    context = {"notice": notice, "groups": groups, "calendar_known": calendar_known(day)}
    return render(request, "notices/digest.html", context)


@require_POST
@login_required
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    actions.mark_read(notice=notice, by=request.user)
    return HttpResponseRedirect(notice.url) if notice.url else redirect("notices:inbox")


@require_POST
@login_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark read all that the page showed or that came before it."""
    form = UpToForm(request.POST)
    if form.is_valid():
        actions.mark_all_read(by=request.user, up_to=form.cleaned_data["up_to"])
    return redirect("notices:inbox")
