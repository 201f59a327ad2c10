"""How the admin's list of wishes is narrowed, searched and counted."""

import datetime as dt

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter

from jiangdong import clock
from pairing.models import Agency, Community, Street
from wishes.lists import LISTS, NamedList
from wishes.models import Campaign
from wishes.workflow import How, Kind, Rating, Stage

NARROWED_BY = {
    "community__street__id__exact": Street,
    "community__id__exact": Community,
    "agency__id__exact": Agency,
    "campaign__id__exact": Campaign,
}
MOST = 10_000
WEEKS = 12


class BoundedPaginator(Paginator):
    """Counts up to MOST and says so beyond: no list counts or skips its way through a large table."""

    template_name = "admin/wishes/pagination.html"

    @cached_property
    def found(self) -> int:
        """Return how many there are, MOST + 1 standing for any more."""
        return self.object_list.order_by().values("pk")[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST)

    @property
    def is_more(self) -> bool:
        return self.found > MOST


def list_asked_for(request: HttpRequest) -> NamedList | None:
    """Return the named list in a request's address."""
    return LISTS.get(request.GET.get(NamedListFilter.parameter_name, ""))


class NamedListFilter(DropdownFilter):
    """Which list: the same ones that the wall counts. Without one, whatever is not in an archived campaign."""

    title = gettext_lazy("看哪一些")
    parameter_name = "list"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return [(each.slug, each.label) for each in LISTS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None or self.value() == "":
            return queryset.live()
        each = list_asked_for(request)
        if each is None:
            raise IncorrectLookupParameters
        return each.of(queryset)


class StageFilter(DropdownFilter):
    """Where an open wish stands on the way to somebody who takes it; the list is annotated with it."""

    title = gettext_lazy("走到哪")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        return list(Stage.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() not in Stage.values:
            raise IncorrectLookupParameters
        return queryset.filter(stage=self.value())


class CampaignFilter(RelatedDropdownFilter):
    """Which campaign; the column has no word of its own."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("活动")


class WeekFilter(DropdownFilter):
    """Which week, by the list's own day: that of logging, of claiming, of the nod."""

    title = gettext_lazy("哪一周")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple]:
        today = clock.today()
        this = today - dt.timedelta(days=today.weekday())
        mondays = [this - dt.timedelta(weeks=back) for back in range(WEEKS)]
        return [(day.isoformat(), _("%(day)s 起的一周") % {"day": day}) for day in mondays]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        each = list_asked_for(request) or LISTS["published"]
        try:
            return each.in_week(queryset, dt.date.fromisoformat(self.value()))
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error


def narrowings(request: HttpRequest) -> list[str]:
    """Say in words what narrows the list beside its name; what does not exist is left out."""
    said = []
    for parameter, model in NARROWED_BY.items():
        value = request.GET.get(parameter, "")
        if value.isdecimal() and (one := model.objects.filter(pk=value[:18]).first()):
            said.append(str(one))
    for parameter, choices in (
        ("kind__exact", Kind),
        ("how__exact", How),
        ("rating__exact", Rating),
        (StageFilter.parameter_name, Stage),
    ):
        if (value := request.GET.get(parameter)) in choices.values:
            said.append(str(choices(value).label))
    if week := request.GET.get(WeekFilter.parameter_name):
        said.append(_("%(day)s 起的一周") % {"day": week})
    return said
