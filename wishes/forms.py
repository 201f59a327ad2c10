"""Shapes of what people write about wishes; the rules are in `policy` and `actions`."""

import datetime as dt
import uuid

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Cadre, Consent, Details
from wishes.models import Campaign, Draft, Wish
from wishes.validators import no_control_characters, not_in_the_past
from wishes.workflow import (
    Asked,
    EndedBy,
    How,
    Kind,
    PauseReason,
    Rating,
    ReferTo,
    Source,
    SuitsWhen,
    Takes,
    Visibility,
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


def _reason(help_text="") -> forms.CharField:
    return forms.CharField(
        label=_("说明原因"),
        max_length=300,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
    )


class ReasonForm(forms.Form):
    """A move that must say why."""

    reason = _reason()


class PublishForm(forms.Form):
    visibility = forms.ChoiceField(
        label=_("谁看得到"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        initial=Visibility.PUBLIC,
    )


class ClaimForm(forms.Form):
    for_branch = forms.BooleanField(label=_("替支部认领，两个工作日内定经办人"), required=False)
    together = forms.BooleanField(label=_("请大家一起办"), required=False)
    share = forms.IntegerField(label=_("我来几份"), required=False, min_value=1, max_value=999)

    def clean_share(self) -> int:
        return self.cleaned_data["share"] or 1


class JoinForm(forms.Form):
    share = forms.IntegerField(
        label=_("我来几份"), required=False, min_value=1, max_value=999, initial=1
    )

    def clean_share(self) -> int:
        return self.cleaned_data["share"] or 1


class PauseForm(forms.Form):
    """Why the clock is to stop, and until when."""

    waits_for = forms.ChoiceField(
        label=_("等什么"), choices=PauseReason.choices, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("等到哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = _reason(_("说一句为什么，社区会转告居民"))


class AskForm(forms.Form):
    """What one asks a second person for."""

    what = forms.ChoiceField(choices=Asked.choices, widget=forms.HiddenInput)
    reason = _reason()

    @classmethod
    def for_(cls, what: str, data=None, **kwargs) -> "AskForm":
        """Return the form of one kind of request."""
        shape = AskExtendForm if what == Asked.EXTEND else cls
        return shape(data, initial={"what": what}, **kwargs)


class AskExtendForm(AskForm):
    until = forms.DateField(
        label=_("延到哪一天"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class RefuseForm(forms.Form):
    what = forms.ChoiceField(choices=Asked.choices, widget=forms.HiddenInput)
    reason = _reason()


class LikelyForm(forms.Form):
    """What is written so far of a wish, as far as it says whether it is there already."""

    title = forms.CharField(max_length=40)
    detail = forms.CharField(max_length=500, required=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    phone = forms.CharField(max_length=30, required=False)


class MergeForm(forms.Form):
    """Which wish it is the same as, by its code; `wishes` are those whom this person may name."""

    into = forms.ModelChoiceField(
        label=_("和哪一件是同一件"),
        queryset=Wish.objects.none(),
        to_field_name="code",
        widget=forms.TextInput(attrs={"maxlength": 16, "autocomplete": "off"}),
        help_text=_("写那一件的编号，要是本社区的"),
        error_messages={"invalid_choice": _("本社区没有这个编号的心愿。")},
    )

    def __init__(self, *args, wishes=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if wishes is not None:
            self.fields["into"].queryset = wishes


class ToldForm(forms.Form):
    """A word to the resident, which their page shows."""

    told = forms.CharField(
        label=_("告诉居民的话"),
        max_length=200,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("居民会读到，不写姓名、电话、住处"),
    )


class ReferForm(ToldForm):
    """Whom it is given to; what is a voice has a page of its own, which makes one."""

    to = forms.ChoiceField(
        label=_("转给谁"),
        choices=[choice for choice in ReferTo.choices if choice[0] != ReferTo.VOICE],
        widget=forms.RadioSelect,
    )
    receipt = forms.CharField(
        label=_("对方的受理编号"),
        max_length=60,
        validators=[no_control_characters],
        help_text=_("没有编号就写谁接的、哪一天"),
    )
    field_order = ("to", "receipt", "told")


class EndForm(forms.Form):
    ended_by = forms.ChoiceField(label=_("因为"), choices=EndedBy.choices, widget=forms.RadioSelect)


class HandlerField(forms.ModelChoiceField):
    """A colleague; `why` says by their id why they fit, to those who may know."""

    why: dict[int, str] = {}

    def label_from_instance(self, cadre: Cadre) -> str:
        return " · ".join(filter(None, (str(cadre), (self.why or {}).get(cadre.pk))))


class AssignForm(forms.Form):
    """Who is to handle it; `choices` are those whom this person may name, `why` says of some why they fit."""

    handler = HandlerField(
        label=_("交给谁办"), queryset=Cadre.objects.none(), empty_label=_("请选一位")
    )

    def __init__(self, *args, choices=None, why=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if choices is not None:
            self.fields["handler"].queryset = choices
        self.fields["handler"].why = why


class FulfilForm(forms.Form):
    note = forms.CharField(
        label=_("办了什么"),
        max_length=500,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("居民会读到，如：周五上午陪着去配好了药"),
    )
    photo = forms.FileField(
        label=_("照片"),
        required=False,
        help_text=_("拍东西，不拍人脸"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )


class ConfirmForm(forms.Form):
    """The resident's word, taken down by somebody else; nothing chosen beforehand."""

    rating = forms.ChoiceField(
        label=_("居民怎么说"), choices=Rating.choices, widget=forms.RadioSelect
    )
    how = forms.ChoiceField(
        label=_("怎样问到的"),
        choices=[choice for choice in How.choices if choice[0] != How.SCAN],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("居民的原话"),
        max_length=300,
        required=False,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


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


class LookForm(forms.Form):
    why = forms.CharField(label=_("为什么要看"), max_length=200, validators=[no_control_characters])
