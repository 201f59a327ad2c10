"""What belongs to a wish: the resident's link, calls back, evidence."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from wishes.models.wish import Wish


class ResidentLink(models.Model):
    """The address under which a resident follows one wish and answers, without an account.

    The token is found by its digest and kept sealed, to be shown to the worker, with the short code for who has no
    phone (`wishes.slip_codes`). `expires_at` is unset until the wish is called done; `answered_at` is unset while an
    answer to this fulfilment is open.
    """

    wish = models.OneToOneField(Wish, on_delete=models.CASCADE, related_name="link")
    digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    sealed_token = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(name="link_by_code", fields=["code_digest"]),)

    def __str__(self) -> str:
        return f"link of {self.wish_id}"


class CallBack(models.Model):
    """A call to ask whether it was done, by somebody who is not the claimant."""

    class Outcome(models.TextChoices):
        DONE = "done", _("办好了")
        NOT_DONE = "not_done", _("没办好")
        NO_ANSWER = "no_answer", _("没人接")

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="calls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="call_outcome_is_known",
                condition=models.Q(outcome__in=["done", "not_done", "no_answer"]),
            ),
        )
        indexes = (models.Index(name="call_by_wish_and_time", fields=["wish", "-at"]),)

    def __str__(self) -> str:
        return f"{self.wish_id} {self.outcome}"


class Evidence(models.Model):
    """A photo of the thing done, not of faces. It counts as a resident's detail: shown to whom those are.

    `likeness` tells whether two photos are alike (`jiangdong.photos.likeness_of`); nothing can be seen in it.
    """

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="evidence")
    photo = models.FileField(upload_to="evidence/%Y/%m/")
    sha256 = models.CharField(max_length=64, db_index=True)
    likeness = models.BigIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"photo of {self.wish_id}"
