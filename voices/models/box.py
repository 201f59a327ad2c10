"""The letterbox of those who give no name."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong import clock


class Slip(models.Model):
    """What somebody without a name dropped in, until the box is emptied on a later day and the slip is destroyed.

    A number that counts up would tell between which other, dated rows it was written, and so when: its number is
    made up, and it holds a day and no time. Emptying takes slips in the order of those numbers, which is chance.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("新的")
        WORD = "word", _("又写了几句")
        RATE = "rate", _("评价")
        REOPEN = "reopen", _("没有解决")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField(default=clock.today)
    digest = models.CharField(max_length=64, db_index=True)
    facts = models.JSONField()

    class Meta:
        verbose_name = _("信箱里的")
        verbose_name_plural = _("信箱里的")
        constraints = (
            models.CheckConstraint(
                name="slip_kind_is_known",
                condition=models.Q(kind__in=["new", "word", "rate", "reopen"]),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
