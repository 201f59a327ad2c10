"""The page of figures too good, in the admin beside the wall: what was found, and where it is said why it is right."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.admin_rights import ByPolicy
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from pairing.standing import standing_of
from reports import actions
from reports.honest import agencies, checks
from reports.models import Explained
from wishes.policy import may_watch

LIST = "reports_explained_changelist"
RECENT = 10


class ReasonForm(forms.Form):
    """Which finding, and why it is right."""

    subject = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(
        max_length=300, error_messages={"required": gettext_lazy("请写一句原因。")}
    )


@admin.register(Explained)
class ExplainedAdmin(ByPolicy):
    """One page of all checks; supervisors explain, a supervision group reads."""

    def may_see(self, user) -> bool:
        return may_watch(standing_of(user))

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name=LIST),
            path("<slug:check>/explain/", guard(self.explain), name="reports_explained_explain"),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return self._page(request)

    @method_decorator(require_POST)
    def explain(self, request: HttpRequest, check: str) -> HttpResponse:
        """Take one finding off the list, with its reason; what is refused comes back as it was typed."""
        if check not in (*checks.CHECKS, agencies.SLUG):
            raise Http404
        form = ReasonForm(request.POST)
        if not standing_of(request.user).is_supervisor:
            raise PermissionDenied
        if not form.is_valid():
            return self._page(request, check, form, status=400)
        try:
            actions.explain(check=check, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except NotValid as refusal:
            form.add_error("reason", refusal.message)
            return self._page(request, check, form, status=400)
        except NotNow as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _("记下了，这一条收起来了；以后又有新的，会再列出来。"))
        return redirect(f"admin:{LIST}")

    def _page(
        self,
        request: HttpRequest,
        check: str = "",
        form: ReasonForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("太好看的数"),
            "opts": self.opts,
            "listed": checks.all_listed(),
            "agencies": agencies,
            "unfinished": agencies.unfinished(),
            "explained": Explained.objects.order_by("-at", "-pk")[:RECENT],
            "may_explain": standing_of(request.user).is_supervisor,
            "refused": _refused(check, form),
        }
        return TemplateResponse(request, "reports/honest.html", context, status=status)


def _refused(check: str, form: ReasonForm | None) -> dict:
    """Return which finding's form was refused, why, and what stood in it."""
    if form is None:
        return {"check": "", "subject": "", "reason": "", "why": ""}
    return {
        "check": check,
        "subject": form.data.get("subject", ""),
        "reason": form.data.get("reason", "")[:300],
        "why": next(message for errors in form.errors.values() for message in errors),
    }
