"""Keyset paging for pages and API: no list counts or skips its way through a table.

A page is cut at (field, id). NULLs come last in either direction, and a run of equal values of any
length is passed through by id: DRF's own cursor loses the first and loops on the second.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, DataError, connection
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from jiangdong.refusals import NotValid

MAX_PAGE_SIZE = 100
PAGE_SIZE = 50


@dataclass(frozen=True)
class Order:
    """One way a list may be sorted: a column of the table, and which end comes first."""

    field: str
    descending: bool = False

    @property
    def name(self) -> str:
        """Return it as Django and `?ordering=` write it."""
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: beyond the row with this value and id, onwards or backwards, in one order."""

    value: Any
    pk: int
    backwards: bool = False

    def encode(self, order: Order) -> str:
        """Return the cursor as text; it is good for lists in this order only."""
        facts = [order.name, self.value, self.pk, self.backwards]
        raw = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), default=_as_text)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, order: Order) -> "Cursor":
        """Read what `encode` wrote.

        Raises:
            NotValid: the text was made up, cut short, or belongs to a list in another order.
        """
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            name, value, pk, backwards = json.loads(raw)
        except (ValueError, TypeError, RecursionError) as error:
            raise _bad_cursor() from error
        if name != order.name or type(pk) is not int or not 0 <= pk < 2**63:
            raise _bad_cursor()
        if value is not None and not isinstance(value, str | int | float):
            raise _bad_cursor()
        return cls(value, pk, bool(backwards))


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


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
    at = Cursor.decode(cursor, order) if cursor else None
    backwards = bool(at and at.backwards)
    try:
        found = _read(_parts(queryset, order, at), size + 1)
    except (ValueError, TypeError, OverflowError, ValidationError, DataError) as error:
        if at is None:
            raise
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


def _read(parts: list[QuerySet], wanted: int) -> list:
    """Read rows part after part until there are enough: the second is asked only where the first runs out."""
    found: list = []
    for part in parts:
        found += part[: wanted - len(found)]
        if len(found) == wanted:
            break
    return found


class _Pair(Func):
    """A row of two, which PostgreSQL compares as an index on the two is sorted."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # never read; Django wants one


def _parts(queryset: QuerySet, order: Order, at: Cursor | None) -> list[QuerySet]:
    """Return what lies beyond the cursor, nearest first: rows with a value apart from those with NULL.

    Apart, because no index follows `value < x OR value IS NULL`, nor the NULLs to the end of a descending order.
    """
    field = queryset.model._meta.get_field(order.field)
    backwards = bool(at and at.backwards)
    down = order.descending != backwards
    tie = "-pk" if down else "pk"
    valued = queryset.order_by(Order(order.field, down).name, tie)
    unvalued = None
    if field.null:
        valued = valued.filter(**{f"{order.field}__isnull": False})
        unvalued = queryset.filter(**{f"{order.field}__isnull": True}).order_by(tie)
    if at and at.value is not None:
        here = _Pair(Value(_value_of(field, at.value), output_field=field), Value(at.pk))
        there = _Pair(F(order.field), F("pk"))
        valued = valued.filter((LessThan if down else GreaterThan)(there, here))
        unvalued = None if backwards else unvalued
    elif at:
        if unvalued is None:
            raise _bad_cursor()
        unvalued = unvalued.filter(**{"pk__lt" if down else "pk__gt": at.pk})
        valued = valued if backwards else None
    parts = [unvalued, valued] if backwards else [valued, unvalued]
    return [part for part in parts if part is not None]


def _value_of(field, text: Any) -> Any:
    value = field.to_python(text)
    if isinstance(value, dt.datetime):
        if is_naive(value):
            raise _bad_cursor()
        value = value.astimezone(dt.UTC)
    elif isinstance(value, Decimal) and not value.is_finite():
        raise _bad_cursor()
    return value


def _cursor_at(row: Any, order: Order, *, backwards: bool) -> str:
    if isinstance(row, Mapping):
        return Cursor(row[order.field], row.get("pk", row.get("id")), backwards).encode(order)
    return Cursor(getattr(row, order.field), row.pk, backwards).encode(order)


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
    return bounded_counts([queryset], limit)[0]


def bounded_counts(querysets: Iterable[QuerySet], limit: int = 999) -> list[str]:
    """Count each up to a limit, all in one query, and say so: `41`, or `999+`."""
    bounded = [queryset.order_by().values("pk")[: limit + 1].query for queryset in querysets]
    # What can hold nothing is asked too, and counts 0.
    asked = [query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql() for query in bounded]
    counts = [f"(SELECT COUNT(*) FROM ({sql}) AS rows)" for sql, _params in asked]  # noqa: S608 - compiled by Django
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(counts)}", [param for _sql, params in asked for param in params]
        )
        return [f"{limit}+" if count > limit else str(count) for count in cursor.fetchone()]


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
        text = request.query_params.get("page_size", str(PAGE_SIZE))
        plain = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_PAGE_SIZE))
        if not (plain and 1 <= int(text) <= MAX_PAGE_SIZE):
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
        number = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        orderings = {"type": "string", "enum": list(getattr(view, "orderings", {}))}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "required": False, "schema": number},
            {"name": "ordering", "in": "query", "required": False, "schema": orderings},
        ]
