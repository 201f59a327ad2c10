"""Shapes of what people write about topics of the month."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Agency
from wishes.models.monthly import first_of
from wishes.templatetags.wish_words import month_in_words
from wishes.validators import no_control_characters, not_in_the_past

DAYS_AHEAD = 31  # by when, unless said otherwise


class TopicForm(forms.Form):
    """A topic of this month or the next."""

    month = forms.TypedChoiceField(label=_("哪个月"), coerce=dt.date.fromisoformat)
    title = forms.CharField(
        label=_("题目"),
        max_length=40,
        validators=[no_control_characters],
        help_text=_("大家都看得到"),
    )
    why = forms.CharField(
        label=_("为什么要办"),
        max_length=500,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(
        label=_("牵头单位"), queryset=Agency.objects.all(), empty_label=_("请选一个单位")
    )
    due_on = forms.DateField(
        label=_("什么时候前办结"),
        validators=[not_in_the_past],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        this = first_of(clock.today())
        months = (this, first_of(this + dt.timedelta(days=31)))
        self.fields["month"].choices = [
            (month.isoformat(), month_in_words(month)) for month in months
        ]
        self.fields["due_on"].initial = clock.today() + dt.timedelta(days=DAYS_AHEAD)


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("办成了什么"),
        max_length=500,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("大家都看得到"),
    )
