"""How lists of wishes are narrowed: the same words on pages and in the API."""

import datetime as dt

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.filters import MomentFilter, YesNoFilter, by_code
from pairing.models import Agency, Community, Street
from wishes.models import Campaign, Wish
from wishes.querysets import WishQuerySet
from wishes.workflow import Kind, State, Visibility


class WishFilter(django_filters.FilterSet):
    """Filters that pages and API share. Places and agencies are named by code."""

    q = django_filters.CharFilter(label=_("搜心愿"), method="search", max_length=40)
    kind = django_filters.MultipleChoiceFilter(
        label=_("哪一类"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    street = django_filters.ModelChoiceFilter(
        label=_("街道"),
        field_name="community__street",
        to_field_name="code",
        queryset=Street.objects.all(),
        empty_label=_("全部街道"),
    )
    community = django_filters.ModelChoiceFilter(
        label=_("社区"),
        to_field_name="code",
        queryset=Community.objects.all(),
        empty_label=_("全部社区"),
    )
    due_before = django_filters.DateFilter(
        label=_("到期不晚于"), field_name="due_on", lookup_expr="lte"
    )

    class Meta:
        model = Wish
        fields = ()

    def search(self, queryset, name: str, words: str):
        return queryset.search(words)


# What somebody can do beside their work: at a weekend, in half an hour, without money.
EASY = {
    "weekend": WishQuerySet.on_weekends,
    "half_hour": WishQuerySet.within_half_an_hour,
    "free": WishQuerySet.free_of_charge,
}


def _box(label) -> django_filters.BooleanFilter:
    return django_filters.BooleanFilter(label=label, method="ticked", widget=forms.CheckboxInput)


class BoardFilter(WishFilter):
    """The board's: with a plain choice of how soon."""

    WEEK = 7
    soon = django_filters.BooleanFilter(
        label=_("一周内到期"), method="due_soon", widget=forms.CheckboxInput
    )

    batch = django_filters.BooleanFilter(
        label=_("只看节日慰问"), method="of_a_festival", widget=forms.CheckboxInput
    )
    weekend = _box(_("周末"))
    half_hour = _box(_("半小时"))
    free = _box(_("不用花钱"))

    due_before = None

    def of_a_festival(self, queryset, name: str, wanted: bool):
        return queryset.filter(in_batch=True) if wanted else queryset

    def ticked(self, queryset, name: str, wanted: bool):
        return EASY[name](queryset) if wanted else queryset

    def due_soon(self, queryset, name: str, wanted: bool):
        if not wanted:
            return queryset
        return queryset.filter(due_on__lte=clock.today() + dt.timedelta(days=self.WEEK))


class ApiFilter(WishFilter):
    """The API's: every state, holder and campaign too."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    visibility = django_filters.MultipleChoiceFilter(choices=Visibility.choices)
    agency = by_code(Agency)
    campaign = django_filters.ModelChoiceFilter(
        to_field_name="slug", queryset=Campaign.objects.all()
    )
    archived = YesNoFilter()
    mine = YesNoFilter(method="in_my_hands", help_text="Those that I handle.")
    overdue = YesNoFilter(method="is_overdue", help_text="Open or claimed, and due before today.")
    weekend = YesNoFilter(method="of_free_hours", help_text="Can be done at a weekend.")
    half_hour = YesNoFilter(method="of_free_hours", help_text="Takes half an hour.")
    free = YesNoFilter(
        method="of_free_hours", help_text="Costs nothing; goods only where that was said."
    )
    published_after = MomentFilter(field_name="published_at", lookup_expr="gte")
    published_before = MomentFilter(field_name="published_at", lookup_expr="lt")

    def of_free_hours(self, queryset, name: str, wanted: bool):
        """Keep what one of EASY's rules keeps, or leave that out."""
        if wanted:
            return EASY[name](queryset)
        return queryset.exclude(pk__in=EASY[name](queryset.model.objects).values("pk"))

    def in_my_hands(self, queryset, name: str, wanted: bool):
        if wanted:
            return queryset.held_by(self.request.user)
        return queryset.exclude(handler__isnull=False, handler=self.request.user)

    def is_overdue(self, queryset, name: str, wanted: bool):
        if wanted:
            return queryset.overdue(clock.today())
        return queryset.exclude(pk__in=queryset.model.objects.overdue(clock.today()).values("pk"))


class WallFilter(django_filters.FilterSet):
    """The public wall's: a word, one kind, a community."""

    q = django_filters.CharFilter(method="search", max_length=40)
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    community = django_filters.ModelChoiceFilter(
        to_field_name="code", queryset=Community.objects.all(), empty_label=_("全部社区")
    )

    class Meta:
        model = Wish
        fields = ()

    def search(self, queryset, name: str, words: str):
        return queryset.search(words)
