"""What everybody would read of a voice, looked through before it is let through."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from jiangdong.privacy import Finding, findings_in
from jiangdong.refusals import NotNow, NotValid
from pairing.actions import names_to_catch
from voices.models import Voice

BEFORE_ALL = _("大家看得到的文字里有不该公开的内容，请改写。")


def findings_of(voice: Voice) -> list[Finding]:
    """Return what in a voice's text would give somebody away or brand them."""
    return findings_in(f"{voice.title}\n{voice.text}", names_to_catch(voice.resident))


def complaints_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """Return a sentence for every stretch of a text that would give somebody away."""
    return [f"「{one.text}」{one.why}" for one in findings_in(text, names) if one.hard]


def require_fit(name: str, text: str, names: Iterable[str] = ()) -> None:
    """Refuse a text that gives somebody away.

    Raises:
        NotValid: with the stretches to change.
    """
    if complaints := complaints_in(text, names):
        raise NotValid("personal_text", BEFORE_ALL, fields={name: complaints})


def require_fit_text(voice: Voice) -> None:
    """Refuse to let a voice's title and text be read by everybody while they give somebody away.

    Raises:
        NotValid: with the stretches to change.
    """
    names = names_to_catch(voice.resident)
    fields = {
        name: complaints
        for name in ("title", "text")
        if (complaints := complaints_in(getattr(voice, name), names))
    }
    if fields:
        raise NotValid("personal_text", BEFORE_ALL, fields=fields)


def require_leave(voice: Voice) -> None:
    """Refuse to make a voice public without its asker's leave.

    Raises:
        NotNow: it was not given.
    """
    if not voice.may_publish:
        message = _("提的人没有同意公开，请选「不公开」。")
        raise NotNow("no_consent_to_publish", message, state=voice.state)
