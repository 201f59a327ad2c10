"""Shapes of what people write on the ladder: 督办单, 通报, the agency's answer, 「已电话了解」."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wishes.models import SecondCall
from wishes.validators import no_control_characters

NAMES_NOBODY = _("不写任何人的姓名、电话、住处")


class IssueForm(forms.Form):
    """The words of a 督办单 or 通报."""

    text = forms.CharField(
        label=_("要说的话"),
        max_length=500,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NAMES_NOBODY,
    )


class SuperviseForm(IssueForm):
    """A 督办单, to one of the agencies that answer for the wish."""

    agency = forms.ChoiceField(label=_("发给哪个单位"), widget=forms.RadioSelect)
    field_order = ("agency", "text")

    def __init__(self, *args, agencies, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(one.pk): one for one in agencies}
        self.fields["agency"].choices = [(key, one.name) for key, one in self.agencies.items()]
        if len(self.agencies) == 1:
            self.fields["agency"].initial = next(iter(self.agencies))

    def clean_agency(self):
        return self.agencies[self.cleaned_data["agency"]]


class AnswerForm(forms.Form):
    """What an agency answers."""

    text = forms.CharField(
        label=_("答复"),
        max_length=900,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("为什么没有办好、打算怎么办、哪一天办好；不写任何人的姓名、电话、住处"),
    )


class QuietForm(forms.Form):
    """What somebody learned of a late wish, and for how long that will do."""

    days = forms.IntegerField(label=_("几个工作日里先不提醒"), min_value=1)
    reason = forms.CharField(
        label=_("了解到什么"),
        max_length=300,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("经办人照样收到提醒；到期还没有办好，会再提醒"),
    )

    @classmethod
    def of(cls, most: int, data=None) -> "QuietForm":
        """Return the form with the most days that may be chosen."""
        form = cls(data, initial={"days": min(3, most)})
        form.fields["days"].max_value = most
        form.fields["days"].widget.attrs["max"] = most
        return form


class SecondCallForm(forms.Form):
    """What a resident said when the street rang again; nothing chosen beforehand."""

    outcome = forms.ChoiceField(
        label=_("居民这次怎么说"), choices=SecondCall.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("说了什么"),
        max_length=280,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不一样的要写一句；不写姓名、电话、住处"),
    )
