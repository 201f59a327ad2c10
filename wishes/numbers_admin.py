"""The workflow's numbers in the admin: each with what it was meant to be, what holds now, and the form that sets it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from accounts.admin_rights import ByPolicy
from jiangdong.refusals import NotValid
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.numbers import NUMBERS, InForce, in_force

LIST = "wishes_numbersetting_changelist"


class NumberForm(forms.Form):
    """What a number is to be from now on; between what it may be is the action's to say."""

    value = forms.IntegerField(
        label=gettext_lazy("改成"),
        widget=UnfoldAdminIntegerFieldWidget,
        error_messages={
            "required": gettext_lazy("请写一个整数。"),
            "invalid": gettext_lazy("请写一个整数。"),
        },
    )


class NumberSettingAdmin(ByPolicy):
    """Lists every number, changed or not: there is no page of a single one."""

    def may_see(self, user) -> bool:
        return policy.may_set_numbers(standing_of(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name=LIST),
            path(
                "<slug:number>/set_number/",
                guard(self.set_number),
                name="wishes_numbersetting_set_number",
            ),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return self._page(request)

    @method_decorator(require_POST)
    def set_number(self, request: HttpRequest, number: str) -> HttpResponse:
        """Set one number; what is refused comes back as it was typed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if number not in NUMBERS:
            raise Http404
        form = NumberForm(request.POST, prefix=number)
        if form.is_valid():
            try:
                actions.set_number(name=number, by=request.user, **form.cleaned_data)
            except NotValid as refusal:
                form.add_error("value", refusal.message)
            else:
                said = _("“%(label)s”已改好，从现在起照新的算。") % {"label": NUMBERS[number].label}
                messages.success(request, said)
                return redirect(f"admin:{LIST}")
        return self._page(request, refused=form, status=400)

    def _page(
        self, request: HttpRequest, refused: NumberForm | None = None, status: int = 200
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("期限和限额"),
            "opts": self.opts,
            "rows": [_row(each, refused) for each in in_force()],
        }
        return TemplateResponse(request, "admin/wishes/numbers.html", context, status=status)


def _row(each: InForce, refused: NumberForm | None) -> dict:
    name = each.number.name
    came_back = refused is not None and refused.prefix == name
    form = refused if came_back else NumberForm(initial={"value": each.value}, prefix=name)
    return {"each": each, "form": form}
