"""Shapes of live question sessions."""

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import DistrictRole, User
from pairing.models import Agency
from voices.forms import CommunityField, TopicField, line, several_lines
from voices.models import Answerer, Leader

MOST_LEADERS = 3
_MOMENT = {"type": "datetime-local"}
_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


def _moment(label) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=_FORMATS)


def _leaders():
    now = DistrictRole.objects.now().filter(role=DistrictRole.Role.LEADER)
    return User.objects.filter(is_active=True, pk__in=now.values("user")).order_by("name")


class AnnounceForm(forms.Form):
    title = line(label=_("谈什么"), max_length=60)
    about = several_lines(3, label=_("说明"), max_length=500, required=False)
    starts_at = _moment(_("开始"))
    ends_at = _moment(_("结束"))

    def clean(self) -> dict:
        given = super().clean()
        begin, end = given.get("starts_at"), given.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", _("结束要晚于开始。"))
        return given


class LeaderForm(forms.Form):
    """One who answers: by their account, or by name; with a secretary who may write for them (代办)."""

    user = forms.ModelChoiceField(
        label=_("领导的账号"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("没有账号"),
    )
    name = line(label=_("姓名和职务"), max_length=40, required=False)
    agency = forms.ModelChoiceField(
        label=_("单位"), queryset=Agency.objects.all(), required=False, empty_label=_("区里")
    )
    secretary = forms.CharField(
        label=_("代办人的用户名"), max_length=150, required=False, help_text=_("替领导写下回答")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = _leaders()

    def clean_secretary(self) -> User | None:
        username = self.cleaned_data["secretary"]
        if not username:
            return None
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有这个用户。"))
        return found

    def clean(self) -> dict:
        given = super().clean()
        if (given.get("agency") or given.get("secretary")) and not (
            given.get("user") or given.get("name")
        ):
            self.add_error("name", _("请写姓名，或选账号。"))
        if given.get("name") and not (given.get("user") or given.get("secretary")):
            self.add_error("secretary", _("没有账号的领导，要有代办人来写。"))
        return given

    def leader(self) -> Leader | None:
        given = self.cleaned_data
        user = given.get("user")
        name = given.get("name") or (user.name if user else "")
        if not name:
            return None
        return Leader(
            name=name, user=user, agency=given.get("agency"), secretary=given.get("secretary")
        )


class _LeaderForms(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.leaders():
            raise forms.ValidationError(_("请写明至少一位作答的领导。"))

    def leaders(self) -> list[Leader]:
        found = (form.leader() for form in self.forms if hasattr(form, "cleaned_data"))
        return [leader for leader in found if leader]


LeaderForms = formset_factory(
    LeaderForm,
    formset=_LeaderForms,
    extra=MOST_LEADERS,
    max_num=MOST_LEADERS,
    absolute_max=MOST_LEADERS,
)


class PutForm(forms.Form):
    """A question from whoever asks."""

    text = several_lines(
        3, label=_("您想问什么"), max_length=500, help_text=_("不写姓名、电话、住处；看过后上页面")
    )
    community = CommunityField()


class QuestionAnswerForm(forms.Form):
    """A leader's answer; who writes for several of them says for whom."""

    answer = several_lines(3, label=_("回答"), max_length=1000)
    answerer = forms.ModelChoiceField(
        label=_("谁来回答"), queryset=Answerer.objects.none(), empty_label=None
    )

    def __init__(self, *args, choices=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if choices is not None:
            self.fields["answerer"].queryset = choices


class ToVoiceForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("请哪个单位接着办"), queryset=Agency.objects.all(), empty_label=_("请选一个单位")
    )
    topic = TopicField()
