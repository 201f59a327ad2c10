"""Numbers of the workflow that supervisors changed. Without a row the one in `wishes.numbers` holds."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock


class NumberSetting(Trailed):
    """What a supervisor set one of the workflow's numbers to."""

    name = models.SlugField(_("数字"), max_length=40, unique=True)
    value = models.PositiveIntegerField(_("数值"))
    changed_at = models.DateTimeField(_("改动时间"), default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("谁改的"),
    )

    class Meta:
        verbose_name = _("期限和限额")
        verbose_name_plural = _("期限和限额")

    def __str__(self) -> str:
        return self.name
