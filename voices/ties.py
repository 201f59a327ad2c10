"""A wish's page points to the voice it came from or became."""

from django.utils.translation import gettext_lazy as _

from pairing.standing import Standing
from voices.models import Voice, WishLink
from wishes import ties
from wishes.models import Wish


def register() -> None:
    """Let wishes tell of their voices."""
    ties.also(voices_of)


def voices_of(wish: Wish, standing: Standing) -> list[ties.Tie]:
    """Return the voices tied to a wish that this person may open. One query."""
    links = WishLink.objects.filter(wish=wish, voice__in=Voice.objects.visible_to(standing))
    return [
        ties.Tie(
            _("来自民声") if link.voice_first else _("转成民声"),
            str(link.voice),
            link.voice.get_absolute_url(),
        )
        for link in links.select_related("voice").order_by("pk")
    ]
