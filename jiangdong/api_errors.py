"""RFC 9457 problem documents: every error of the API has one shape, with a stable `code`."""

from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from jiangdong.refusals import Refusal

TITLES = {
    400: _("请求有误"),
    401: _("请先登录"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("不支持的方法"),
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
    413: "too_large",
    415: "wrong_media_type",
    429: "too_many_requests",
}


def document(status: int, code: str, detail, headers: dict | None = None, **facts) -> Response:
    """Make a problem document."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, _("出错了")),
        "status": status,
        "code": code,
        "detail": detail,
        **facts,
    }
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def problem(exception: Exception, context: dict) -> Response | None:
    """Map what a view raised; None lets Django's own handling take a fault that is ours."""
    set_rollback()
    if isinstance(exception, Refusal):
        return document(exception.status, exception.code, exception.message, **exception.facts)
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    elif isinstance(exception, DataError):
        # PostgreSQL knows limits that validators do not: years, offsets, NUL bytes.
        return document(400, "invalid", _("有一个值超出了能接受的范围。"))
    if not isinstance(exception, exceptions.APIException):
        return None
    return _of_rest_framework(exception)


def _of_rest_framework(exception: exceptions.APIException) -> Response:
    status = exception.status_code
    headers = {}
    if header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(exception, exceptions.ValidationError):
        fields = (
            exception.detail if isinstance(exception.detail, dict) else {"body": exception.detail}
        )
        return document(400, "invalid", _("有几处填写需要改一改。"), headers, fields=fields)
    return document(status, CODES.get(status, "error"), exception.detail, headers)
