"""Keys by which programs speak for people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong import clock


class ApiToken(models.Model):
    """A token for the API. Only its digest is kept: who reads the database cannot use it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("用在哪里"), max_length=40, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        constraints = (
            models.CheckConstraint(
                name="api_token_ends_after_it_begins",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.created_at:%Y-%m-%d}"


class IdempotencyKey(models.Model):
    """What a client's key made: a repeated request finds the thing again. The answer itself is never kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="idempotency_key_is_the_accounts_own", fields=["user", "key"]
            ),
        )

    def __str__(self) -> str:
        return self.key
