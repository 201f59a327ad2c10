"""Shapes of what people write about voices; the rules are in `policy` and `actions`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pairing.models import Agency, Community, Details
from voices import codes
from voices.models import Draft, Topic, Voice
from voices.publicity import complaints_in
from voices.workflow import Asker, Channel, How, Rating
from wishes.validators import no_control_characters, one_line

BY_ONESELF = (Asker.RESIDENT, Asker.ENTERPRISE, Asker.ANONYMOUS)


def line(**kwargs: Any) -> forms.CharField:
    return forms.CharField(validators=[one_line], **kwargs)


def several_lines(rows: int = 3, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(validators=[no_control_characters], widget=widget, **kwargs)


class TopicField(forms.ModelChoiceField):
    """Topics that are offered, those under another one with its name in front."""

    def __init__(self, **kwargs: Any) -> None:
        offered = Topic.objects.filter(offered=True).select_related("parent")
        offered = offered.order_by("parent__position", "parent__pk", "position", "pk")
        kwargs = {"label": _("主题"), "required": False, "empty_label": _("还不好分"), **kwargs}
        super().__init__(queryset=offered, **kwargs)

    def label_from_instance(self, topic: Topic) -> str:
        return f"{topic.parent.name} · {topic.name}" if topic.parent_id else topic.name


class CommunityField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "label": _("哪个社区"),
            "required": False,
            "empty_label": _("全区，或者说不准"),
            **kwargs,
        }
        super().__init__(queryset=Community.objects.all(), **kwargs)


class WordsForm(forms.Form):
    """What every voice begins with."""

    title = line(
        label=_("什么事，一句话"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": _("如：小区门口路灯坏了半个月")}),
    )
    text = several_lines(4, label=_("说具体些"), max_length=1000, required=False)
    community = CommunityField()
    topic = TopicField()
    enterprise = line(label=_("企业名称"), max_length=60, required=False)


class SayForm(WordsForm):
    """The public page's: by name, for an enterprise, or by nobody. Nothing is ticked beforehand."""

    asker = forms.ChoiceField(
        label=_("您是"),
        choices=[
            (Asker.RESIDENT, _("居民")),
            (Asker.ENTERPRISE, _("企业")),
            (Asker.ANONYMOUS, _("不愿具名")),
        ],
        widget=forms.RadioSelect,
    )
    may_publish = forms.BooleanField(
        label=_("可以让大家看到这件事和答复"),
        help_text=_("不含姓名和电话；不勾也照样办"),
        required=False,
    )
    name = line(label=_("称呼"), max_length=40, required=False)
    phone = line(
        label=_("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    contact = forms.BooleanField(
        label=_("同意记下联系方式，由社区和答复单位联系我"),
        help_text=_("办完 180 天后删去"),
        required=False,
    )

    def clean_title(self) -> str:
        return self._fit("title")

    def clean_text(self) -> str:
        return self._fit("text")

    def _fit(self, name: str) -> str:
        """Refuse what gives somebody away; whoever wants no name has not given it by mistake either."""
        given = self.cleaned_data[name]
        if complaints := complaints_in(given):
            raise forms.ValidationError(complaints)
        return given

    def clean(self) -> dict:
        given = super().clean()
        reach = bool(given.get("name") or given.get("phone"))
        asker = given.get("asker")
        if asker == Asker.ANONYMOUS and (reach or given.get("contact")):
            self.add_error("asker", _("不愿具名的，请不要填称呼和电话；要留，就选居民或企业。"))
        elif reach and not given.get("contact"):
            self.add_error("contact", _("没有您的同意，我们不能记下称呼和电话。"))
        elif reach and not given.get("community"):
            self.add_error("community", _("留了联系方式，请选是哪个社区，由社区来联系。"))
        if asker == Asker.ENTERPRISE and not given.get("enterprise"):
            self.add_error("enterprise", _("请写明是哪家企业。"))
        return given

    @property
    def is_unnamed(self) -> bool:
        return self.cleaned_data["asker"] == Asker.ANONYMOUS

    def slip(self) -> dict[str, Any]:
        """Return what is dropped into the letterbox."""
        return {
            name: self.cleaned_data[name]
            for name in ("title", "text", "community", "topic", "may_publish")
        }

    def draft(self) -> Draft:
        given = self.cleaned_data
        words = ("title", "text", "asker", "community", "enterprise", "topic", "may_publish")
        return Draft(
            channel=Channel.FORUM,
            details=Details(name=given["name"], phone=given["phone"]),
            consented=given["contact"],
            **{name: given[name] for name in words},
        )


class NoteForm(WordsForm):
    """A colleague's: what somebody said at a door, on the telephone, in a talk."""

    channel = forms.ChoiceField(
        label=_("从哪里听来的"), choices=Channel.choices, widget=forms.RadioSelect
    )
    asker = forms.ChoiceField(label=_("谁提的"), choices=Asker.choices, widget=forms.RadioSelect)
    may_publish = forms.BooleanField(
        label=_("提的人同意公开这件事和答复"), help_text=_("不含姓名和电话"), required=False
    )
    name = line(label=_("称呼"), max_length=40, required=False)
    phone = line(
        label=_("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    contact = forms.BooleanField(label=_("提的人同意记下联系方式"), required=False)

    def __init__(self, *args, own: Community | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._own = own
        if own:
            del self.fields["community"]

    def draft(self) -> Draft:
        given = self.cleaned_data
        words = ("title", "text", "channel", "asker", "enterprise", "topic", "may_publish")
        return Draft(
            community=self._own or given.get("community"),
            details=Details(name=given["name"], phone=given["phone"]),
            consented=given["contact"],
            **{name: given[name] for name in words},
        )


class EditForm(WordsForm):
    """The words, before an agency is asked."""

    @classmethod
    def of(cls, voice: Voice) -> "EditForm":
        return cls(initial={name: getattr(voice, name) for name in cls.base_fields})


class AskForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("请哪个单位答复"), queryset=Agency.objects.all(), empty_label=_("请选一个单位")
    )
    topic = TopicField()
    public = forms.BooleanField(
        label=_("公开这件事和答复"), help_text=_("要提的人同意"), required=False
    )
    urgent = forms.BooleanField(label=_("加急，当天答复"), required=False)

    @classmethod
    def of(cls, voice: Voice, **kwargs: Any) -> "AskForm":
        """Return the form with what is known; what its asker did not agree to is not asked."""
        initial = {"topic": voice.topic_id, "urgent": voice.urgent}
        form = cls(initial=initial, **kwargs)
        if not voice.may_publish:
            del form.fields["public"]
        return form


class HandOnForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("转给哪个单位"), queryset=Agency.objects.all(), empty_label=_("请选一个单位")
    )
    reason = several_lines(2, label=_("说明原因"), max_length=300)


class ReasonForm(forms.Form):
    """A move that must say why."""

    reason = several_lines(2, label=_("说明原因"), max_length=300)


class AnswerForm(forms.Form):
    answer = several_lines(
        4,
        label=_("答复"),
        max_length=1000,
        help_text=_("提的人会读到；公开的大家都会读到，不写姓名、电话、住处"),
    )


class SettleForm(forms.Form):
    settlement = several_lines(
        3, label=_("怎样办结的"), max_length=1000, help_text=_("如：周三换了四盏路灯，都亮了")
    )


class RateForm(forms.Form):
    """The asker's word, taken down by somebody else; nothing chosen beforehand."""

    rating = forms.ChoiceField(
        label=_("提的人怎么说"), choices=Rating.choices, widget=forms.RadioSelect
    )
    how = forms.ChoiceField(
        label=_("怎样问到的"),
        choices=[choice for choice in How.choices if choice[0] != How.ONESELF],
        widget=forms.RadioSelect,
    )
    words = several_lines(2, label=_("原话"), max_length=300, required=False)


class OwnRateForm(forms.Form):
    """The asker's own answer."""

    rating = forms.ChoiceField(
        label=_("您觉得办得怎么样"), choices=Rating.choices, widget=forms.RadioSelect
    )
    words = several_lines(3, label=_("想说的话"), max_length=300, required=False)


class OwnReopenForm(forms.Form):
    reason = several_lines(3, label=_("还差什么"), max_length=300, required=False)


class OwnWordForm(forms.Form):
    text = several_lines(3, label=_("再写几句"), max_length=500)


class CodeForm(forms.Form):
    """The code that was shown once; typed in any way that leaves its characters."""

    code = forms.CharField(
        label=_("回执码"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not codes.looks_like_one(code):
            raise forms.ValidationError(_("回执码是 12 个字母和数字，请再看一看。"))
        return code


class LookForm(forms.Form):
    why = line(label=_("为什么要看"), max_length=200)


class TellForm(forms.Form):
    """What the resident was told when a wish becomes a voice."""

    told = several_lines(
        2,
        label=_("怎样和居民说的"),
        max_length=300,
        help_text=_("如：这件事归城管局，已经转去，三个工作日内给答复"),
    )
