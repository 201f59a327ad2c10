"""Writing a wish down, changing a draft, and erasing what is kept of the resident."""

import secrets

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.actions import remember_key
from accounts.models import IdempotencyKey, User
from jiangdong import clock
from jiangdong.privacy import digest, seal
from jiangdong.refusals import NotAllowed, NotNow, not_valid
from pairing import actions as pairing_actions
from pairing.models import Community
from pairing.standing import standing_of
from wishes import policy, slip_codes
from wishes.actions import gate
from wishes.models import Draft, ResidentLink, Wish
from wishes.workflow import ERASE, LOG, State


class _MadeMeanwhile(Exception):
    """A request with the same key was quicker; what this one made is rolled back."""


def log(*, draft: Draft, community: Community, by: User, key: str = "") -> Wish:
    """Write a wish down. With a key, a repeated request returns the wish the first one made.

    Raises:
        NotAllowed: they do not work for this community.
        NotValid: a resident's details without consent, or a campaign that is no festival's or over.
    """
    if draft.campaign and (draft.campaign.archived or not draft.campaign.festival):
        raise not_valid("campaign", _("这次节日慰问已经结束了。"))
    if standing_of(by).any_community_id != community.pk:
        raise NotAllowed("not_yours", _("只能为自己的社区记心愿。"))
    try:
        with transaction.atomic():
            return _made_with(key, by) or _log(draft, community, by, key)
    except _MadeMeanwhile:
        return _made_with(key, by)


def _made_with(key: str, by: User) -> Wish | None:
    kept = (
        key
        and IdempotencyKey.objects.filter(user=by, key=key, thing_kind=trail.kind_of(Wish)).first()
    )
    return Wish.objects.select_related("community").get(pk=kept.thing_id) if kept else None


def _log(draft: Draft, community: Community, by: User, key: str) -> Wish:
    serial = next_serial(community)
    wish = Wish(
        community=community,
        serial=serial,
        code=code_of(community, serial),
        logged_by=by,
        logged_at=clock.now(),
        campaign=draft.campaign,
        in_batch=draft.campaign is not None,
        **{name: getattr(draft, name) for name in Draft.WORDS},
    )
    wish.resident = pairing_actions.record_resident(
        community=community, details=draft.details, consents=draft.consents, by=by
    )
    wish.save(force_insert=True)
    if key and not remember_key(by=by, key=key, thing=wish):
        raise _MadeMeanwhile
    new_link(wish).save(force_insert=True)
    gate.note(wish, LOG, by=by, first=True)
    return wish


def next_serial(community: Community) -> int:
    """Lock the community against others who number a wish there, and return the next number."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    return (Wish.objects.filter(community=community).aggregate(last=Max("serial"))["last"] or 0) + 1


def code_of(community: Community, serial: int) -> str:
    """Return a wish's code: its community's and a running number, such as HC-0398."""
    return f"{community.code}-{serial:04d}"


def new_link(wish: Wish) -> ResidentLink:
    """Make the resident's link of a wish, unsaved; nothing to answer yet."""
    token, code = secrets.token_urlsafe(24), slip_codes.new()
    return ResidentLink(
        wish=wish,
        digest=digest(token),
        code_digest=slip_codes.digest_of(code),
        sealed_token=seal({"token": token, "code": code}),
    )


@transaction.atomic
def edit(*, wish: Wish, draft: Draft, by: User) -> Wish:
    """Change a draft's words and what is kept of the resident.

    Raises:
        NotAllowed: not of this community.
        NotNow: no longer a draft.
    """
    wish = gate.locked(wish)
    if not policy.may_edit(standing_of(by), wish):
        raise NotAllowed("not_yours", _("只有本社区的人可以改这份草稿。"))
    if wish.state != State.DRAFT:
        raise NotNow("wrong_state", _("已经不是草稿了，不能再改。"), state=wish.state)
    for name in Draft.WORDS:
        setattr(wish, name, getattr(draft, name))
    wish.save(update_fields=Draft.WORDS)
    pairing_actions.change_resident(
        resident=wish.resident, details=draft.details, consents=draft.consents, by=by
    )
    return wish


@transaction.atomic
def erase_on_request(*, wish: Wish, by: User) -> Wish:
    """Erase what is kept of the resident because they asked (PIPL 47); the wish's figures stay.

    Raises:
        NotAllowed: not the community's or the street's to do.
    """
    wish = gate.locked(wish)
    if not policy.may_erase(by, wish):
        raise NotAllowed("not_yours", _("由社区或街道来删。"))
    pairing_actions.erase(resident=wish.resident)
    wish.refresh_from_db()
    gate.note(wish, ERASE, by=by)
    return wish
