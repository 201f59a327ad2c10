"""Voices in the admin: supervisors read and act through `voices.actions`; nothing is ever saved by a form.

Topics alone are kept here by forms: they have no course of their own.
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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts import trail
from accounts.admin_rights import ByPolicy
from jiangdong.refusals import NotAllowed, Refusal
from pairing.standing import standing_of
from voices import actions, policy
from voices.admin_filters import NamedListFilter
from voices.forms import AskForm, HandOnForm, ReasonForm
from voices.models import Topic, Voice
from voices.templatetags.voice_words import due_in_words, due_tone
from voices.workflow import Move, State
from wishes.admin_filters import BoundedPaginator

PAGE = "admin:voices_voice_change"
TONES = {
    State.NOTED: "warning",
    State.RETURNED: "warning",
    State.ASKED: "info",
    State.ANSWERED: "info",
    State.SETTLED: "primary",
    State.CLOSED: "success",
    State.RESTED: "default",
    State.WITHDRAWN: "default",
    State.DISMISSED: "default",
}
# What a supervisor does here; the rest is on the voice's own page.
ACTS: dict[str, tuple[Callable[..., Any], type | None]] = {
    Move.ASK: (actions.ask, AskForm),
    Move.HAND_ON: (actions.hand_on, HandOnForm),
    Move.URGE: (actions.urge, None),
    Move.DISMISS: (actions.dismiss, ReasonForm),
}


def shape_of(shape: type, voice: Voice, data):
    """Return the form of an act; that of asking knows what the voice's asker agreed to."""
    return AskForm.of(voice, data=data) if shape is AskForm else shape(data)


@admin.register(Topic)
class TopicAdmin(ByPolicy):
    """The tree of topics. One that has voices is not deleted but no longer offered."""

    list_display = ("name", "parent", "position", "offered")
    list_filter = ("offered",)
    list_select_related = ("parent",)
    search_fields = ("name",)
    ordering = ("parent__position", "position", "pk")

    def may_see(self, user) -> bool:
        return policy.may_watch_in_admin(standing_of(user))

    def may_keep(self, user) -> bool:
        return policy.may_keep_topics(standing_of(user))


@admin.register(Voice)
class VoiceAdmin(ByPolicy):
    """Every voice a supervisor may open. No asker's name or telephone is on the list or the page."""

    list_display = ("code", "title", "community", "topic", "state_shown", "agency", "due_shown")
    list_display_links = ("code", "title")
    list_filter = (
        NamedListFilter,
        ("topic", RelatedDropdownFilter),
        ("community__street", RelatedDropdownFilter),
        ("community", RelatedDropdownFilter),
        ("agency", RelatedDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("asker", ChoicesDropdownFilter),
        ("rating", ChoicesDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("community", "topic", "agency")
    list_per_page = 50
    search_fields = ("title",)
    search_help_text = gettext_lazy("搜民声，两个字就行")
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ("code",)
    ordering = ("-noted_on", "-pk")
    paginator = BoundedPaginator
    list_before_template = "admin/export.html"

    def may_see(self, user) -> bool:
        return policy.may_watch_in_admin(standing_of(user))

    def get_queryset(self, request: HttpRequest):
        return Voice.objects.of_desk(standing_of(request.user))

    def get_search_results(self, request: HttpRequest, queryset, search_term: str) -> tuple:
        return queryset.search(search_term), False

    def get_urls(self) -> list:
        """Leave the list, the page of a voice, and its acts."""
        guard = self.admin_site.admin_view
        return [
            path("", guard(require_safe(self.changelist_view)), name="voices_voice_changelist"),
            path("<int:pk>/change/", guard(self.page), name="voices_voice_change"),
            *(
                path(
                    f"<int:pk>/{move}/",
                    guard(self.act),
                    {"move": str(move)},
                    name=f"voices_voice_{move}",
                )
                for move in ACTS
            ),
        ]

    @display(description=gettext_lazy("状态"), label=TONES)
    def state_shown(self, voice: Voice) -> tuple[str, str]:
        return voice.state, voice.get_state_display()

    @display(description=gettext_lazy("期限"))
    def due_shown(self, voice: Voice) -> str:
        late = "jd-late" if due_tone(voice) == "late" else "jd-soft"
        return format_html('<span class="{}">{}</span>', late, due_in_words(voice))

    @method_decorator(require_safe)
    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a voice: its words, where it stands, its course, and what this person may do."""
        voice = self._found(request, pk)
        moves = [move for move in policy.moves_open_to(request.user, voice) if move in ACTS]
        context = {
            "title": voice.code,
            "events": list(trail.events_of(voice)),
            "moves": [(move, Move(move).label) for move in moves],
        }
        return self._render(request, "admin/voices/voice.html", voice, context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def act(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """Ask what an act needs to know; then do it and go back to the voice."""
        voice = self._found(request, pk)
        if isinstance(policy.why_not(request.user, move, voice), NotAllowed):
            raise PermissionDenied
        act, shape = ACTS[move]
        form = shape_of(shape, voice, request.POST or None) if shape else None
        if request.method == "POST" and (form is None or form.is_valid()):
            return self._do(request, voice, act, form.cleaned_data if form else {})
        context = {"title": Move(move).label, "form": form, "move": move}
        status = 400 if form is not None and form.errors else 200
        return self._render(request, "admin/voices/act.html", voice, context, status)

    def _do(self, request: HttpRequest, voice: Voice, act: Callable, facts: dict) -> HttpResponse:
        try:
            act(voice=voice, by=request.user, **facts)
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        else:
            self.message_user(request, _("%(code)s 办好了。") % {"code": voice.code})
        return redirect(reverse(PAGE, args=[voice.pk]))

    def _found(self, request: HttpRequest, pk: int) -> Voice:
        if not self.has_view_permission(request):
            raise PermissionDenied
        voices = self.get_queryset(request).select_related("community__street", "agency", "topic")
        voice = voices.filter(pk=pk).first()
        if voice is None:
            raise Http404
        return voice

    def _render(
        self, request: HttpRequest, template: str, voice: Voice, context: dict, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "voice": voice,
            "original": voice,
            "due_words": due_in_words(voice),
            "due_tone": due_tone(voice),
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context, status=status)
