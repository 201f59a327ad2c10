"""The person behind a wish: details sealed in a table of their own, consents, and who looked."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models.places import Community
from pairing.querysets import ResidentQuerySet


@dataclass(frozen=True)
class Details:
    """A resident's details, opened."""

    name: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.address or self.note)


class Resident(models.Model):
    """A resident as far as the portal needs to know them.

    `sealed` holds name, phone, address and note, encrypted; only `pairing.actions.look` opens it for a
    person, and records that. `phone_index` finds the same telephone in the same community without opening
    anything. Erasing empties both; the row and all figures stay.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="residents")
    sealed = models.TextField(blank=True)
    phone_index = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    recorded_at = models.DateTimeField(default=clock.now)
    erase_after = models.DateField(null=True, blank=True, db_index=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("居民信息")
        verbose_name_plural = _("居民信息")
        constraints = (
            models.CheckConstraint(
                name="erased_resident_has_no_details",
                condition=models.Q(erased_at__isnull=True) | models.Q(sealed=""),
            ),
            models.CheckConstraint(
                name="erased_resident_is_not_found_by_telephone",
                condition=models.Q(erased_at__isnull=True) | models.Q(phone_index=""),
            ),
        )
        indexes = (
            models.Index(
                name="resident_by_telephone",
                fields=["phone_index"],
                condition=~models.Q(phone_index=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.community} · {self.pk}"


class Consent(models.Model):
    """A nod to one use of what a resident told us (个人信息保护法 articles 13, 29, 31): each asked separately."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("同意记录和联系")
        PUBLISH = "publish", _("同意公开心愿")
        SENSITIVE = "sensitive", _("同意记录健康或儿童信息")

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    given_at = models.DateTimeField(default=clock.now)
    # Nobody, where the resident ticked it themselves.
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")
        constraints = (
            models.UniqueConstraint(name="consent_is_given_once", fields=["resident", "kind"]),
            models.CheckConstraint(
                name="consent_kind_is_known",
                condition=models.Q(kind__in=["contact", "publish", "sensitive"]),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class Look(models.Model):
    """Somebody looked at a resident's details: who, when, and why."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    why = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        constraints = (models.CheckConstraint(name="look_says_why", condition=~models.Q(why="")),)

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"
