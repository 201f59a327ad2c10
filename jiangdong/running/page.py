"""The admin's page 一切正常吗: for administrators, who see to it, and supervisors, who may know."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.policy import may_see_running
from jiangdong.running import figures, lines


@never_cache
@require_safe
def running(request: HttpRequest) -> TemplateResponse:
    """Show how the portal is doing; nothing on it concerns a resident or a wish."""
    from django.contrib.admin import site

    if not may_see_running(request.user):
        raise PermissionDenied
    judged = lines.judge(figures.ask())
    context = {
        **site.each_context(request),
        "title": _("一切正常吗"),
        "lines": judged,
        "amiss": sum(line.light != lines.GREEN for line in judged),
    }
    return TemplateResponse(request, "admin/running.html", context)
