"""Keyset paging for pages and API: no list counts or skips its way through a table.

A page is cut at (field, id). NULLs come last in either direction, and a run of equal values of any
length is passed through by id: DRF's own cursor loses the first and loops on the second.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from jiangdong.refusals import NotValid

MAX_PAGE_SIZE = 100


@dataclass(frozen=True)
class Order:
    """One way a list may be sorted: a column of the table, and which end comes first."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: beyond the row with this value and id, onwards or backwards."""

    value: Any
    pk: int
    backwards: bool = False

    def encode(self) -> str:
        value = self.value
        if isinstance(value, dt.date | dt.datetime | Decimal):
            value = str(value.isoformat() if not isinstance(value, Decimal) else value)
        raw = json.dumps(
            [value, self.pk, self.backwards], ensure_ascii=False, separators=(",", ":")
        )
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read what `encode` wrote.

        Raises:
            NotValid: the text was made up or cut short.
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            value, pk, backwards = json.loads(raw)
        except (binascii.Error, ValueError, TypeError) as error:
            raise _bad_cursor() from error
        if not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < 2**63:
            raise _bad_cursor()
        if value is not None and not isinstance(value, str | int | float):
            raise _bad_cursor()
        return cls(value, pk, bool(backwards))


def _bad_cursor() -> NotValid:
    message = _("这一页的地址不完整，请从第一页开始。")
    return NotValid("bad_cursor", message, fields={"cursor": [message]})


@dataclass
class Page:
    """Some rows and the way on from them.

    `next` and `previous` are cursors as text, or None at the ends.
    """

    rows: list
    next: str | None = None
    previous: str | None = None
    next_url: str | None = None
    previous_url: str | None = None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(queryset: QuerySet, order: Order, *, cursor: str | None = None, size: int = 20) -> Page:
    """Cut one page out of a queryset of models or of `.values()` that hold `pk`/`id` and the order's field.

    Raises:
        NotValid: the cursor was not written by this list.
    """
    at = Cursor.decode(cursor) if cursor else None
    backwards = bool(at and at.backwards)
    rows = queryset.order_by(*_ordering(order, backwards))
    try:
        if at:
            rows = rows.filter(_beyond(order, at, queryset.model))
        found = list(rows[: size + 1])
    except (ValueError, TypeError, ValidationError) as error:
        raise _bad_cursor() from error
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    page = Page(found)
    if found:
        if more or backwards:
            page.next = _cursor_at(found[-1], order, backwards=False)
        if at and (more or not backwards):
            page.previous = _cursor_at(found[0], order, backwards=True)
    return page


def _ordering(order: Order, backwards: bool) -> list:
    descending = order.descending != backwards
    column = F(order.field)
    # NULLs are last when read forwards, so first when read backwards.
    if descending:
        first = column.desc(nulls_first=True) if backwards else column.desc(nulls_last=True)
    else:
        first = column.asc(nulls_first=True) if backwards else column.asc(nulls_last=True)
    return [first, "-pk" if descending else "pk"]


def _beyond(order: Order, at: Cursor, model) -> Q:
    compare = "lt" if order.descending != at.backwards else "gt"
    tie = {f"pk__{compare}": at.pk}
    null = Q(**{f"{order.field}__isnull": True})
    if at.value is None:
        same = null & Q(**tie)
        return same | Q(**{f"{order.field}__isnull": False}) if at.backwards else same
    value = model._meta.get_field(order.field).to_python(at.value)
    beyond = Q(**{f"{order.field}__{compare}": value}) | Q(**{order.field: value}, **tie)
    nullable = model._meta.get_field(order.field).null
    return beyond | null if nullable and not at.backwards else beyond


def _cursor_at(row: Any, order: Order, *, backwards: bool) -> str:
    if isinstance(row, Mapping):
        return Cursor(row[order.field], row.get("pk", row.get("id")), backwards).encode()
    return Cursor(getattr(row, order.field), row.pk, backwards).encode()


def page_for(request, queryset: QuerySet, order: Order, *, size: int = 20) -> Page:
    """Cut the page that a request's `?cursor=` asks for, with addresses that keep its other parameters."""
    page = page_of(queryset, order, cursor=request.GET.get("cursor"), size=size)
    kept = request.GET.copy()
    kept.pop("cursor", None)
    for name in ("next", "previous"):
        if cursor := getattr(page, name):
            query = [*kept.lists(), ("cursor", [cursor])]
            setattr(page, f"{name}_url", f"{request.path}?{urlencode(query, doseq=True)}")
    return page


def bounded_count(queryset: QuerySet, limit: int = 999) -> str:
    """Count up to a limit and say so: `41`, or `999+`."""
    count = queryset.order_by().values("pk")[: limit + 1].count()
    return f"{limit}+" if count > limit else str(count)


class KeysetPagination(BasePagination):
    """The API's paging: `next`, `previous`, `results`; `page_size` up to 100; `ordering` from the view's list.

    A view states `orderings: dict[str, Order]`; the first is the default.
    """

    def paginate_queryset(self, queryset, request, view=None):
        self.page = page_of(
            queryset,
            self._order(request, view),
            cursor=request.query_params.get("cursor"),
            size=self._size(request),
        )
        self.request = request
        return self.page.rows

    def _order(self, request, view) -> Order:
        name = request.query_params.get("ordering") or next(iter(view.orderings))
        if name not in view.orderings:
            message = _("不能按这一项排序。")
            raise NotValid("bad_ordering", message, fields={"ordering": [message]})
        return view.orderings[name]

    def _size(self, request) -> int:
        text = request.query_params.get("page_size", "50")
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_PAGE_SIZE):
            message = _("每页件数须在 1 到 100 之间。")
            raise NotValid("bad_page_size", message, fields={"page_size": [message]})
        return int(text)

    def _address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response(self, data) -> Response:
        return Response(
            {
                "next": self._address(self.page.next),
                "previous": self._address(self.page.previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        number = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": 50}
        orderings = {"type": "string", "enum": list(getattr(view, "orderings", {}))}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "required": False, "schema": number},
            {"name": "ordering", "in": "query", "required": False, "schema": orderings},
        ]
