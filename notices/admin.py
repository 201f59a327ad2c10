"""The ladder of reminders, and the robots that messages go to. Notices are personal and are not shown there."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.admin_rights import ByPolicy
from jiangdong.refusals import NotValid
from notices import actions, policy
from notices.forms import ReminderForm
from notices.groups import name_of_group
from notices.models import Channel, ReminderSetting
from notices.reminders import REGISTRY, InForce, in_force, in_words

LIST = "notices_remindersetting_changelist"


@admin.register(ReminderSetting)
class ReminderSettingAdmin(ModelAdmin):
    """Lists every registered reminder, changed or not, each with the form that sets it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.may_set_reminders(request.user)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return policy.may_set_reminders(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_urls(self) -> list:
        """Leave only the list and the act: there is no page of a single setting."""
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name=LIST),
            path(
                "<slug:reminder>/set_reminder/",
                guard(self.set_reminder),
                name="notices_remindersetting_set_reminder",
            ),
        ]

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return self._page(request)

    @method_decorator(require_POST)
    def set_reminder(self, request: HttpRequest, reminder: str) -> HttpResponse:
        """Set the numbers of one reminder; what is refused comes back as it was typed."""
        if reminder not in REGISTRY:
            raise Http404
        form = ReminderForm(request.POST, prefix=reminder)
        if form.is_valid():
            try:
                actions.set_reminder(reminder=reminder, by=request.user, **form.cleaned_data)
            except NotValid as refusal:
                form.add_error("offsets", refusal.message)
            else:
                said = _("“%(label)s”已改好，下一次提醒起照新的天数。")
                messages.success(request, said % {"label": REGISTRY[reminder].label})
                return redirect(f"admin:{LIST}")
        return self._page(request, refused=form, status=400)

    def _page(
        self, request: HttpRequest, refused: ReminderForm | None = None, status: int = 200
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("提醒的天数"),
            "opts": self.opts,
            "rows": [_row(each, refused) for each in in_force()],
        }
        return TemplateResponse(request, "notices/reminders_admin.html", context, status=status)


def _row(each: InForce, refused: ReminderForm | None) -> dict:
    slug = each.reminder.slug
    now = {"offsets": each.offsets, "enabled": each.enabled}
    return {
        "reminder": each.reminder,
        "default": in_words(each.reminder.offsets),
        "now": in_words(each.offsets),
        "enabled": each.enabled,
        "setting": each.setting,
        "form": refused
        if refused and refused.prefix == slug
        else ReminderForm(initial=now, prefix=slug),
    }


@admin.register(Channel)
class ChannelAdmin(ByPolicy):
    """Lists the robots that people and agencies set up, those that take nothing first; of none the address."""

    list_display = (
        "owner",
        "kind",
        "state",
        "failures",
        "last_success_at",
        "last_failure_at",
        "added_by",
        "added_at",
    )
    list_display_links = None
    list_filter = ("kind", "enabled")
    list_select_related = ("user", "added_by")
    ordering = ("-failures", "pk")
    # A page of a single robot would have nothing to add.
    fields = ("kind",)

    def may_see(self, user) -> bool:
        return policy.may_see_channels(user)

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).kept().annotate(group_name=name_of_group())

    @display(description=_("谁的"))
    def owner(self, channel: Channel) -> str:
        return str(channel.user or channel.group_name)

    @display(description=_("怎么样"))
    def state(self, channel: Channel) -> str:
        if not channel.failures:
            return _("正常") if channel.last_success_at else _("还没有发过")
        if channel.enabled:
            return str(channel.problem_in_words)
        return _("停了：%(problem)s") % {"problem": channel.problem_in_words}
