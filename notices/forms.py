"""Shapes of what is typed about notices."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from notices.robots import read_address


class OffsetsField(forms.CharField):
    """Whole numbers between commas of any kind, such as `-3, 0，1、3`."""

    widget = UnfoldAdminTextInputWidget

    def to_python(self, value) -> list[int]:
        text = (super().to_python(value) or "").replace("－", "-").replace("−", "-")
        words = [word for word in re.split(r"[,，、;；\s]+", text) if word]
        if not all(re.fullmatch(r"[+-]?[0-9]{1,3}", word) for word in words):
            raise forms.ValidationError(
                _("请写整数，用逗号隔开，比如 -3, 0, 1, 3。"), code="not_numbers"
            )
        return [int(word) for word in words]

    def prepare_value(self, value):
        return value if isinstance(value, str) else ", ".join(map(str, value or ()))


class ReminderForm(forms.Form):
    """The numbers of one reminder, as supervisors set them."""

    offsets = OffsetsField(
        label=_("第几个工作日提醒"),
        max_length=100,
        error_messages={"required": _("至少写一个数；不想提醒，就把它关掉。")},
    )
    enabled = forms.BooleanField(label=_("开启"), required=False, widget=UnfoldBooleanSwitchWidget)


class UpToForm(forms.Form):
    """The newest notice that was on the page when its reader pressed."""

    up_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class OnceInput(forms.TextInput):
    """A text that is typed and never shown again, not even beside what is wrong with it."""

    def format_value(self, value: Any) -> None:
        return None


class ChannelForm(forms.Form):
    """The address of a robot, pasted as the group chat shows it."""

    address = forms.CharField(
        label=_("机器人的地址（Webhook）"),
        max_length=300,
        widget=OnceInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_("从群里整条复制过来，以 https:// 开头。存下以后不再显示。"),
        error_messages={"required": _("请把机器人的地址贴进来。")},
    )

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if read_address(address) is None:
            raise forms.ValidationError(
                _("这不是钉钉、企业微信或飞书群机器人的地址，请整条复制，不要改动。"),
                code="bad_address",
            )
        return address
