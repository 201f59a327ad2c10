"""Wishes as a spreadsheet: what a desk shows, never a resident's details; formulas are escaped."""

import tablib
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.formats.base_formats import XLSX

from wishes.models import Wish

MOST_ROWS = 5000


class WishResource(resources.Resource):
    """The columns of an exported list, with Chinese heads; places and agencies by name."""

    code = fields.Field(attribute="code", column_name=_("编号"))
    street = fields.Field(attribute="community__street__name", column_name=_("街道"))
    community = fields.Field(attribute="community__name", column_name=_("社区"))
    kind = fields.Field(attribute="get_kind_display", column_name=_("类别"))
    title = fields.Field(attribute="title", column_name=_("心愿"))
    state = fields.Field(attribute="get_state_display", column_name=_("状态"))
    published = fields.Field(column_name=_("公开"))
    agency = fields.Field(attribute="agency__name", column_name=_("认领单位"))
    due = fields.Field(attribute="due_on", column_name=_("约定"))
    fulfilled = fields.Field(column_name=_("办好"))
    closed = fields.Field(column_name=_("居民点头"))
    rating = fields.Field(attribute="get_rating_display", column_name=_("居民评价"))
    how = fields.Field(attribute="get_how_display", column_name=_("怎样点头的"))

    @staticmethod
    def _day(moment) -> str:
        return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else ""

    def dehydrate_published(self, wish: Wish) -> str:
        return self._day(wish.published_at)

    def dehydrate_fulfilled(self, wish: Wish) -> str:
        return self._day(wish.fulfilled_at)

    def dehydrate_closed(self, wish: Wish) -> str:
        return self._day(wish.closed_at)


def table_of(wishes: QuerySet) -> tablib.Dataset:
    """Return the rows as a table, MOST_ROWS at most."""
    table = WishResource().export(wishes[:MOST_ROWS])
    table.headers = [str(head) for head in table.headers]
    return table


def answer(wishes: QuerySet, *, name: str) -> HttpResponse:
    """Return the rows as an xlsx file to be saved."""
    xlsx = XLSX()
    # Escaped twice: the setting of import-export takes off one sign of equality, and a text may begin with two.
    body = xlsx.export_data(table_of(wishes), escape=True)
    response = HttpResponse(body, content_type=xlsx.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
