"""What the supervisor's room keeps itself: which of the figures too good were looked at, and why they are good."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock


class Explained(Trailed):
    """A finding that a supervisor looked at and that has its reason: it is off the list until something new joins it.

    `subject` is what the check told its finding by (`reports.honest.checks`); `found` is what it said then.
    """

    check_slug = models.SlugField(max_length=20, db_index=False)
    subject = models.BigIntegerField()
    found = models.CharField(_("当时查到的"), max_length=200)
    reason = models.CharField(_("原因"), max_length=300)
    at = models.DateTimeField(_("看过的时间"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("谁看过"),
    )

    class Meta:
        verbose_name = _("太好看的数")
        verbose_name_plural = _("太好看的数")
        constraints = (
            models.UniqueConstraint(
                name="finding_is_explained_once", fields=["check_slug", "subject"]
            ),
            models.CheckConstraint(
                name="explanation_gives_a_reason", condition=~models.Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_slug} {self.subject}"
