"""The one gate that every move passes: lock, policy, table; then event and fields in one save."""

from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from pairing.standing import standing_of
from wishes import policy
from wishes.models import Wish
from wishes.workflow import TABLE

BY_RESIDENT = _("居民本人")
BY_PORTAL = _("门户按期限")


def locked(wish: Wish) -> Wish:
    """Lock the row and read it afresh; the caller is in a transaction.

    Only the community is joined: it never changes. A join to the holder would be read before the lock was
    granted, and show the loser of a race a wish that has an agency's id and no agency.
    """
    return Wish.objects.select_for_update(of=("self",)).select_related("community").get(pk=wish.pk)


def begin(move: str, wish: Wish, by: User) -> Wish:
    """Lock the wish and let the person through, or raise the policy's refusal."""
    wish = locked(wish)
    if refusal := policy.why_not(by, move, wish):
        raise refusal
    return wish


def finish(
    wish: Wish,
    move: str,
    *,
    by: User | None,
    changed: tuple[str, ...],
    note: str = "",
    label: str = BY_RESIDENT,
) -> None:
    """Move the state on as the table says, and write the event and all that changed.

    `label` says in whose name, where no person did it.
    """
    before = wish.state
    wish.state = TABLE[move][before]
    _record(wish, move, before, by, note, label)
    wish.save(update_fields=(*changed, "state", *trail.TRAIL_FIELDS))


def note(
    wish: Wish,
    what: str,
    *,
    by: User,
    text: str = "",
    first: bool = False,
    changed: tuple[str, ...] = (),
) -> None:
    """Write an event that moves nothing: that it was written down, that nobody answered."""
    _record(wish, what, "" if first else wish.state, by, text)
    wish.save(update_fields=(*changed, *trail.TRAIL_FIELDS))


def _record(
    wish: Wish, move: str, before: str, by: User | None, note: str, label: str = BY_RESIDENT
) -> None:
    trail.record(
        thing=wish,
        move=move,
        from_state=before,
        to_state=wish.state,
        by=by,
        by_label=label_of(by) if by else str(label),
        note=note,
    )


def label_of(by: User) -> str:
    """Return in whose name somebody acts, for the trail and for those who are told."""
    standing = standing_of(by)
    return standing.label or (str(_("区督办")) if standing.is_supervisor else "")
