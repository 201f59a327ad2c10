"""What goes with a voice: the way back for its asker, further words, the wishes it became; and its first shape."""

from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import who_acted
from jiangdong import clock
from pairing.models import Community, Details
from voices.models.topic import Topic
from voices.models.voice import Voice
from wishes.models import Wish


@dataclass(frozen=True)
class Draft:
    """A voice as it was written down, before anything is decided. `details` are of its asker."""

    title: str
    channel: str
    asker: str
    text: str = ""
    community: Community | None = None
    enterprise: str = ""
    topic: Topic | None = None
    may_publish: bool = False
    details: Details = field(default_factory=Details)
    consented: bool = False

    WORDS = ("title", "text", "channel", "asker", "community", "enterprise", "topic", "may_publish")


class VoiceKey(models.Model):
    """How an asker comes back without an account: a link to hand over, or a code that was shown once.

    Of a code only the digest is kept. A link can be shown again by the worker, so it is kept sealed as well.
    """

    voice = models.OneToOneField(Voice, on_delete=models.CASCADE, related_name="key")
    digest = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField(blank=True)

    class Meta:
        verbose_name = _("提的人的凭证")
        verbose_name_plural = _("提的人的凭证")

    def __str__(self) -> str:
        return self.voice.code


class Word(models.Model):
    """Something the asker wrote afterwards; only the day is kept."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="words_since")
    on = models.DateField(default=clock.today)
    text = models.TextField(max_length=500)

    class Meta:
        verbose_name = _("补充的话")
        verbose_name_plural = _("补充的话")

    def __str__(self) -> str:
        return self.text[:30]


class WishLink(models.Model):
    """A voice and a wish that came out of one another; both pages point across by this row."""

    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="wish_links")
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, related_name="+")
    voice_first = models.BooleanField(help_text=_("先有民声，后有心愿"))
    made_by = who_acted(null=False, blank=False)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("民声和心愿")
        verbose_name_plural = _("民声和心愿")
        constraints = (
            models.UniqueConstraint(name="voice_and_wish_are_tied_once", fields=["voice", "wish"]),
            models.UniqueConstraint(
                name="wish_becomes_one_voice", fields=["wish"], condition=Q(voice_first=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.voice_id} – {self.wish_id}"
