"""What one person asks of a wish and another decides: an extension, that it cannot be done, that it be given back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Agency
from wishes.models.wish import Wish
from wishes.workflow import Asked


class AskQuerySet(models.QuerySet):
    """Requests for a second person's word."""

    def undecided(self) -> "AskQuerySet":
        return self.filter(decided_at__isnull=True)

    def granted(self) -> "AskQuerySet":
        return self.filter(granted=True)


class Ask(models.Model):
    """A request, why it was made, and what the second person said. At most one of a kind waits for an answer.

    `until` is the day an extension asks for. `agency` is whose people asked, where the holder's did: what an agency
    gave up as impossible is counted for it and shown apart.
    """

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="asks")
    what = models.CharField(max_length=8, choices=Asked.choices)
    reason = models.CharField(_("原因"), max_length=300)
    until = models.DateField(_("延到"), null=True, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_label = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="ask_is_known", condition=Q(what__in=Asked.values)),
            models.UniqueConstraint(
                name="ask_waits_once",
                fields=["wish", "what"],
                condition=Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="ask_names_a_day_for_an_extension",
                condition=Q(what=Asked.EXTEND, until__isnull=False)
                | Q(~Q(what=Asked.EXTEND), until__isnull=True),
            ),
            models.CheckConstraint(
                name="ask_is_decided_whole",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
            ),
            # Without a name it fell away with the claim it was about.
            models.CheckConstraint(
                name="ask_is_granted_by_a_second_person",
                condition=~Q(granted=True)
                | Q(~Q(decided_by=F("asked_by")), decided_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                name="ask_waiting", fields=["asked_at"], condition=Q(decided_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.wish_id} {self.what}"
