"""The registry of sheets: which lists go out as files, stated by the app that owns the list and made here.

An app writes one small class per list and registers it in its `AppConfig.ready`:

    class Desk(Sheet):
        slug = "desk"
        label = _("本社区的心愿")
        columns = (_("编号"), _("心愿"))

        def queryset(self, user, params):
            return listings.desk(standing_of(user), params).rows().select_related("community")

        def row(self, wish):
            return wish.code, wish.title

    register(Desk())

The rows are those that the list's own page shows with the same parameters, through the same code. No sheet holds a
resident's details: a file travels further than a page.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from jiangdong.refusals import NotValid

# Rows held in memory at a time, whatever the length of the list.
CHUNK = 1000


class Sheet:
    """A list that people may take out.

    Attributes:
        slug: its name in addresses and rows; never changed.
        label: what the file is called.
        columns: the heads, in the order of `row`.
    """

    slug: ClassVar[str]
    label: Any
    columns: ClassVar[Sequence[Any]]

    def queryset(self, user, params: QueryDict) -> QuerySet:
        """Return what this person's page shows with these parameters, in its order.

        Raises:
            PermissionDenied: the page is not theirs.
        """
        raise NotImplementedError

    def row(self, thing) -> Sequence[Any]:
        """Return one thing's cells."""
        raise NotImplementedError

    def scope(self, user) -> str:
        """Return what the rows depend on besides the parameters; a file is its owner's while it stays the same."""
        return ""


def cells_of(sheet: Sheet, things: QuerySet) -> Iterator[Sequence[Any]]:
    """Yield the rows through a cursor of the server's, a chunk at a time."""
    return map(sheet.row, things.iterator(chunk_size=CHUNK))


class AdminSheet(Sheet):
    """A list of the admin: what its page shows with the same filters and search, to whoever may see it."""

    model: ClassVar[type[Model]]

    def queryset(self, user, params: QueryDict) -> QuerySet:
        request = HttpRequest()
        request.method, request.user, request.GET = "GET", user, params
        keeper = admin.site.get_model_admin(self.model)
        if not user.is_active or not keeper.has_view_permission(request):
            raise PermissionDenied
        try:
            return keeper.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise NotValid("bad_filter", _("这个筛选看不懂，请回到列表重新选。")) from error


REGISTRY: dict[str, Sheet] = {}


def register(*sheets: Sheet) -> None:
    """Add sheets to those that people may ask for.

    Raises:
        ValueError: the slug is taken.
    """
    for sheet in sheets:
        if sheet.slug in REGISTRY:
            raise ValueError(f"there is a sheet {sheet.slug!r} already")
        REGISTRY[sheet.slug] = sheet
