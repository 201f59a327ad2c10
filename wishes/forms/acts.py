"""The shapes of what people say when they move a wish, or ask for something about it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.models import Cadre
from wishes.models import Wish
from wishes.validators import no_control_characters
from wishes.workflow import Asked, EndedBy, How, Kind, PauseReason, Rating, ReferTo, Visibility


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


class LookForm(forms.Form):
    why = forms.CharField(label=_("为什么要看"), max_length=200, validators=[no_control_characters])
