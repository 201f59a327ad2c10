"""The ladder on a wish's page of the admin: 督办, 通报 and 「已电话了解」, each asked on a page and done by POST."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES

from jiangdong import clock
from jiangdong.refusals import NotAllowed, Refusal
from wishes import actions, policy
from wishes.actions.ladder import agencies_to_ask
from wishes.forms.ladder import IssueForm, QuietForm, SuperviseForm
from wishes.models import Escalation, Wish
from wishes.numbers import number

ASKED = require_http_methods(["GET", "HEAD", "POST"])


class LadderPages:
    """Pages of WishAdmin; it finds wishes and renders what these show."""

    def ladder_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/supervise/", guard(self.supervise), name="wishes_wish_supervise"),
            path(
                "<int:pk>/circulate/<int:order>/",
                guard(self.circulate),
                name="wishes_wish_circulate",
            ),
            path("<int:pk>/quiet/", guard(self.quiet), name="wishes_wish_quiet"),
        ]

    def ladder_of(self, request: HttpRequest, wish: Wish) -> dict:
        """Return what was issued about a wish, and what this person may do next."""
        issued = list(wish.escalations.select_related("agency", "bulletin").order_by("issued_at"))
        for one in issued:
            one.wish = wish
            one.circulable = policy.why_not_circulate(request.user, one) is None
        return {
            "issued": issued,
            "quiet": wish.quiets.filter(until__gte=clock.today()).first(),
            "may_supervise": policy.why_not_supervise(request.user, wish) is None,
            "may_quiet": policy.why_not_quiet(request.user, wish) is None,
        }

    @method_decorator(ASKED)
    def supervise(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask to whom and in which words; then issue a 督办单."""
        wish = self._found(request, pk)
        refusal = policy.why_not_supervise(request.user, wish)
        form = SuperviseForm(request.POST or None, agencies=agencies_to_ask(wish))
        lead = _("督办单发给单位的联络员，要求在几个工作日内答复。发出以后不能收回。")
        return self._asked(
            request, wish, form, refusal, lambda **facts: actions.supervise(wish=wish, **facts),
            title=_("督办"), lead=lead, button=_("发出督办单"), done=_("督办单发出了。"),
        )  # fmt: skip

    @method_decorator(ASKED)
    def circulate(self, request: HttpRequest, pk: int, order: int) -> HttpResponse:
        """Ask in which words; then issue a 通报 after a 督办单 that did not help."""
        wish = self._found(request, pk)
        found = wish.escalations.orders().select_related("agency", "bulletin").filter(pk=order)
        before = found.first()
        if before is None:
            raise Http404
        before.wish = wish
        refusal = policy.why_not_circulate(request.user, before)
        form = IssueForm(request.POST or None)
        lead = _("通报各单位都看得到，只写单位，不写任何人。发出以后不能收回。")
        return self._asked(
            request, wish, form, refusal, lambda **facts: actions.circulate(order=before, **facts),
            title=_("通报"), lead=lead, button=_("发出通报"), done=_("通报发出了。"),
        )  # fmt: skip

    @method_decorator(ASKED)
    def quiet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what somebody learned of a late wish; then let the reminders to street and district rest."""
        wish = self._found(request, pk)
        refusal = policy.why_not_quiet(request.user, wish)
        form = QuietForm.of(number("quiet_days"), request.POST or None)
        lead = _("这几天不再提醒街道和区里；经办人和联络员照样收到提醒。")
        return self._asked(
            request, wish, form, refusal, lambda **facts: actions.quiet(wish=wish, **facts),
            title=_("已电话了解"), lead=lead, button=_("记下来"), done=_("记下了。"),
        )  # fmt: skip

    def _asked(
        self,
        request: HttpRequest,
        wish: Wish,
        form: forms.Form,
        refusal: Refusal | None,
        act: Callable[..., Escalation],
        *,
        done: str,
        **said: str,
    ) -> HttpResponse:
        """Ask with a form, or act on it; a refusal leads back to the wish, and complaints come back with the form."""
        if isinstance(refusal, NotAllowed):
            raise PermissionDenied
        back = reverse("admin:wishes_wish_change", args=[wish.pk])
        if refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect(back)
        if request.method == "POST" and form.is_valid():
            try:
                act(by=request.user, **form.cleaned_data)
            except Refusal as refused:
                fields = refused.facts.get("fields")
                if not fields:
                    self.message_user(request, refused.message, messages.ERROR)
                    return redirect(back)
                for name, complaints in fields.items():
                    form.add_error(name, [str(one) for one in complaints])
            else:
                self.message_user(request, f"{wish.code} {done}", messages.SUCCESS)
                return redirect(back)
        _dress(form)
        context = {"form": form, "back": back, **said}
        status = 400 if form.errors else 200
        return self._render(request, "admin/wishes/ladder_act.html", wish, context, status)


def _dress(form: forms.Form) -> None:
    """Give the fields the looks of the admin's theme."""
    looks = {forms.Textarea: TEXTAREA_CLASSES, forms.NumberInput: INPUT_CLASSES}
    for field in form.fields.values():
        if classes := looks.get(type(field.widget)):
            field.widget.attrs["class"] = " ".join(classes)
