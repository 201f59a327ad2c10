"""How the admin's list of voices is narrowed."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from voices.lists import LISTS


class NamedListFilter(DropdownFilter):
    """Which list: the same ones that the figures count."""

    title = gettext_lazy("看哪一些")
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [(each.slug, each.label) for each in LISTS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        each = LISTS.get(self.value() or "")
        return each.of(queryset) if each else queryset
