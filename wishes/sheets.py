"""Which lists of wishes go out as files: those that pages show. Never a resident's details."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiangdong.pagination import Order
from notices.sheets import AdminSheet, Sheet, register
from pairing.standing import standing_of
from wishes.ledger import ledger_of, may_keep_ledger, month_of
from wishes.models import Wish
from wishes.views.board import board_of, mine_of
from wishes.views.desk import CALLS, calls_of, desk_of

COLUMNS = (
    _("编号"),
    _("街道"),
    _("社区"),
    _("类别"),
    _("心愿"),
    _("状态"),
    _("公开"),
    _("认领单位"),
    _("约定"),
    _("办好"),
    _("居民点头"),
    _("居民评价"),
    _("怎样点头的"),
)


class WishSheet(Sheet):
    """A list of wishes: what a desk shows of each, places and agencies by name."""

    columns: ClassVar = COLUMNS

    def __init__(self, slug: str, label: Any) -> None:
        self.slug = slug
        self.label = label

    def queryset(self, user, params: QueryDict) -> QuerySet:
        if not standing_of(user).user_id:
            raise PermissionDenied
        return self.wishes(user, params).select_related("community__street", "agency")

    def wishes(self, user, params: QueryDict) -> QuerySet:
        """Return the wishes of the page, in its order."""
        raise NotImplementedError

    def row(self, wish: Wish) -> tuple:
        return row_of(wish)

    def scope(self, user) -> str:
        """Return for what they answer: who changed their post takes nothing of the former one along."""
        at = standing_of(user)
        places = (at.community_id, at.warden_of_id, at.street_id, at.agency_id, at.is_liaison)
        return repr((*places, sorted(at.roles)))


def row_of(wish: Wish) -> tuple:
    """Return a wish's cells."""
    return (
        wish.code,
        wish.community.street.name,
        wish.community.name,
        wish.get_kind_display(),
        wish.title,
        wish.get_state_display(),
        wish.published_at,
        wish.agency and wish.agency.name,
        wish.due_on,
        wish.fulfilled_at,
        wish.closed_at,
        wish.get_rating_display(),
        wish.get_how_display(),
    )


class Board(WishSheet):
    def wishes(self, user, params: QueryDict) -> QuerySet:
        return in_order(*board_of(user, params))


class Mine(WishSheet):
    def wishes(self, user, params: QueryDict) -> QuerySet:
        return in_order(*mine_of(user, params))


class Desk(WishSheet):
    def wishes(self, user, params: QueryDict) -> QuerySet:
        return in_order(*desk_of(user, params))


class Calls(WishSheet):
    def wishes(self, user, params: QueryDict) -> QuerySet:
        due, _rung_in_vain = calls_of(standing_of(user))
        return in_order(due, CALLS)


def in_order(wishes: QuerySet, order: Order) -> QuerySet:
    """Sort as pages are cut: by the field, NULLs last in either direction, then by id."""
    field = F(order.field)
    first = field.desc(nulls_last=True) if order.descending else field.asc(nulls_last=True)
    return wishes.order_by(first, "-pk" if order.descending else "pk")


class Ledger(WishSheet):
    """The month's ledger: every step with its day, who, and how the nod was given."""

    columns: ClassVar = (
        _("编号"),
        _("社区"),
        _("心愿"),
        _("公开"),
        _("认领"),
        _("认领单位"),
        _("约定"),
        _("办好"),
        _("居民点头"),
        _("怎样点头的"),
        _("居民评价"),
        _("离开"),
        _("结果"),
        _("转给谁"),
    )

    def wishes(self, user, params: QueryDict) -> QuerySet:
        if not may_keep_ledger(standing_of(user)):
            raise PermissionDenied
        return ledger_of(standing_of(user), month_of(params.get("month")))

    def row(self, wish: Wish) -> tuple:
        return (
            wish.code,
            wish.community.name,
            wish.title,
            wish.published_at,
            wish.claimed_at,
            wish.agency and wish.agency.name,
            wish.due_on,
            wish.fulfilled_at,
            wish.closed_at,
            wish.get_how_display(),
            wish.get_rating_display(),
            wish.left_at,
            wish.get_state_display(),
            wish.get_referred_to_display(),
        )


class Watched(AdminSheet):
    """The supervisors' lists, named ones included."""

    slug = "admin-wish"
    label = _("督办看的心愿")
    columns = COLUMNS
    model = Wish

    def queryset(self, user, params: QueryDict) -> QuerySet:
        return super().queryset(user, params).select_related("community__street", "agency")

    def row(self, wish: Wish) -> tuple:
        return row_of(wish)


def register_sheets() -> None:
    """Let people take these lists out."""
    register(
        Board("board", _("待认领的心愿")),
        Mine("mine", _("我经办的心愿")),
        Desk("desk", _("我这里的心愿")),
        Calls("calls", _("今天要打的电话")),
        Ledger("ledger", _("微心愿台账")),
        Watched(),
    )
