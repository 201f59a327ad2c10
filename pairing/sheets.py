"""Which lists of places, agencies, people and pairings go out as files."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.term_forms import term_in_words
from notices.sheets import AdminSheet, Sheet, register
from pairing import listings
from pairing.models import Agency, Cadre, Community, CommunityWorker, Pairing, Street
from pairing.standing import standing_of


class Pairings(Sheet):
    """Every community with the agency that answers for it, as 谁结对谁 shows them: a gap is a row too."""

    slug = "pairings"
    label = _("谁结对谁")
    columns: ClassVar = (_("街道"), _("社区"), _("社区代码"), _("结对单位"), _("从哪一天起"))

    def queryset(self, user, params: QueryDict) -> QuerySet:
        if not standing_of(user).user_id:
            raise PermissionDenied
        communities = listings.communities(params).select_related("street")
        return communities.order_by("street__position", "street__code", "sort_key", "code")

    def row(self, community: Community) -> tuple:
        pairing = next(iter(community.today), None)
        return (
            community.street.name,
            community.name,
            community.code,
            pairing and pairing.agency.name,
            pairing and pairing.term.lower,
        )


class Kept(AdminSheet):
    """A list that administrators or supervisors keep in the admin; `cells` are its heads with how to read each."""

    def __init__(
        self, model: type[Model], label: Any, cells: Sequence[tuple[Any, Callable]], *related: str
    ) -> None:
        self.model = model
        self.slug = f"admin-{model._meta.model_name}"
        self.label = label
        self.columns = [head for head, _read in cells]
        self.readers = [read for _head, read in cells]
        self.related = related

    def queryset(self, user, params: QueryDict) -> QuerySet:
        return super().queryset(user, params).select_related(*self.related)

    def row(self, thing: Model) -> list:
        return [read(thing) for read in self.readers]


class People(AdminSheet):
    """Accounts with where each works today. Telephones and addresses of mail stay on the page."""

    slug = "admin-user"
    label = _("账号")
    columns: ClassVar = (_("姓名"), _("用户名"), _("单位或社区"), _("可以登录"))
    model = User

    def queryset(self, user, params: QueryDict) -> QuerySet:
        mine = {"user": OuterRef("pk"), "term__contains": clock.today()}
        agency = Cadre.objects.filter(**mine).values("agency__name")[:1]
        community = CommunityWorker.objects.filter(**mine).values("community__name")[:1]
        return (
            super()
            .queryset(user, params)
            .annotate(unit=Coalesce(Subquery(agency), Subquery(community), Value("")))
        )

    def row(self, person: User) -> tuple:
        return person.name, person.username, person.unit, person.is_active


_PLACE = ((_("名称"), lambda place: place.name), (_("代码"), lambda place: place.code))
_TERM = (
    (_("任期"), lambda post: term_in_words(post.term)),
    (_("现在"), lambda post: clock.today() in post.term),
)
_STREET = (_("街道"), lambda place: place.street and place.street.name)
_PERSON = (
    (_("姓名"), lambda post: post.user.name),
    (_("用户名"), lambda post: post.user.username),
)


def register_sheets() -> None:
    """Let people take these lists out."""
    register(
        Pairings(),
        People(),
        Kept(Street, _("街道"), (*_PLACE, (_("规范顺序"), lambda street: street.position))),
        Kept(
            Community,
            _("社区"),
            (
                *_PLACE,
                _STREET,
                (_("服务电话"), lambda community: community.phone),
                (_("户数"), lambda community: community.households),
            ),
            "street",
        ),
        Kept(
            Agency,
            _("单位"),
            (*_PLACE, (_("种类"), lambda agency: agency.get_kind_display()), _STREET),
            "street",
        ),
        Kept(
            Cadre,
            _("单位的人"),
            (
                *_PERSON,
                (_("单位"), lambda cadre: cadre.agency.name),
                (_("联络员"), lambda cadre: cadre.is_liaison),
                *_TERM,
            ),
            "user",
            "agency",
        ),
        Kept(
            CommunityWorker,
            _("社区的人"),
            (
                *_PERSON,
                (_("社区"), lambda worker: worker.community.name),
                (_("做什么"), lambda worker: worker.get_duty_display()),
                *_TERM,
            ),
            "user",
            "community",
        ),
        Kept(
            Pairing,
            _("结对"),
            (
                (_("社区"), lambda pairing: pairing.community.name),
                (_("街道"), lambda pairing: pairing.community.street.name),
                (_("单位"), lambda pairing: pairing.agency.name),
                *_TERM,
            ),
            "community__street",
            "agency",
        ),
    )
