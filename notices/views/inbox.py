"""The inbox, and where messages go besides. Reading a page changes nothing; only a button does."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangdong.pagination import Order, page_for
from jiangdong.refusals import Refusal
from notices import actions, groups, policy
from notices.forms import ChannelForm, UpToForm
from notices.groups import Group
from notices.models import Channel, Notice
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


@dataclass
class Ears:
    """Whose robots: one's own (no group), or those of a group that one keeps; and the form that adds one."""

    slug: str
    heading: Any
    channels: list[Channel]
    form: ChannelForm
    group: Group | None = None


@login_required
@never_cache
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """List the robots that one's messages go to, and those of the groups one keeps, and add one."""
    everybody, status = _ears_of(request), 200
    if request.method == "POST":
        whose = request.POST.get("whose")
        ears = next((each for each in everybody if each.slug == whose), None)
        if ears is None:
            raise Http404
        status = _add_channel(request, ears)
        if status == 200:
            messages.success(request, _("添好了。发一条试试，看群里收到没有。"))
            return redirect("notices:channels")
    return render(request, "notices/channels.html", {"everybody": everybody}, status=status)


def _ears_of(request: HttpRequest) -> list[Ears]:
    own = Channel.objects.of_person(request.user)
    found = [Ears("me", _("我自己的"), list(own), ChannelForm(auto_id="me_%s"))]
    for group in groups.kept_by(request.user):
        theirs = Channel.objects.of_group(group).select_related("added_by")
        heading = groups.REGISTRY[group.kind].heading
        form = ChannelForm(auto_id=f"{group.kind}_%s")
        found.append(Ears(group.kind, heading, list(theirs), form, group))
    return found


def _add_channel(request: HttpRequest, ears: Ears) -> int:
    """Add one to these and return the status; what is wrong stands in their form afterwards."""
    ears.form = form = ChannelForm(request.POST, auto_id=f"{ears.slug}_%s")
    if not form.is_valid():
        return 400
    try:
        actions.add_channel(by=request.user, group=ears.group, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("address", refusal.message)
        return refusal.status
    return 200


def _kept_channel(request: HttpRequest, pk: int) -> Channel:
    channel = get_object_or_404(Channel.objects.kept(), pk=pk)
    if not policy.may_keep_channel(request.user, channel):
        raise Http404
    return channel


@require_POST
@login_required
def try_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a trial message."""
    actions.ask_for_trial(channel=_kept_channel(request, pk), by=request.user)
    messages.success(request, _("正在试。过一会儿看看群里，再刷新这一页。"))
    return redirect("notices:channels")


@require_POST
@login_required
def remove_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a robot."""
    actions.remove_channel(channel=_kept_channel(request, pk), by=request.user)
    messages.success(request, _("去掉了，不再往那里发。"))
    return redirect("notices:channels")
