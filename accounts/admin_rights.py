"""What every page of the admin stands on: rights asked of the policy, and nothing ever deleted."""

from django.contrib.postgres.fields import DateRangeField
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from jiangdong.term_forms import TermField


class QuietChangeList(ChangeList):
    """A list that counts once: the theme otherwise says at its head how many there are besides these."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count


class ByPolicy(ModelAdmin):
    """Rights by two predicates over the person; what ends is given a last day instead of being deleted."""

    formfield_overrides = {
        DateRangeField: {"form_class": TermField, "show_hidden_initial": False},
    }
    show_full_result_count = False
    view_on_site = False
    actions = None
    compressed_fields = False

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return QuietChangeList

    def may_see(self, user) -> bool:
        """Say whether a person may read these."""
        raise NotImplementedError

    def may_keep(self, user) -> bool:
        """Say whether a person may add and change these."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_see(request.user)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.may_see(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_keep(request.user)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.may_keep(request.user)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
