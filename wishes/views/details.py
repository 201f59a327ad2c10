"""A resident's details, photos and link: few people, each look recorded, nothing cached."""

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiangdong.privacy import unseal
from jiangdong.refusals import NotAllowed
from pairing import actions as pairing_actions
from wishes import actions, policy, slip_codes
from wishes.forms import LookForm
from wishes.views.wish import context_of, found, signed_in


@signed_in
@require_POST
@never_cache
def resident_details(request: HttpRequest, code: str) -> HttpResponse:
    """Open a resident's details for who may see them, and record the look with its reason."""
    wish = found(request, code)
    door = policy.door_to_details(request.user, wish)
    if not door.open:
        raise NotAllowed("not_yours", _("居民的联系方式只给社区和经办人看。"))
    form = LookForm(request.POST if door.needs_reason else {"why": _("联系居民")})
    if not form.is_valid():
        context = context_of(request, wish) | {"look_form": form}
        return render(request, "wishes/detail.html", context, status=400)
    why = f"{wish.code} {form.cleaned_data['why']}"
    kept = [
        pairing_actions.look(resident=resident, by=request.user, why=why)
        for resident in (wish.resident, *(other.resident for other in wish.told_again))
        if resident == wish.resident or resident.sealed
    ]
    return render(request, "wishes/resident_details.html", {"wish": wish, "kept": kept})


@signed_in
@require_POST
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Erase what is kept of the resident because they asked."""
    wish = found(request, code)
    actions.erase_on_request(wish=wish, by=request.user)
    messages.success(request, _("居民的联系方式和原话已经删去，件数还在。"))
    return redirect(wish)


@login_required
@require_safe
@never_cache
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """Show the resident's link and its QR code, to hand over or print. No name, telephone or address is on it."""
    wish = found(request, code)
    if not policy.may_show_link(request.user, wish) or not hasattr(wish, "link"):
        raise Http404
    kept = unseal(wish.link.sealed_token)
    address = request.build_absolute_uri(reverse("resident:page", args=[kept["token"]]))
    context = {
        "wish": wish,
        "address": address,
        "qr": segno.make(address, error="m").svg_inline(scale=6, border=2, omitsize=True),
        "code": slip_codes.spaced(kept.get("code", "")),
        "desk": request.build_absolute_uri(reverse("resident:progress")),
    }
    return render(request, "wishes/slip.html", context)


@login_required
@require_safe
@never_cache
def photo(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """Show a photo of what was done; it counts as a resident's detail."""
    wish = found(request, code)
    if not policy.may_see_evidence(request.user, wish):
        raise Http404
    evidence = get_object_or_404(wish.evidence, pk=pk)
    return FileResponse(evidence.photo.open(), content_type="image/jpeg")
