"""The shape of a wish as it is written down at the doorstep."""

import datetime as dt
import uuid

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Consent, Details
from wishes.models import Campaign, Draft, Wish
from wishes.validators import no_control_characters, not_in_the_past
from wishes.workflow import (
    Kind,
    Source,
    SuitsWhen,
    Takes,
)


class Soon(TextChoices):
    """How people say by when; `last_day` says which day that is."""

    THIS_WEEK = "this_week", _("这周")
    NEXT_WEEK = "next_week", _("下周")
    THIS_MONTH = "this_month", _("这个月")
    A_DAY = "a_day", _("选日子")

    def last_day(self, today: dt.date) -> dt.date | None:
        """Return the last day of the stretch: a Sunday, or the month's last; None where a day is chosen."""
        sunday = today + dt.timedelta(days=6 - today.weekday())
        next_month = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return {
            Soon.THIS_WEEK: sunday,
            Soon.NEXT_WEEK: sunday + dt.timedelta(days=7),
            Soon.THIS_MONTH: next_month - dt.timedelta(days=1),
        }.get(self)


class LogForm(forms.Form):
    """A wish at the doorstep: one sentence, a kind and the resident's nod are all that is needed."""

    title = forms.CharField(
        label=_("心愿一句话"),
        max_length=40,
        validators=[no_control_characters],
        widget=forms.TextInput(
            attrs={"placeholder": _("如：想有人陪着去医院配一次药"), "autofocus": True}
        ),
    )
    kind = forms.ChoiceField(label=_("哪一类"), choices=Kind.choices, widget=forms.RadioSelect)
    detail = forms.CharField(
        label=_("再说几句"),
        max_length=500,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("大家看得到，不写姓名、电话、住处"),
    )
    soon = forms.ChoiceField(
        label=_("希望什么时候前"),
        choices=Soon.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("不选就是公开后 7 个工作日"),
    )
    due_on = forms.DateField(
        label=_("哪一天"),
        required=False,
        validators=[not_in_the_past],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    for_child = forms.BooleanField(label=_("为孩子"), required=False)
    sensitive = forms.BooleanField(label=_("比较敏感，请同事复核后再公开"), required=False)
    suits_when = forms.ChoiceField(
        label=_("什么时候方便"),
        choices=SuitsWhen.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    takes = forms.ChoiceField(
        label=_("要多久"), choices=Takes.choices, required=False, widget=forms.RadioSelect
    )
    estimate = forms.DecimalField(
        label=_("大约多少钱（元）"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text=_("不用花钱写 0"),
    )
    money_source = forms.ChoiceField(
        label=_("钱从哪里来"),
        choices=[("", _("还不知道")), *Source.choices],
        required=False,
    )
    for_group = forms.BooleanField(label=_("大家的心愿，由一位代表"), required=False)
    campaign = forms.ModelChoiceField(
        label=_("节日慰问"),
        queryset=Campaign.objects.festivals(),
        to_field_name="slug",
        required=False,
        empty_label=_("不是节日慰问"),
        help_text=_("成批送的选这一次，另外计数"),
    )
    goal = forms.IntegerField(
        label=_("一共要几份"),
        required=False,
        min_value=2,
        max_value=999,
        help_text=_("可以几个人分着办的才填，如 10 把椅子"),
    )
    name = forms.CharField(
        label=_("称呼"), max_length=40, required=False, validators=[no_control_characters]
    )
    phone = forms.CharField(
        label=_("电话"),
        max_length=30,
        required=False,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("住处"), max_length=80, required=False, validators=[no_control_characters]
    )
    note = forms.CharField(
        label=_("要留心的"),
        max_length=200,
        required=False,
        validators=[no_control_characters],
        help_text=_("如：耳朵不好，敲门要响"),
    )
    contact = forms.BooleanField(
        label=_("同意记下来，可以联系本人"), help_text=_("口头同意就可以"), required=False
    )
    publish = forms.BooleanField(
        label=_("同意公开心愿"), help_text=_("不含姓名、电话、住处"), required=False
    )
    consent_sensitive = forms.BooleanField(
        label=_("涉及健康或孩子，本人或监护人单独同意"), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    WORDS = (
        "title",
        "kind",
        "detail",
        "due_on",
        "suits_when",
        "takes",
        "estimate",
        "money_source",
        "for_child",
        "sensitive",
        "for_group",
        "goal",
    )

    def clean(self) -> dict:
        given = super().clean()
        if any(given.get(name) for name in ("name", "phone", "address", "note")) and not given.get(
            "contact"
        ):
            self.add_error("contact", _("没有本人同意，不能记下姓名、电话或住处。"))
        soon = given.get("soon")
        if soon and soon != Soon.A_DAY:
            given["due_on"] = Soon(soon).last_day(clock.today())
        return given

    @classmethod
    def blank(cls) -> "LogForm":
        """Return an empty form with a key of its own, so that sending it twice logs one wish."""
        return cls(initial={"key": uuid.uuid4()})

    @classmethod
    def of(cls, wish: Wish, details: Details, data=None) -> "LogForm":
        """Return the form of a draft, filled with what is kept."""
        given = set(wish.resident.consents.values_list("kind", flat=True))
        initial = {
            **{name: getattr(wish, name) for name in cls.WORDS},
            **vars(details),
            "soon": Soon.A_DAY if wish.due_on else "",
            "contact": Consent.Kind.CONTACT in given,
            "publish": Consent.Kind.PUBLISH in given,
            "consent_sensitive": Consent.Kind.SENSITIVE in given,
        }
        return cls(data, initial=initial)

    def draft(self) -> Draft:
        """Return the wish as it was written down."""
        given = self.cleaned_data
        ticked = {
            Consent.Kind.CONTACT: given["contact"],
            Consent.Kind.PUBLISH: given["publish"],
            Consent.Kind.SENSITIVE: given["consent_sensitive"],
        }
        return Draft(
            **{name: given[name] for name in self.WORDS},
            campaign=given["campaign"],
            details=Details(**{name: given[name] for name in ("name", "phone", "address", "note")}),
            consents=frozenset(str(kind) for kind, nod in ticked.items() if nod),
        )
