"""What a resident lets others read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wishes.validators import no_control_characters


class StoryForm(forms.Form):
    """Their words and their consent, asked for by itself and ticked by nobody else."""

    text = forms.CharField(
        label=_("您想让大家看到的话"),
        max_length=300,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不写姓名、电话、住处"),
    )
    agree = forms.BooleanField(
        label=_("我同意把这段话放到心愿墙上"),
        help_text=_("不写您的名字；随时可以在这里收回"),
        error_messages={"required": _("您不同意，我们就不放。")},
    )
