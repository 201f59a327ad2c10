"""The shapes of the resident's own answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wishes.validators import no_control_characters
from wishes.workflow import Rating


class RateForm(forms.Form):
    """The resident's own answer."""

    rating = forms.ChoiceField(
        label=_("您觉得办得怎么样"), choices=Rating.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("想说的话"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotDoneForm(forms.Form):
    """The resident says it was not done."""

    reason = forms.CharField(
        label=_("还差什么"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
