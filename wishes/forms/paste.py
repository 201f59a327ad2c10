"""What a worker pastes from a chat group, and the rows that are read out of it to be looked over."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.models import Consent, Details
from wishes.models import Draft
from wishes.passage import MOST_ROWS, Noted
from wishes.validators import no_control_characters, not_in_the_past
from wishes.workflow import Kind

LONGEST = 8000


class PasteForm(forms.Form):
    passage = forms.CharField(
        label=_("群里的话"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "autofocus": True}),
        help_text=_("在微信里多选、复制，贴到这里；一次不超过 8000 字"),
    )


def _line(label, length: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=False, validators=[no_control_characters]
    )


class RowForm(forms.Form):
    """One wish that was read out of a passage. Only a ticked row becomes a draft; no consent is ticked beforehand.

    Without the resident's word their details are not kept, whatever stands in the fields: they were typed into a
    group by somebody, and not told to the portal.
    """

    keep = forms.BooleanField(label=_("记成草稿"), required=False)
    title = forms.CharField(
        label=_("心愿一句话"), max_length=40, validators=[no_control_characters]
    )
    kind = forms.ChoiceField(label=_("哪一类"), choices=Kind.choices)
    detail = forms.CharField(
        label=_("再说几句"),
        max_length=500,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(
        label=_("希望什么时候前"),
        required=False,
        validators=[not_in_the_past],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    estimate = forms.DecimalField(
        label=_("大约多少钱（元）"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    for_child = forms.BooleanField(label=_("为孩子"), required=False)
    name = _line(_("称呼"), 40)
    phone = _line(_("电话"), 30)
    address = _line(_("住处"), 80)
    contact = forms.BooleanField(label=_("问过本人，同意记下来、可以联系"), required=False)
    publish = forms.BooleanField(label=_("问过本人，同意公开心愿"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    WORDS = ("title", "kind", "detail", "due_on", "estimate", "for_child")
    DETAILS = ("name", "phone", "address")

    def draft(self) -> Draft:
        """Return the row as a wish to be written down."""
        given = self.cleaned_data
        details = {name: given[name] for name in self.DETAILS} if given["contact"] else {}
        consents = {Consent.Kind.CONTACT: given["contact"], Consent.Kind.PUBLISH: given["publish"]}
        return Draft(
            **{name: given[name] for name in self.WORDS},
            details=Details(**details),
            consents=frozenset(str(kind) for kind, nod in consents.items() if nod),
        )

    def left_out(self) -> bool:
        """Say whether there are details that are not kept."""
        given = self.cleaned_data
        return not given["contact"] and any(given[name] for name in self.DETAILS)


class BaseRows(forms.BaseFormSet):
    """The rows; what is wrong with one that is not ticked is nobody's concern."""

    def ticked(self) -> list[RowForm]:
        return [row for row in self.forms if row["keep"].data]

    def is_fit(self) -> bool:
        """Say whether every ticked row can be written down."""
        self.is_valid()
        return self.management_form.is_valid() and all(row.is_valid() for row in self.ticked())


Rows = forms.formset_factory(
    RowForm, formset=BaseRows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def rows_of(noted: list[Noted]) -> BaseRows:
    """Return rows filled with what was read, ticked, each with a key of its own; sending them twice logs them once."""
    return Rows(initial=[{**vars(one), "keep": True, "key": uuid.uuid4()} for one in noted])
