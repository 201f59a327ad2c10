"""What a worker puts into a chat group about open wishes: public words, how to claim, and nothing of a resident."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from pairing.models import Community
from wishes.models import Wish
from wishes.templatetags.wish_words import day

MOST = 20


def text_of_wish(wish: Wish, address: str) -> str:
    """Return one open wish as a message for a group, with the address at which it is claimed."""
    lines = [
        _("【江东365】%(community)s有一件微心愿") % {"community": wish.community.name},
        _line(wish),
        _("愿意帮的点开认领：%(address)s") % {"address": address},
    ]
    return "\n".join([*lines, *_ring(wish.community)])


def text_of_list(community: Community, wishes: Iterable[Wish], address_of: Callable) -> str:
    """Return a community's open wishes as one message; `address_of` says at which address one is claimed."""
    today = _("【江东365】%(community)s等人认领的微心愿") % {"community": community.name}
    lines = [f"{n}. {_line(wish)}\n{address_of(wish)}" for n, wish in enumerate(wishes, start=1)]
    return "\n".join([today, *lines, _("愿意帮的点开那一件认领。"), *_ring(community)])


def _line(wish: Wish) -> str:
    """Return what is wished for, of which kind and by when."""
    said = f"{wish.title}（{wish.get_kind_display()}）"
    return said + _("，%(day)s前") % {"day": day(wish.due_on)} if wish.due_on else said


def _ring(community: Community) -> list[str]:
    """Return whom to ring without an account, where the community has a telephone."""
    if not community.phone:
        return []
    return [_("没有账号的打社区电话：%(phone)s") % {"phone": community.phone}]
