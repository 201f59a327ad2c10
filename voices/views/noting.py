"""Writing a voice down, and changing its words before an agency is asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jiangdong.refusals import NotValid
from pairing.models import Community
from pairing.standing import standing_of
from voices import actions, policy
from voices.forms import EditForm, NoteForm
from voices.views.voice import found


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest) -> HttpResponse:
    """Write down what somebody said."""
    standing = standing_of(request.user)
    if not policy.may_note(standing):
        raise PermissionDenied
    own = Community.objects.filter(pk=standing.any_community_id).first()
    form = NoteForm(request.POST or None, own=own)
    if request.method == "POST" and form.is_valid():
        try:
            voice = actions.note(draft=form.draft(), by=request.user)
        except NotValid as refusal:
            complain(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect(voice)
    context = {"form": form, "own": own}
    return render(request, "voices/note.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the words so that everybody may read them."""
    voice = found(request, code)
    if not policy.moderates(standing_of(request.user), voice):
        raise PermissionDenied
    if not policy.may_edit(standing_of(request.user), voice):
        return redirect(voice)
    form = EditForm(request.POST) if request.method == "POST" else EditForm.of(voice)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(voice=voice, by=request.user, **form.cleaned_data)
        except NotValid as refusal:
            complain(form, refusal)
        else:
            messages.success(request, _("改好了。"))
            return redirect(voice)
    context = {"form": form, "voice": voice}
    return render(request, "voices/edit.html", context, status=400 if form.errors else 200)


def complain(form, refusal: NotValid) -> None:
    """Put an action's complaints to the fields they are about."""
    for name, complaints in refusal.facts.get("fields", {}).items():
        target = {"consent": "contact"}.get(name, name)
        for complaint in complaints:
            form.add_error(target if target in form.fields else None, complaint)
    if not form.errors:
        form.add_error(None, refusal.message)
