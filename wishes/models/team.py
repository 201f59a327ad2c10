"""Who helps the lead of a claim (帮帮团), and with how much."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Agency
from wishes.models.wish import Wish


class HelperQuerySet(models.QuerySet):
    """People who help with a wish beside its lead."""

    def current(self) -> "HelperQuerySet":
        """Keep those who have not left; of a finished wish, those who helped to the end."""
        return self.filter(left_at__isnull=True).order_by("joined_at", "pk")


class Helper(models.Model):
    """One person's part in a wish that is done together. A part stays on record whoever leaves, for the figures."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="helpers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="helps_with"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    share = models.PositiveSmallIntegerField(_("其中几份"), default=1)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = HelperQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="helper_once_at_a_time",
                fields=["wish", "user"],
                condition=Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="helper_leaves_after_joining",
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
            ),
            models.CheckConstraint(name="helper_takes_a_share", condition=Q(share__gte=1)),
        )
        indexes = (
            models.Index(
                name="helper_now",
                fields=["user"],
                condition=Q(left_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.wish_id} {self.user_id}"
