"""Writing a wish down, and looking at it as the public would before it is published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pairing.actions import look
from pairing.models import Community, Consent, Details
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.forms import LogForm, PublishForm
from wishes.likely import Likely, likely
from wishes.models import Campaign, Wish
from wishes.publicity import findings_of
from wishes.views.wish import found
from wishes.workflow import Move, State


@login_required
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Write a wish down; then look at it before publishing, or keep it as a draft."""
    standing = standing_of(request.user)
    if not policy.may_log(standing):
        raise PermissionDenied
    form = LogForm(request.POST) if request.method == "POST" else LogForm.blank()
    if request.method == "POST" and form.is_valid():
        community = Community.objects.get(pk=standing.any_community_id)
        key = str(form.cleaned_data.get("key") or "")
        wish = actions.log(draft=form.draft(), community=community, by=request.user, key=key)
        return _onwards(request, wish)
    context = {
        "form": form,
        "place": standing.label,
        "is_warden": bool(standing.warden_of_id),
        "asks_likely": True,
        "festivals": Campaign.objects.festivals().exists(),
    }
    return render(request, "wishes/log.html", context, status=400 if form.errors else 200)


def _onwards(request: HttpRequest, wish: Wish) -> HttpResponse:
    if "save" in request.POST or standing_of(request.user).warden_of_id:
        messages.success(request, _("记下了，存在草稿里。"))
        return redirect(wish)
    return redirect("wishes:preview", wish.code)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a draft. What is kept of the resident is shown, so the look is recorded."""
    wish = found(request, code)
    if not policy.may_edit(standing_of(request.user), wish):
        raise PermissionDenied
    if request.method == "POST":
        form = LogForm(request.POST)
        if form.is_valid():
            actions.edit(wish=wish, draft=form.draft(), by=request.user)
            return _onwards(request, wish)
    elif wish.state != State.DRAFT:
        return redirect(wish)
    else:
        form = LogForm.of(wish, _kept(request, wish))
    context = {"form": form, "wish": wish, "place": wish.community.name, "is_warden": False}
    return render(request, "wishes/log.html", context, status=400 if form.errors else 200)


def _kept(request: HttpRequest, wish: Wish) -> Details:
    return look(resident=wish.resident, by=request.user, why=str(_("修改草稿")))


def _likely(request: HttpRequest, wish: Wish) -> list[Likely]:
    """Return what a wish may be the same as, and which of it this person may merge it into."""
    named = likely(
        wish.community_id,
        wish.title,
        wish.detail,
        kind=wish.kind,
        phone_index=wish.resident.phone_index,
        leaving_out=wish.pk,
    )
    for one in named:
        one.mergeable = policy.why_not_merge(request.user, wish, one.wish) is None
    return named


@login_required
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show a wish as the public would see it, with what should be changed first."""
    wish = found(request, code)
    if wish.state not in (State.DRAFT, State.CHECKING):
        return redirect(wish)
    if not policy.may_edit(standing_of(request.user), wish) and not policy.may_publish(
        standing_of(request.user), wish
    ):
        raise Http404
    findings = findings_of(wish)
    context = {
        "wish": wish,
        "hard": [finding for finding in findings if finding.hard],
        "soft": [finding for finding in findings if not finding.hard],
        "moves": policy.moves_open_to(request.user, wish),
        "publish_form": PublishForm(),
        "needs_second": policy.needs_second_person(wish),
        "may_edit": policy.may_edit(standing_of(request.user), wish) and wish.state == State.DRAFT,
        "agreed": wish.resident.consents.filter(kind=Consent.Kind.PUBLISH).exists(),
        "refusal": policy.why_not(request.user, Move.PUBLISH, wish),
        "likely": _likely(request, wish),
    }
    return render(request, "wishes/preview.html", context)
