"""Wishes out of a passage from a chat group: pasted, looked over row by row, kept as drafts; the passage is not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jiangdong import clock
from pairing.models import Community
from pairing.standing import Standing, standing_of
from wishes import actions, policy
from wishes.forms.paste import BaseRows, PasteForm, Rows, rows_of
from wishes.passage import wishes_in


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Read wishes out of a pasted passage, and write down those that the worker ticked."""
    standing = standing_of(request.user)
    if not policy.may_log(standing):
        raise PermissionDenied
    if request.method == "GET":
        return _show(request, standing, form=PasteForm())
    if "form-TOTAL_FORMS" in request.POST:
        return _keep(request, standing, Rows(request.POST))
    form = PasteForm(request.POST)
    noted = wishes_in(form.cleaned_data["passage"], clock.today()) if form.is_valid() else []
    if noted:
        return _show(request, standing, rows=rows_of(noted))
    if form.is_valid():
        form.add_error("passage", _("没有从这段话里读出心愿，请一行写一件再试。"))
    return _show(request, standing, form=form, status=400)


def _keep(request: HttpRequest, standing: Standing, rows: BaseRows) -> HttpResponse:
    """Write the ticked rows down, all looked over before the first."""
    if not rows.is_fit():
        return _show(request, standing, rows=rows, status=400)
    ticked = rows.ticked()
    if not ticked:
        messages.warning(request, _("一件也没有勾，什么都没有记下。"))
        return redirect("wishes:paste")
    community = Community.objects.get(pk=standing.any_community_id)
    for row in ticked:
        key = str(row.cleaned_data["key"])
        actions.log(draft=row.draft(), community=community, by=request.user, key=key)
    messages.success(request, _("记下了 %(n)s 件，都在草稿里。") % {"n": len(ticked)})
    if left_out := sum(row.left_out() for row in ticked):
        said = _("其中 %(n)s 件没有本人同意，称呼、电话、住处没有记下。")
        messages.info(request, said % {"n": left_out})
    return redirect(f"{reverse('wishes:desk')}?tab=drafts")


def _show(
    request: HttpRequest,
    standing: Standing,
    *,
    form: PasteForm | None = None,
    rows: BaseRows | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "rows": rows, "place": standing.label}
    return render(request, "wishes/paste.html", context, status=status)
