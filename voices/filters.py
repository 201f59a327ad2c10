"""How lists of voices are narrowed: the same words on pages and in the API."""

import datetime as dt

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.filters import YesNoFilter, by_code
from pairing.models import Agency, Community, Street
from voices.lists import LISTS
from voices.models import Topic, Voice
from voices.workflow import Asker, Channel, State

WEEK = dt.timedelta(days=7)
A_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WallFilter(django_filters.FilterSet):
    """The public list's: a word, a topic with its parts, a community."""

    q = django_filters.CharFilter(label=_("搜民声"), method="search", max_length=40)
    topic = django_filters.ModelChoiceFilter(
        label=_("主题"),
        queryset=Topic.objects.all(),
        method="of_topic",
        empty_label=_("全部主题"),
    )
    community = django_filters.ModelChoiceFilter(
        label=_("社区"),
        to_field_name="code",
        queryset=Community.objects.all(),
        empty_label=_("全部社区"),
    )

    class Meta:
        model = Voice
        fields = ()

    def search(self, queryset, name: str, words: str):
        return queryset.search(words)

    def of_topic(self, queryset, name: str, topic: Topic):
        return queryset.filter(topic=topic) | queryset.filter(topic__parent=topic)


class VoiceFilter(WallFilter):
    """Colleagues': channel, who asked, which agency, which named list, and since when."""

    list = django_filters.ChoiceFilter(
        label=_("看哪一些"),
        choices=[(each.slug, each.label) for each in LISTS.values()],
        method="of_list",
        empty_label=_("全部"),
    )
    channel = django_filters.ChoiceFilter(
        label=_("渠道"), choices=Channel.choices, empty_label=_("全部渠道")
    )
    asker = django_filters.ChoiceFilter(
        label=_("谁提的"), choices=Asker.choices, empty_label=_("全部")
    )
    street = django_filters.ModelChoiceFilter(
        label=_("街道"),
        field_name="community__street",
        to_field_name="code",
        queryset=Street.objects.all(),
        empty_label=_("全部街道"),
    )
    agency = django_filters.ModelChoiceFilter(
        label=_("答复单位"),
        to_field_name="code",
        queryset=Agency.objects.all(),
        empty_label=_("全部单位"),
    )
    enterprise = django_filters.CharFilter(label=_("企业"), max_length=60)
    since = django_filters.DateFilter(
        label=_("从哪天起"), field_name="noted_on", lookup_expr="gte", widget=A_DAY
    )
    week = django_filters.DateFilter(label=_("哪一周起"), method="in_week", widget=A_DAY)

    def of_list(self, queryset, name: str, slug: str):
        return LISTS[slug].of(queryset)

    def in_week(self, queryset, name: str, monday: dt.date):
        if monday > dt.date.max - WEEK:
            return queryset.none()
        return queryset.filter(noted_on__gte=monday, noted_on__lt=monday + WEEK)


class ApiFilter(VoiceFilter):
    """The API's: states as well; who asked is for insiders, and so nothing to search by."""

    asker = None
    enterprise = None
    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    agency = by_code(Agency)
    urgent = YesNoFilter()
    public = YesNoFilter()
