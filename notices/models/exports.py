"""A list that somebody takes out, too long to be made while they wait."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from notices.querysets import ExportQuerySet
from notices.tables import Format


def new_handle() -> str:
    """Return the name of a file that nobody guesses."""
    return secrets.token_hex(16)


class Export(models.Model):
    """One file that is to be made, is being made, or waits for its owner until `expires_at`.

    `query` holds the list's parameters as its page had them, `scope` what the rows depended on besides when it was
    asked for. Files stand in EXPORTS_FOLDER, which nothing serves.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排着队")
        WORKING = "working", _("正在做")
        READY = "ready", _("做好了")
        FAILED = "failed", _("没有做成")
        REFUSED = "refused", _("看不到了")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sheet = models.SlugField(max_length=40, db_index=False)
    query = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=Format.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    handle = models.CharField(max_length=32, unique=True, default=new_handle)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        constraints = (
            models.CheckConstraint(
                name="export_state_is_known",
                condition=models.Q(state__in=["waiting", "working", "ready", "failed", "refused"]),
            ),
            models.CheckConstraint(
                name="export_format_is_known", condition=models.Q(format__in=["xlsx", "csv"])
            ),
        )
        indexes = (
            models.Index(
                name="export_to_make",
                fields=["asked_at"],
                condition=models.Q(state__in=["waiting", "working"]),
            ),
            models.Index(name="export_expires", fields=["expires_at"]),
        )

    def __str__(self) -> str:
        return f"{self.sheet} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("exports:one", args=[self.pk])

    @property
    def params(self) -> QueryDict:
        """Return the list's parameters."""
        return QueryDict(self.query)

    @property
    def path(self) -> Path:
        """Return where its file stands, once it is made."""
        return settings.EXPORTS_FOLDER / f"{self.handle}.{self.format}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)
