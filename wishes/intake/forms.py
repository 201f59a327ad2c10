"""What is asked of people about an uploaded list."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wishes.intake.columns import FIELDS, Layout


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("选一份表格"),
        help_text=_("xlsx 或 csv，最多 5 MB、10 000 行"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ColumnsForm(forms.Form):
    """Which column is which: one choice for each head of the list."""

    CHOICES = [("", _("不用这一列")), *((name, label) for name, (label, _words) in FIELDS.items())]

    def __init__(self, layout: Layout, data=None) -> None:
        super().__init__(data)
        fields = {column: name for name, column in layout.columns.items()}
        for at, head in enumerate(layout.heads):
            if head:
                self.fields[f"column{at}"] = forms.ChoiceField(
                    label=head, choices=self.CHOICES, required=False, initial=fields.get(at, "")
                )

    def clean(self) -> dict:
        given = super().clean()
        chosen = [name for name in given.values() if name]
        twice = {name for name in chosen if chosen.count(name) > 1}
        if twice:
            labels = "、".join(str(FIELDS[name][0]) for name in sorted(twice))
            raise ValidationError(_("「%(labels)s」选了两列，请只留一列。") % {"labels": labels})
        if "title" not in chosen:
            raise ValidationError(_("请说明哪一列是心愿。"))
        return given

    def columns(self) -> dict[str, int]:
        """Return field -> column."""
        return {
            name: int(key.removeprefix("column")) for key, name in self.cleaned_data.items() if name
        }
