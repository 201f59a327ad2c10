"""What every door of the API shares: how it reads bodies, how it lists, and how it describes itself."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    Serializer,
)
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from jiangdong.api_errors import MEDIA_TYPE, TITLES, Problem, TooLarge
from jiangdong.pagination import KeysetPagination, Order

# What is read and thrown away of a body that is too large, so that the answer reaches whoever is still sending.
DRAINED = 64 * 1024 * 1024


class JSON(JSONParser):
    """JSON, which is UTF-8 (RFC 8259) whatever a header says, and no deeper than Python can go."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, {"encoding": "utf-8"})
        except (ParseError, RecursionError) as error:
            raise ParseError(_("内容不是正确的 JSON。")) from error


class ProblemSchema(AutoSchema):
    """Describes, beside what a door answers, the problem documents it may answer instead."""

    ALWAYS = (400, 401, 403, 405, 406, 429)
    WITH_BODY = (409, 413, 415)

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        codes = self.ALWAYS + self.WITH_BODY * (self.method == "POST")
        if "{" in self.path:
            codes = (*codes, 404)
        for code in codes:
            bodies[str(code)] = self._problem(code, direction)
        return dict(sorted(bodies.items()))

    def _problem(self, code: int, direction) -> dict:
        described = self._get_response_for_code(Problem, str(code), [MEDIA_TYPE], direction)
        return {**described, "description": str(TITLES[code])}


class Door(APIView):
    """A door of the API."""

    schema = ProblemSchema()
    throttle_classes = (UserRateThrottle,)
    parser_classes = (JSON, MultiPartParser)

    def initial(self, request: Request, *args, **kwargs) -> None:
        _refuse_oversized(request)
        super().initial(request, *args, **kwargs)


def _refuse_oversized(request: Request) -> None:
    """Refuse a body by its announced length, before anything is parsed.

    Raises:
        TooLarge: over what Django takes in memory, or, with photos, over the largest photo besides.
    """
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if (request.content_type or "").startswith("multipart/form-data"):
        limit += settings.PHOTO_MAX_BYTES
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length <= limit:
        return
    left = min(length, DRAINED)
    while left > 0 and (piece := request._request.read(min(left, 65536))):
        left -= len(piece)
    raise TooLarge


class Rows(Door, GenericViewSet):
    """A resource that is listed and read: rows by `.values()`, shaped by a serializer of plain dictionaries.

    A view states `serializer_class`, whose sources name the columns, `filterset_class` and `orderings`.
    """

    pagination_class = KeysetPagination
    filterset_class = None
    orderings: dict[str, Order]

    def list(self, request: Request) -> Response:
        wanted = self.filter_queryset(self.get_queryset())
        rows = self.paginate_queryset(wanted.values(*self._columns()))
        return self.get_paginated_response(told(rows, self.get_serializer_class()))

    def retrieve(self, request: Request, **address: str) -> Response:
        rows: QuerySet = self.get_queryset().values(*self._columns())
        return Response(told([get_object_or_404(rows, **address)], self.get_serializer_class())[0])

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Narrow by what is asked for. Where nothing is, no filter is made, unless some narrow unasked."""
        filters = self.filterset_class
        if filters is None or (
            filters.filter_queryset is FilterSet.filter_queryset
            and filters.base_filters.keys().isdisjoint(self.request.query_params)
        ):
            return queryset
        return super().filter_queryset(queryset)

    def _columns(self) -> set[str]:
        """Return what the serializer shows and what paging needs."""
        shown = {column for _name, column, _tell in _shape_of(self.get_serializer_class())}
        return {"id", *shown, *(order.field for order in self.orderings.values())}


Tell = Callable[[Any], Any]
# Fields that tell a column as it is. Subclasses may have ideas of their own.
AS_IT_IS = frozenset({BooleanField, CharField, ChoiceField, IntegerField})


def told(rows: list[dict[str, Any]], serializer_class: type[Serializer]) -> list[dict[str, Any]]:
    """Return what a serializer of plain dictionaries would make of rows, which takes it several times as long."""
    shape = _shape_of(serializer_class)
    return [
        {
            name: row[column] if tell is None or row[column] is None else tell(row[column])
            for name, column, tell in shape
        }
        for row in rows
    ]


@cache
def _shape_of(serializer_class: type[Serializer]) -> list[tuple[str, str, Tell | None]]:
    """Return a serializer's fields: the name, the column, and how to tell what is not NULL."""
    fields = serializer_class().fields.items()
    return [(name, field.source.split(".")[0], _tell(field)) for name, field in fields]


def _tell(field: Field) -> Tell | None:
    _column, *path = field.source.split(".")
    if path:
        inner = attrgetter(".".join(path))
        return lambda value: None if inner(value) is None else field.to_representation(inner(value))
    if type(field) in AS_IT_IS:
        return None
    return {DateField: dt.date.isoformat, DateTimeField: _moment}.get(
        type(field), field.to_representation
    )


def _moment(value: dt.datetime) -> str:
    return value.astimezone(timezone.get_default_timezone()).isoformat()


class Unknown(Door):
    """Whatever has no address here: a problem document too, and before asking who it is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_("这里没有这个地址；地址以斜杠结尾。"))
