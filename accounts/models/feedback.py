"""What people say is wrong with the portal itself (国办函〔2026〕12号 asks for a place to say it)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong import clock


class PortalFeedback(models.Model):
    """A remark on a page, from anybody, signed in or not."""

    page = models.CharField(_("页面"), max_length=200)
    words = models.TextField(_("说了什么"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁说的"),
    )
    said_at = models.DateTimeField(_("时间"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("对门户的意见")
        verbose_name_plural = _("对门户的意见")

    def __str__(self) -> str:
        return self.words[:30]
