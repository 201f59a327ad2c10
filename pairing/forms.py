"""Shapes of what people write about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.models import Community


class OneselfForm(forms.Form):
    """What a cadre is good at, and the community where they registered (报到)."""

    specialities = forms.MultipleChoiceField(
        label=_("愿意帮哪几类"), required=False, widget=forms.CheckboxSelectMultiple
    )
    registered_with = forms.ModelChoiceField(
        label=_("报到社区"),
        queryset=Community.objects.all(),
        required=False,
        empty_label=_("还没有报到"),
    )

    def __init__(self, *args, kinds: list[tuple], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialities"].choices = kinds
