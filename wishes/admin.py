"""Wishes in the admin: supervisors read them and act through `wishes.actions`; nothing is ever saved by a form.

A ModelAdmin's save would write every column and could turn a fresh claim back to open, so there is none: the
list, a page that shows one wish, and acts, POST alone; those of the ladder are in `ladder_admin`.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts import trail
from accounts.admin_rights import ByPolicy
from jiangdong import clock
from jiangdong.refusals import NotAllowed, Refusal
from pairing import actions as pairing_actions
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.actions.reminding import reminded_lately
from wishes.admin_filters import (
    BoundedPaginator,
    CampaignFilter,
    NamedListFilter,
    StageFilter,
    WeekFilter,
    list_asked_for,
    narrowings,
)
from wishes.campaign_admin import CampaignAdmin
from wishes.forms import AssignForm, LookForm
from wishes.handlers import acting, candidates
from wishes.ladder_admin import LadderPages
from wishes.lists import LISTS, watched
from wishes.models import Campaign, NumberSetting, Wish
from wishes.numbers_admin import NumberSettingAdmin
from wishes.stages import reached
from wishes.templatetags.wish_words import due_in_words, due_tone, stage_in_words
from wishes.workflow import Move, State

LIST = "admin:wishes_wish_changelist"
PAGE = "admin:wishes_wish_change"

# A state without a tone would be shown by its slug.
TONES = dict.fromkeys(State.values, "") | {
    State.OPEN: "warning",
    State.CLAIMED: "info",
    State.FULFILLED: "primary",
    State.CLOSED: "success",
    State.WAITING: "info",
    State.UNREACHED: "warning",
}

admin.site.register(NumberSetting, NumberSettingAdmin)
admin.site.register(Campaign, CampaignAdmin)


@admin.register(Wish)
class WishAdmin(LadderPages, ByPolicy):
    """Every wish that was ever published. No resident's name, telephone or address is on the list or the page."""

    list_display = (
        "code",
        "title",
        "community",
        "state_shown",
        "stage_shown",
        "agency",
        "due_shown",
    )
    list_display_links = ("code", "title")
    list_filter = (
        NamedListFilter,
        StageFilter,
        ("community__street", RelatedDropdownFilter),
        ("community", RelatedDropdownFilter),
        ("agency", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("how", ChoicesDropdownFilter),
        ("rating", ChoicesDropdownFilter),
        ("campaign", CampaignFilter),
        WeekFilter,
    )
    list_filter_submit = True
    list_select_related = ("community", "agency")
    list_per_page = 50
    search_fields = ("title",)
    search_help_text = gettext_lazy("搜心愿，两个字就行")
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ("code", "due_shown")
    paginator = BoundedPaginator
    list_before_template = "admin/wishes/list_head.html"

    def may_see(self, user) -> bool:
        return policy.may_watch(standing_of(user))

    def get_queryset(self, request: HttpRequest):
        return watched().visible_to(standing_of(request.user)).with_stage(**reached())

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return (list_asked_for(request) or LISTS["published"]).order

    def get_search_results(self, request: HttpRequest, queryset, search_term: str) -> tuple:
        return queryset.search(search_term), False

    def get_urls(self) -> list:
        """Leave the list, the page of a wish, and its acts."""
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name="wishes_wish_changelist"),
            path("<int:pk>/change/", guard(self.page), name="wishes_wish_change"),
            path("<int:pk>/assign/", guard(self.assign), name="wishes_wish_assign"),
            path("<int:pk>/remind/", guard(self.remind), name="wishes_wish_remind"),
            path("<int:pk>/resident/", guard(self.resident), name="wishes_wish_resident"),
            *self.ladder_urls(),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        asked = list_asked_for(request)
        facts = {
            "heading": asked.label if asked else _("全部"),
            "counts": asked.counts if asked else _("公开过的，不含已归档的活动"),
            "narrowed": "，".join(narrowings(request)),
        }
        return super().changelist_view(request, {**facts, **(extra_context or {})})

    @display(description=gettext_lazy("状态"), label=TONES)
    def state_shown(self, wish: Wish) -> tuple[str, str]:
        return wish.state, wish.get_state_display()

    @display(description=gettext_lazy("走到哪"))
    def stage_shown(self, wish: Wish) -> str:
        return stage_in_words(wish) or "—"

    @display(description=gettext_lazy("约定的日子"), ordering="due_on")
    def due_shown(self, wish: Wish) -> str:
        if wish.archived or wish.state not in (State.OPEN, State.CLAIMED):
            return f"{wish.due_on:%Y-%m-%d}"
        late = "jd-late" if wish.due_on < clock.today() else "jd-soft"
        return format_html(
            '{} <span class="{}">{}</span>', f"{wish.due_on:%Y-%m-%d}", late, due_in_words(wish)
        )

    @method_decorator(require_safe)
    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a wish: its words, where it stands, its course, and what this person may do."""
        wish = self._found(request, pk)
        moves = policy.moves_open_to(request.user, wish)
        to_be_done = wish.state in (State.OPEN, State.CLAIMED) and not wish.archived
        somebody = wish.handler_id or wish.agency_id or wish.offered_to_id
        context = {
            "title": wish.code,
            "events": list(trail.events_of(wish)),
            "may_assign": Move.ASSIGN in moves,
            "may_remind": to_be_done
            and somebody
            and policy.may_remind(standing_of(request.user), wish),
            "is_reminded": bool(reminded_lately([wish.pk])),
            "door": policy.door_to_details(request.user, wish),
            **self.ladder_of(request, wish),
        }
        return self._render(request, "admin/wishes/wish.html", wish, context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def assign(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask who is to handle it, naming who fits and why; then hand it over (交办)."""
        wish = self._found(request, pk)
        if isinstance(policy.why_not(request.user, Move.ASSIGN, wish), NotAllowed):
            raise PermissionDenied
        form = AssignForm(request.POST or None, choices=acting())
        if request.method == "POST" and form.is_valid():
            handler = form.cleaned_data["handler"]
            done = _("已交给%(agency)s的%(name)s办。") % {
                "agency": handler.agency,
                "name": handler.user.name,
            }
            return self._act(request, wish, actions.assign, done, handler=handler)
        words = request.GET.get("q", "")[:40].replace("\0", "")
        context = {
            "title": _("交办"),
            "form": form,
            "words": words,
            "candidates": candidates(wish, words),
        }
        status = 400 if form.errors else 200
        return self._render(request, "admin/wishes/assign.html", wish, context, status)

    @method_decorator(require_POST)
    def remind(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring a wish to mind of whoever is to act (提醒一下)."""
        return self._act(request, self._found(request, pk), actions.remind, _("已经提醒了。"))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def resident(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why somebody must see the resident's details; then show them this once, and record the look."""
        wish = self._found(request, pk)
        if not policy.door_to_details(request.user, wish).open:
            raise PermissionDenied
        form = LookForm(request.POST or None)
        context = {"title": _("居民的联系方式"), "form": form, "details": None}
        if request.method == "POST" and form.is_valid():
            context["details"] = pairing_actions.look(
                resident=wish.resident,
                by=request.user,
                why=f"{wish.code} {form.cleaned_data['why']}",
            )
        status = 400 if form.errors else 200
        return self._render(request, "admin/wishes/resident.html", wish, context, status)

    def _found(self, request: HttpRequest, pk: int) -> Wish:
        if not self.has_view_permission(request):
            raise PermissionDenied
        wishes = self.get_queryset(request).select_related(
            "community__street", "agency", "offered_to", "handler", "resident", "campaign"
        )
        wish = wishes.filter(pk=pk).first()
        if wish is None:
            raise Http404
        return wish

    def _act(
        self, request: HttpRequest, wish: Wish, act: Callable, done: str, **facts: Any
    ) -> HttpResponse:
        """Call one action and go back to where the button was, with what came of it as a message."""
        try:
            act(wish=wish, by=request.user, **facts)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        else:
            self.message_user(request, f"{wish.code} {done}", messages.SUCCESS)
        to = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(to, None):
            to = reverse(PAGE, args=[wish.pk])
        return redirect(to)

    def _render(
        self, request: HttpRequest, template: str, wish: Wish, context: dict, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "wish": wish,
            "original": wish,
            "due_words": due_in_words(wish),
            "due_tone": due_tone(wish),
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context, status=status)
