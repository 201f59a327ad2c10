"""RFC 9457 problem documents: every error of the API has one shape, with a stable `code`."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from jiangdong.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: _("请求有误"),
    401: _("请先登录"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("不支持的方法"),
    406: _("不支持的格式"),
    409: _("现在不能这样做"),
    413: _("内容过大"),
    415: _("不支持的格式"),
    429: _("请求太频繁"),
}
CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "wrong_method",
    406: "not_acceptable",
    413: "too_large",
    415: "wrong_media_type",
    429: "too_many_requests",
}


class TooLarge(exceptions.APIException):
    """The body is heavier than anything this API takes."""

    status_code = 413
    default_detail = _("内容太大了，请减少后再发。")


class LockedOut(exceptions.APIException):
    """Too many wrong passwords; `wait` is in seconds."""

    status_code = 429

    def __init__(self, wait: float) -> None:
        minutes = math.ceil(wait / 60)
        message = _("密码错了太多次，请 %(minutes)s 分钟后再试，或请管理员帮忙。")
        super().__init__(message % {"minutes": minutes})
        self.wait = wait


class Problem(serializers.Serializer):
    """The shape of every error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; the sentences are for people.")
    detail = serializers.CharField()
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="400: complaints by field; a nested one is written `resident.phone`.",
    )
    state = serializers.CharField(required=False, help_text="409: the wish's state now.")
    agency = serializers.CharField(required=False, help_text="409 already_claimed: who has it.")
    opens_on = serializers.DateField(
        required=False, help_text="409 offered_first: when it opens to all."
    )


def document(
    status: int, code: str, detail: Any, headers: dict | None = None, **facts: Any
) -> Response:
    """Make a problem document."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, _("出错了")),
        "status": status,
        "code": code,
        "detail": detail,
        **facts,
    }
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem(exception: Exception, context: dict) -> Response | None:
    """Map what a view raised; None lets Django's own handling take a fault that is ours."""
    set_rollback()
    if isinstance(exception, Refusal):
        return document(exception.status, exception.code, exception.message, **exception.facts)
    if isinstance(exception, DataError):
        # PostgreSQL knows limits that validators do not: years, offsets, NUL bytes.
        return document(400, "invalid", _("有一个值超出了能接受的范围。"))
    exception = _as_rest_framework_says(exception)
    if not isinstance(exception, exceptions.APIException):
        return None
    return _of_rest_framework(exception)


def _as_rest_framework_says(exception: Exception) -> Exception:
    """Return the API's own exception for one of Django's; any other as it is."""
    if isinstance(exception, Http404):
        return exceptions.NotFound()
    if isinstance(exception, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exception, RequestDataTooBig):
        return TooLarge()
    if isinstance(exception, SuspiciousOperation | UnreadablePostError):
        return exceptions.ParseError(_("请求的内容不完整或不合规。"))
    return exception


def _of_rest_framework(exception: exceptions.APIException) -> Response:
    status = exception.status_code
    headers = {}
    if header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(exception, exceptions.ValidationError):
        fields = _flat(exception.detail)
        return document(400, "invalid", _("有几处填写需要改一改。"), headers, fields=fields)
    code = "locked_out" if isinstance(exception, LockedOut) else CODES.get(status, "error")
    return document(status, code, exception.detail, headers)


def _flat(detail: Any) -> dict[str, list]:
    """Return complaints by field, nested ones under a dotted name; those about the whole under `body`."""
    return dict(_leaves(detail, ""))


def _leaves(detail: Any, name: str) -> Iterator[tuple[str, list]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            own = "" if key == "non_field_errors" else str(key)
            yield from _leaves(inner, f"{name}.{own}".strip("."))
    elif any(isinstance(inner, Mapping | list) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _leaves(inner, f"{name}.{index}".strip("."))
    else:
        yield name or "body", list(detail)
