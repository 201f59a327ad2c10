"""An asker's details and link: few people, each look recorded, nothing cached."""

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiangdong.refusals import NotAllowed
from pairing import actions as pairing_actions
from pairing.standing import standing_of
from voices import actions, policy
from voices.forms import LookForm
from voices.views.voice import context_of, found, signed_in


@signed_in
@require_POST
@never_cache
def asker_details(request: HttpRequest, code: str) -> HttpResponse:
    """Open an asker's details for who may see them, and record the look with its reason."""
    voice = found(request, code)
    door = policy.door_to_details(request.user, voice)
    if not door.open:
        raise NotAllowed("not_yours", _("联系方式只给社区和答复单位的联络员看。"))
    form = LookForm(request.POST if door.needs_reason else {"why": _("联系提的人")})
    if not form.is_valid():
        context = context_of(request, voice) | {"look_form": form}
        return render(request, "voices/detail.html", context, status=400)
    details = pairing_actions.look(
        resident=voice.resident, by=request.user, why=f"{voice.code} {form.cleaned_data['why']}"
    )
    return render(request, "voices/asker_details.html", {"voice": voice, "details": details})


@signed_in
@require_POST
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Erase what is kept of the asker because they asked."""
    voice = found(request, code)
    actions.erase_on_request(voice=voice, by=request.user)
    messages.success(request, _("联系方式和原话已经删去，件数还在。"))
    return redirect(voice)


@login_required
@require_safe
@never_cache
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """Show the asker's link and its QR code, to hand over or print. No name or telephone is on it."""
    voice = found(request, code)
    token = actions.link_token(voice)
    if not token or not policy.may_show_link(standing_of(request.user), voice):
        raise Http404
    address = request.build_absolute_uri(reverse("asker:page", args=[token]))
    qr = segno.make(address, error="m").svg_inline(scale=6, border=2, omitsize=True)
    return render(request, "voices/slip.html", {"voice": voice, "address": address, "qr": qr})
