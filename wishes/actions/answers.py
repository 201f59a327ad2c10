"""The resident's word: by their own link, or taken down by somebody who is not the claimant."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotNow
from wishes import letters
from wishes.actions import changes, gate
from wishes.actions.keeping import keep_for_a_term, keep_on
from wishes.models import ResidentLink, Wish
from wishes.workflow import TABLE, How, Move

LINK_DAYS = 30


@transaction.atomic
def confirm_by_link(*, link: ResidentLink, rating: str, words: str = "") -> Wish:
    """Let the resident say it is done, once per fulfilment.

    Raises:
        NotNow: answered already, expired, or nothing to answer yet.
    """
    wish = _answer(link)
    return close(wish, by=None, rating=rating, words=words, how=How.SCAN)


@transaction.atomic
def reopen_by_link(*, link: ResidentLink, reason: str = "") -> Wish:
    """Let the resident say it was not done, once per fulfilment; a reason is welcome and not demanded.

    Raises:
        NotNow: answered already, expired, or nothing to answer yet.
    """
    wish = _answer(link)
    return reopen_for(wish, by=None, reason=reason or str(_("居民说还没有办好。")))


def _answer(link: ResidentLink) -> Wish:
    """Lock the wish behind a link, and use up the link's one answer."""
    wish = gate.locked(link.wish)
    link = ResidentLink.objects.select_for_update().get(pk=link.pk)
    if link.answered_at:
        raise NotNow("link_answered", _("您已经回答过了，谢谢您。"), state=wish.state)
    if link.expires_at and link.expires_at <= clock.now():
        raise NotNow("link_expired", _("这个链接已经过期，有事请打社区电话。"), state=wish.state)
    if wish.state not in TABLE[Move.CONFIRM]:
        raise NotNow("wrong_state", _("现在还不用您回答，办好了我们再请您看。"), state=wish.state)
    link.answered_at = clock.now()
    link.save(update_fields=("answered_at",))
    return wish


def open_link(wish: Wish) -> None:
    """Let the resident's link answer this fulfilment, for LINK_DAYS days."""
    expires = clock.now() + dt.timedelta(days=LINK_DAYS)
    _links_about(wish).update(expires_at=expires, answered_at=None)


def shut_link(wish: Wish) -> None:
    """Shut the residents' pages of a wish for good."""
    _links_about(wish).update(expires_at=clock.now())


def follow_link(wish: Wish, into: Wish) -> None:
    """Let the link of a wish that was merged live as long as the other's, whose course its page shows from now on."""
    lasts = ResidentLink.objects.filter(wish=into).values_list("expires_at", flat=True).first()
    _links_about(wish).update(expires_at=lasts)


def _links_about(wish: Wish) -> QuerySet[ResidentLink]:
    """Return the links whose pages show this wish: its own, and those of whoever wished the same."""
    return ResidentLink.objects.filter(Q(wish=wish) | Q(wish__merged_into=wish))


def _use_link_up(wish: Wish) -> None:
    ResidentLink.objects.filter(wish=wish, answered_at=None).update(answered_at=clock.now())


def close(wish: Wish, *, by: User | None, rating: str, words: str, how: str) -> Wish:
    changes.closed(
        wish, rating=rating, words=words, how=how, by_id=by.pk if by else None, at=clock.now()
    )
    _use_link_up(wish)
    keep_for_a_term(wish)
    gate.finish(wish, Move.CONFIRM, by=by, changed=changes.CLOSED, note=words)
    letters.confirmed(wish)
    return wish


def reopen_for(wish: Wish, *, by: User | None, reason: str) -> Wish:
    changes.reopened(wish, on=clock.today())
    keep_on(wish)
    changed = changes.REOPENED
    if not wish.handler.is_active:  # who did it has left: their branch names another
        changes.handed_back(wish, at=clock.now())
        changed += changes.HANDED_BACK
    _links_about(wish).update(expires_at=None)
    _use_link_up(wish)
    gate.finish(wish, Move.REOPEN, by=by, changed=changed, note=reason)
    letters.reopened(wish, reason)
    return wish
