"""How the API's lists of places, agencies, people and pairings are narrowed, and filters that apps above share."""

import datetime as dt

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField

from jiangdong import clock
from pairing.kinds import KINDS
from pairing.models import Agency, Cadre, Community, Pairing, Street

WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class YesNoField(forms.Field):
    """Yes or no; anything else is refused and not taken for no answer."""

    widget = forms.TextInput

    def to_python(self, value: str | None) -> bool | None:
        if value in self.empty_values:
            return None
        if value.lower() not in WORDS:
            raise ValidationError(_("请填 true 或 false。"), code="invalid_choice")
        return WORDS[value.lower()]


class YesNoFilter(django_filters.BooleanFilter):
    field_class = YesNoField


class MomentField(IsoDateTimeField):
    """A moment with any offset that Python knows; PostgreSQL knows fewer, so it is told the moment in UTC."""

    def clean(self, value: str | None) -> dt.datetime | None:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


def by_code(model, field_name: str | None = None, **kwargs) -> django_filters.ModelChoiceFilter:
    """Return a filter that names a place or an agency by its code."""
    return django_filters.ModelChoiceFilter(
        field_name=field_name, to_field_name="code", queryset=model.objects.all(), **kwargs
    )


class NameFilter(django_filters.FilterSet):
    """Searched by name."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="contains", max_length=40)


class StreetFilter(NameFilter):
    class Meta:
        model = Street
        fields = ()


class CommunityFilter(NameFilter):
    street = by_code(Street)
    agency = by_code(Agency, "pairings__agency", method="answered_for_by")

    class Meta:
        model = Community
        fields = ()

    def answered_for_by(self, queryset, name: str, agency: Agency):
        todays = Pairing.objects.now().filter(agency=agency)
        return queryset.filter(pk__in=todays.values("community"))


class AgencyFilter(NameFilter):
    kind = django_filters.MultipleChoiceFilter(choices=Agency.Kind.choices)
    street = by_code(Street)
    paired = YesNoFilter(method="is_paired", help_text="Answers for a community today.")

    class Meta:
        model = Agency
        fields = ()

    def is_paired(self, queryset, name: str, wanted: bool):
        return queryset.paired() if wanted else queryset.unpaired()


class CadreFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="user__name", lookup_expr="contains", max_length=40)
    agency = by_code(Agency)
    registered_with = by_code(Community)
    liaison = YesNoFilter(field_name="is_liaison")
    speciality = django_filters.ChoiceFilter(choices=KINDS, method="good_at")

    class Meta:
        model = Cadre
        fields = ()

    def good_at(self, queryset, name: str, kind: str):
        return queryset.filter(specialities__contains=[kind])


class PairingFilter(django_filters.FilterSet):
    """Those of today, or of the day asked for."""

    q = django_filters.CharFilter(method="named", max_length=40)
    agency = by_code(Agency)
    community = by_code(Community)
    street = by_code(Street, "community__street")
    on = django_filters.DateFilter(method="held_on", help_text="Today unless said otherwise.")

    class Meta:
        model = Pairing
        fields = ()

    def filter_queryset(self, queryset):
        """Keep one day's, whether or not it was named."""
        day = self.form.cleaned_data["on"] or clock.today()
        return super().filter_queryset(queryset.on(day))

    def held_on(self, queryset, name: str, day: dt.date):
        return queryset

    def named(self, queryset, name: str, words: str):
        return queryset.filter(community__name__contains=words) | queryset.filter(
            agency__name__contains=words
        )
