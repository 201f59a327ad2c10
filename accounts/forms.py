"""Shapes of what people do with their own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

LIFETIMES = ((7, _("7天")), (30, _("30天")), (90, _("90天")))


class NewTokenForm(forms.Form):
    """What a token is for, and for how long."""

    name = forms.CharField(
        label=_("用在哪里"),
        max_length=40,
        help_text=_("比如：街道的月报程序。以后认得出该停哪一个。"),
    )
    days = forms.TypedChoiceField(
        label=_("用多久"), choices=LIFETIMES, coerce=int, initial=30, widget=forms.RadioSelect
    )
