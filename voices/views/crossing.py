"""From a voice to a wish and back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiangdong.refusals import NotNow, NotValid
from pairing.standing import standing_of
from voices import actions, policy
from voices.forms import TellForm
from voices.views.noting import complain
from voices.views.voice import found
from wishes.forms import LogForm
from wishes.models import Wish
from wishes.policy import works_there


@login_required
@require_http_methods(["GET", "POST"])
def to_wish(request: HttpRequest, code: str) -> HttpResponse:
    """Write a wish down out of a voice; both pages point across afterwards."""
    voice = found(request, code)
    if not policy.may_make_wish(standing_of(request.user), voice):
        raise PermissionDenied
    form = LogForm(request.POST or None, initial={"title": voice.title, "detail": voice.text[:500]})
    if request.method == "POST" and form.is_valid():
        wish = actions.make_wish(voice=voice, by=request.user, draft=form.draft())
        messages.success(request, _("记成了心愿 %(code)s。") % {"code": wish.code})
        return redirect(wish)
    context = {"form": form, "voice": voice}
    return render(request, "voices/to_wish.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def from_wish(request: HttpRequest, code: str) -> HttpResponse:
    """Make a voice of what was logged as a wish and is none; say what the resident was told."""
    standing = standing_of(request.user)
    wish = Wish.objects.visible_to(standing).select_related("community").filter(code=code).first()
    if wish is None:
        raise Http404
    if not works_there(standing, wish):
        raise PermissionDenied
    form = TellForm(request.POST or None)
    context = {"form": form, "wish": wish}
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.from_wish(wish=wish, by=request.user, **form.cleaned_data)
        except NotValid as refusal:
            complain(form, refusal)
            return render(request, "voices/from_wish.html", context, status=400)
        except NotNow as refusal:
            context["refusal"] = refusal
            return render(request, "voices/from_wish.html", context, status=refusal.status)
        messages.success(request, _("转成了民声，请交给单位答复。"))
        return redirect(voice)
    return render(request, "voices/from_wish.html", context, status=400 if form.errors else 200)
