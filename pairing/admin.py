"""Places, agencies and their people for administrators; pairings for supervisors."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin_rights import ByPolicy
from jiangdong import clock
from jiangdong.refusals import NotAllowed, Refusal
from jiangdong.term_forms import term_in_words
from pairing import actions, policy
from pairing.models import Agency, Cadre, Community, CommunityWorker, Pairing, Street
from pairing.standing import standing_of


class KeptByAdministrators(ByPolicy):
    """Who there is and where: entered and mended by administrators."""

    list_before_template = "admin/export.html"

    def may_see(self, user) -> bool:
        return policy.may_keep_people(standing_of(user))

    def may_keep(self, user) -> bool:
        return policy.may_keep_people(standing_of(user))


class WithCode(KeptByAdministrators):
    """Something with a code, which addresses and wishes carry: it is chosen once."""

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> tuple:
        return ("code",) if obj else ()


@admin.register(Street)
class StreetAdmin(WithCode):
    list_display = ("name", "code", "position")
    search_fields = ("name", "code")
    fields = ("code", "name", "position")


@admin.register(Community)
class CommunityAdmin(WithCode):
    list_display = ("name", "code", "street", "phone", "households")
    list_filter = ("street",)
    list_select_related = ("street",)
    search_fields = ("name", "code")
    fields = ("code", "name", "street", "phone", "households")


@admin.register(Agency)
class AgencyAdmin(WithCode):
    list_display = ("name", "code", "kind", "position", "street")
    list_filter = ("kind",)
    list_select_related = ("street",)
    search_fields = ("name", "code")
    fields = ("code", "name", "kind", "position", "street")


class Post(KeptByAdministrators):
    """Somebody's post for a term: whose and where is written once, its end when it comes."""

    autocomplete_fields = ("user",)
    list_select_related = True
    written_once = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> tuple:
        return self.written_once if obj else ()

    @display(description=_("任期"), ordering="term")
    def term_shown(self, post) -> str:
        return term_in_words(post.term)

    @display(description=_("现在"), boolean=True)
    def holds_now(self, post) -> bool:
        return clock.today() in post.term


@admin.register(Cadre)
class CadreAdmin(Post):
    list_display = ("user", "agency", "is_liaison", "term_shown", "holds_now")
    list_filter = ("is_liaison", "agency")
    list_select_related = ("user", "agency")
    search_fields = ("user__name", "user__username", "agency__name")
    autocomplete_fields = ("user", "agency")
    written_once = ("user", "agency")
    ordering = ("agency__position", "user__username", "pk")
    fields = ("user", "agency", "is_liaison", "term")


@admin.register(CommunityWorker)
class CommunityWorkerAdmin(Post):
    list_display = ("user", "community", "duty", "term_shown", "holds_now")
    list_filter = ("duty", "community")
    list_select_related = ("user", "community")
    search_fields = ("user__name", "user__username", "community__name")
    autocomplete_fields = ("user", "community")
    written_once = ("user", "community", "duty")
    ordering = ("community__sort_key", "user__username", "pk")
    fields = ("user", "community", "duty", "term")


class PairForm(forms.Form):
    """Which agency is to answer for which community, and from when."""

    community = forms.ModelChoiceField(
        label=_("社区"),
        queryset=Community.objects.select_related("street").order_by(
            "street__position", "sort_key"
        ),
        empty_label=_("请选一个社区"),
        widget=UnfoldAdminSelectWidget,
    )
    agency = forms.ModelChoiceField(
        label=_("结对单位"),
        queryset=Agency.objects.order_by("position", "code"),
        empty_label=_("请选一个单位"),
        widget=UnfoldAdminSelectWidget,
    )
    since = forms.DateField(
        label=_("从哪一天起"),
        widget=UnfoldAdminTextInputWidget({"type": "date"}),
        help_text=_("这个社区原来的结对在前一天结束。"),
    )

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since < clock.today():
            raise ValidationError(_("不能早于今天。"))
        return since


@admin.register(Pairing)
class PairingAdmin(ByPolicy):
    """Which agency answers for which community. A new pairing is an act, and ends the one before."""

    list_display = ("community", "street_shown", "agency", "term_shown", "holds_now")
    list_filter = ("community__street", "agency")
    list_select_related = ("community__street", "agency")
    search_fields = ("community__name", "agency__name")
    ordering = ("community__street__position", "community__sort_key", "-term")
    fields = ("community", "agency", "term_shown")
    list_before_template = "admin/export.html"

    def may_see(self, user) -> bool:
        return policy.may_see_pairings(standing_of(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_arrange(standing_of(request.user))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context=None
    ) -> HttpResponse:
        """Ask who is to answer for whom, and let `pairing.actions.pair` do it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PairForm(request.POST or None, initial={"since": clock.today().isoformat()})
        status = 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                try:
                    pairing = actions.pair(by=request.user, **form.cleaned_data)
                except NotAllowed as refusal:
                    raise PermissionDenied from refusal
                except Refusal as refusal:
                    form.add_error(None, refusal.message)
                    status = refusal.status
                else:
                    self.message_user(request, self._said(pairing))
                    return redirect("admin:pairing_pairing_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("安排结对"),
            "opts": self.opts,
            "form": form,
            "lead": _("一个社区任何一天都只有一个结对单位，一个单位可以结对几个社区。"),
            "act": _("安排"),
            "back": "admin:pairing_pairing_changelist",
        }
        return TemplateResponse(request, "admin/act.html", context, status=status)

    def _said(self, pairing: Pairing):
        return _("%(agency)s从%(day)s起结对%(community)s。") % {
            "agency": pairing.agency,
            "community": pairing.community,
            "day": pairing.term.lower,
        }

    @display(description=_("街道"), ordering="community__street__position")
    def street_shown(self, pairing: Pairing) -> str:
        return pairing.community.street.name

    @display(description=_("任期"), ordering="term")
    def term_shown(self, pairing: Pairing) -> str:
        return term_in_words(pairing.term)

    @display(description=_("现在"), boolean=True)
    def holds_now(self, pairing: Pairing) -> bool:
        return clock.today() in pairing.term
