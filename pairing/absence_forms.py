"""The shape of an absence: who, from when to when, and who stands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.models import Cadre


def _day(label) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class _Name(forms.ModelChoiceField):
    """A colleague by name: the agency is everybody's."""

    def label_from_instance(self, obj: Cadre) -> str:
        return obj.user.name


class AbsenceForm(forms.Form):
    """A liaison says who is away; anybody else speaks of themself, and is not asked."""

    person = _Name(label=_("谁外出"), queryset=Cadre.objects.none(), empty_label=_("请选一位"))
    first = _day(_("第一天"))
    last = _day(_("最后一天"))
    substitute = _Name(
        label=_("谁代办"), queryset=Cadre.objects.none(), empty_label=_("请选一位同事")
    )

    def __init__(self, *args, oneself: Cadre, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Cadre.objects.acting().filter(agency=oneself.agency_id)
        colleagues = colleagues.select_related("user").order_by("user__name", "pk")
        self.fields["substitute"].queryset = colleagues
        if oneself.is_liaison:
            self.fields["person"].queryset = colleagues
            self.fields["person"].initial = oneself
        else:
            del self.fields["person"]
            self.fields["substitute"].queryset = colleagues.exclude(pk=oneself.pk)
