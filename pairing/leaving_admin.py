"""A page of the admin: somebody leaves. Administrators read numbers there, and nothing of what is handed over."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import DistrictRole, Session, User
from jiangdong.refusals import NotAllowed, Refusal
from pairing import actions, leaving, policy
from pairing.models import Cadre, CommunityWorker
from pairing.standing import standing_of


class SuccessorForm(forms.Form):
    """Who goes on with what the person holds: a colleague, or the liaison's choice."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("手上的事交给谁"),
        queryset=Cadre.objects.none(),
        required=False,
        empty_label=gettext_lazy("交回本单位，由联络员另定经办人"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = colleagues


@require_http_methods(["GET", "HEAD", "POST"])
def end_person(request: HttpRequest, pk: int, *, around: dict) -> HttpResponse:
    """Show what ends and how much is handed over; then do it. `around` is what the site shows on every page."""
    person = get_object_or_404(User, pk=pk)
    if not policy.may_end_person(standing_of(request.user), person):
        raise PermissionDenied
    posts = Cadre.objects.now().filter(user=person)
    agencies = posts.values("agency")
    colleagues = Cadre.objects.acting().filter(agency__in=agencies).exclude(user=person)
    form = SuccessorForm(
        request.POST if request.method == "POST" else None,
        colleagues=colleagues.select_related("user", "agency"),
    )
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            handed = actions.end_person(person=person, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            said = _("%(name)s的离任办好了，交接了 %(n)s 件事。") % {"name": person, "n": handed}
            messages.success(request, said)
            return redirect("admin:accounts_user_change", person.pk)
    context = {
        **around,
        "title": _("办理离任"),
        "person": person,
        "form": form,
        "ends": _what_ends(person),
        "held": leaving.held_by(person),
        "agencies": posts.exists(),
        "last_liaison": _is_last_liaison(posts, colleagues),
    }
    return TemplateResponse(request, "admin/end_person.html", context, status=status)


def _what_ends(person: User) -> list[tuple[str, int]]:
    roles = DistrictRole.objects.now().filter(user=person)
    workers = CommunityWorker.objects.now().filter(user=person)
    return [
        (_("单位里的职务"), Cadre.objects.now().filter(user=person).count()),
        (_("社区里的职务"), workers.count()),
        (_("区级角色"), roles.count()),
        (_("登录着的地方"), Session.objects.filter(user=person).count()),
        (_("程序用的令牌"), person.api_tokens.count()),
    ]


def _is_last_liaison(posts, colleagues) -> bool:
    """Say whether the agency would be without a liaison."""
    return posts.filter(is_liaison=True).exists() and not colleagues.liaisons().exists()
