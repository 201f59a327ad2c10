"""A community's own list on its way in: kept sealed from the upload until its rows are wishes, a day at most."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Community, Street


class IntakeQuerySet(models.QuerySet):
    """Reads of lists on their way in."""

    def of(self, user) -> "IntakeQuerySet":
        """Keep what a person uploaded: it holds residents' details, and is nobody else's."""
        return self.filter(by=user)

    def under_way(self) -> "IntakeQuerySet":
        """Keep what waits for the worker."""
        return self.filter(state__in=(Intake.State.RECEIVED, Intake.State.BRINGING))

    def kept_until(self, moment) -> "IntakeQuerySet":
        """Keep those that still hold something and were uploaded by a moment."""
        return self.filter(at__lte=moment).exclude(sealed="")


class Intake(models.Model):
    """One uploaded list.

    `sealed` holds the file, then its rows, and after that what was said of them; nothing of it stands anywhere else,
    and it is emptied when the rows are in, or after a day. What remains is who brought in how many, and when.
    `community` is set where a worker uploads for their own, `street` where a street office does for any of its own.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("收到了")
        UNREADABLE = "unreadable", _("读不了")
        UNMATCHED = "unmatched", _("列还没有对上")
        CHECKED = "checked", _("核对过了")
        BRINGING = "bringing", _("正在导入")
        DONE = "done", _("导入了")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    street = models.ForeignKey(
        Street, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(default=clock.now)
    sha256 = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=200, blank=True)
    total = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    brought = models.PositiveIntegerField(default=0)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        constraints = (
            models.CheckConstraint(
                name="intake_state_is_known",
                condition=Q(
                    state__in=["received", "unreadable", "unmatched", "checked", "bringing", "done"]
                ),
            ),
            models.CheckConstraint(
                name="intake_is_for_a_community_or_a_street",
                condition=Q(community__isnull=False, street__isnull=True)
                | Q(community__isnull=True, street__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="intake_by_whom", fields=["by", "-at"]),
            models.Index(name="intake_by_file", fields=["sha256"]),
            models.Index(name="intake_kept", fields=["at"], condition=~Q(sealed="")),
        )

    def __str__(self) -> str:
        return f"{self.community or self.street} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("wishes:intake", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.BRINGING)


class IntakeRow(models.Model):
    """By what a row that was brought in is known again (`wishes.intake.checking.digest_of`), and the wish it became."""

    wish = models.OneToOneField("wishes.Wish", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
