"""What the public would read of a wish, looked through before it is published."""

from django.utils.translation import gettext_lazy as _

from jiangdong.privacy import Finding, findings_in
from jiangdong.refusals import NotNow, NotValid
from pairing.actions import names_to_catch
from pairing.models import Consent
from wishes.models import Wish
from wishes.workflow import Kind, Visibility


def findings_of(wish: Wish) -> list[Finding]:
    """Return what in a wish's public text would give the resident away or brand them."""
    return findings_in(f"{wish.title}\n{wish.detail}", names_to_catch(wish.resident))


def require_fit_text(wish: Wish) -> None:
    """Refuse a text that gives a resident away; words that brand are only pointed out, in the preview.

    Raises:
        NotValid: with the stretches of text to change.
    """
    hard = [finding for finding in findings_of(wish) if finding.hard]
    if not hard:
        return
    complaints = [f"「{finding.text}」{finding.why}" for finding in hard]
    message = _("公开的文字里有不该公开的内容，请改写后再公开。")
    fields = {"title": [], "detail": []}
    for finding, complaint in zip(hard, complaints, strict=True):
        fields["title" if finding.text in wish.title else "detail"].append(complaint)
    raise NotValid(
        "personal_text", message, fields={name: said for name, said in fields.items() if said}
    )


def require_fit_note(wish: Wish, note: str, *, name: str = "note") -> None:
    """Refuse words for the resident that give them away: their link shows them, and links are forwarded.

    Raises:
        NotValid: with the stretches of text to change.
    """
    _require_fit(wish, note, name, _("居民会把链接转给别人，这里不要写姓名、电话、住处。"))


def require_fit_reason(wish: Wish, reason: str, *, name: str = "reason") -> None:
    """Refuse a reason that gives a resident away: colleagues who may not see their details read it, in mails too.

    Raises:
        NotValid: with the stretches of text to change.
    """
    _require_fit(
        wish, reason, name, _("看到原因的同事不都能看居民信息，这里不要写姓名、电话、住处。")
    )


def _require_fit(wish: Wish, text: str, name: str, message) -> None:
    found = findings_in(text, names_to_catch(wish.resident))
    complaints = [f"「{one.text}」{one.why}" for one in found if one.hard]
    if complaints:
        raise NotValid("personal_text", message, fields={name: [message, *complaints]})


def require_consents(wish: Wish, visibility: str) -> None:
    """Refuse to publish without the resident's word: to the public, and for health or a child (PIPL 29, 31).

    Raises:
        NotNow: naming the consent that is missing.
    """
    given = set(wish.resident.consents.values_list("kind", flat=True)) if wish.resident else set()
    if visibility == Visibility.PUBLIC and Consent.Kind.PUBLISH not in given:
        raise NotNow("no_consent_to_publish", _("还没有记下居民同意公开。"), state=wish.state)
    if (wish.kind == Kind.HEALTH or wish.for_child) and Consent.Kind.SENSITIVE not in given:
        message = _("涉及健康或孩子，要先记下本人或监护人的单独同意。")
        raise NotNow("no_consent_to_sensitive", message, state=wish.state)
