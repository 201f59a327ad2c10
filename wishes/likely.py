"""What may be the same wish told again, for whoever writes one down: a page, a pasted passage, a list."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wishes.models import Wish

MOST = 4


@dataclass
class Likely:
    """A wish that may be the same one, why it is named, and whether whoever looks may make them one."""

    wish: Wish
    why: str
    mergeable: bool = False


def likely(
    community_id: int,
    title: str,
    detail: str = "",
    *,
    kind: str = "",
    phone_index: str = "",
    leaving_out: int | None = None,
) -> list[Likely]:
    """Return what may be the same in this community, the likest first; one query, nobody's details are opened."""
    wishes = (
        Wish.objects.of_community(community_id)
        .likely_the_same(title=title, detail=detail, kind=kind, phone_index=phone_index)
        .exclude(pk=leaving_out)
        .select_related("community", "resident")
        .order_by("-likeness", "-logged_at", "-pk")
    )
    return [Likely(wish, _why(wish, phone_index)) for wish in wishes[:MOST]]


def _why(wish: Wish, phone_index: str) -> str:
    same = phone_index and wish.resident and wish.resident.phone_index == phone_index
    return _("同一个电话") if same else _("说法很像")
