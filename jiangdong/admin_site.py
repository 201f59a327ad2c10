"""The admin: who enters, what each role finds there, and the looks that settings hand to the theme.

Entry asks `accounts.policy`, never `is_staff`; signing in and out and passwords are allauth's. Only our own
models are kept: tables of libraries bring rights of their own that no policy of ours knows.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from unfold.sites import UnfoldAdminSite

from accounts.policy import may_enter_admin, may_see_running
from pairing.leaving_admin import end_person
from pairing.standing import standing_of
from reports import wall
from wishes.policy import may_watch

# The theme's Alpine evaluates attributes, and its templates carry styles: both on these pages alone.
POLICY = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class DistrictSite(UnfoldAdminSite):
    """The district's one admin site."""

    index_title = _("账号和设置")

    def register(self, model_or_iterable, admin_class=None, **options: Any) -> None:
        models = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        if ours := [model for model in models if _is_ours(model)]:
            super().register(ours, admin_class, **options)

    def get_urls(self) -> list:
        """Leave out what the theme and the framework add for links that stand nowhere here."""
        leaves = path(
            "accounts/user/<int:pk>/end/", self.admin_view(self.end_person), name="end_person"
        )
        return [leaves] + [
            each
            for each in super().get_urls()
            if getattr(each, "name", "") not in ("search", "view_on_site")
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter_admin(request.user)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Ask a passer-by to sign in, refuse whoever has no business here, and relax the CSP for the theme."""
        inner = csp_replace(POLICY)(super().admin_view(view, cacheable))

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("admin:index")

    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        logout(request)
        return redirect("home")

    def password_change(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def end_person(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Somebody leaves: beside their account, and a floor above it, for it reaches all that they hold."""
        request.current_app = self.name
        return end_person(request, pk, around=self.each_context(request))

    @method_decorator(require_safe)
    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the wall to whoever watches over the district, and accounts and settings to the rest."""
        if not may_watch(standing_of(request.user)):
            return super().index(request, extra_context)
        context = {
            **self.each_context(request),
            **wall.context_for(request),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "reports/wall.html", context)


def _is_ours(model: type) -> bool:
    return (settings.BASE_DIR / model.__module__.split(".")[0]).is_dir()


def data_shown(request: HttpRequest) -> tuple[str, str] | None:
    """Say at the head of every page that this is the invented district."""
    return (_("示例数据"), "warning") if settings.DEMO else None


def stylesheet(request: HttpRequest) -> str:
    return static("css/admin.css")


def script(request: HttpRequest) -> str:
    return static("js/admin.js")


def icon(request: HttpRequest) -> str:
    return static("favicon.svg")


# Rows of the sidebar under their heads: model, word, icon. A row is there for whoever may see the model.
PLACES = (
    (
        _("督办"),
        (
            ("wishes.wish", _("心愿"), "favorite"),
            ("reports.explained", _("太好看的数"), "fact_check"),
            ("voices.voice", _("民声"), "campaign"),
            ("voices.topic", _("民声的主题"), "account_tree"),
            ("pairing.pairing", _("结对"), "handshake"),
            ("notices.remindersetting", _("提醒的天数"), "notifications"),
            ("wishes.numbersetting", _("期限和限额"), "tune"),
            ("wishes.campaign", _("活动"), "celebration"),
        ),
    ),
    (
        _("账号"),
        (
            ("accounts.user", _("用户"), "person"),
            ("accounts.districtrole", _("区级角色"), "badge"),
            ("pairing.cadre", _("单位的人"), "groups"),
            ("pairing.communityworker", _("社区的人"), "diversity_3"),
        ),
    ),
    (
        _("地方和单位"),
        (
            ("pairing.street", _("街道"), "signpost"),
            ("pairing.community", _("社区"), "home_work"),
            ("pairing.agency", _("单位"), "account_balance"),
        ),
    ),
    (
        _("门户"),
        (
            ("accounts.portalfeedback", _("大家的意见"), "chat"),
            ("notices.channel", _("群机器人"), "robot_2"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the places of whoever looks, and the way back to the portal."""
    from django.contrib.admin import site

    kept = {model._meta.label_lower: admin for model, admin in site._registry.items()}
    groups = []
    for title, rows in PLACES:
        items = [
            {
                "title": word,
                "icon": symbol,
                "link": reverse(f"admin:{label.replace('.', '_')}_changelist"),
            }
            for label, word, symbol in rows
            if label in kept and kept[label].has_view_permission(request)
        ]
        groups.append({"title": title, "items": items})
    if may_watch(standing_of(request.user)):
        first = {"title": _("今天要看的"), "icon": "today", "link": reverse("admin:index")}
        recurring = {
            "title": _("反复出现的"),
            "icon": "repeat",
            "link": reverse("wishes:recurring"),
            "active": False,
        }
        groups[0]["items"].insert(0, first)
        groups[0]["items"].append(recurring)
    if may_see_running(request.user):
        running = {"title": _("一切正常吗"), "icon": "monitor_heart", "link": reverse("running")}
        groups[-1]["items"].append(running)
    back = {"title": _("回到门户"), "icon": "arrow_back", "link": reverse("home"), "active": False}
    groups[-1]["items"].append(back)
    return groups
