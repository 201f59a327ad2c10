"""A term as people enter and read it: a first day and a last one, which counts; no last day means for ever."""

import datetime as dt

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from jiangdong.terms import DateRange

DAY = dt.timedelta(days=1)


def last_day_of(term: DateRange) -> dt.date | None:
    """Return the last day that a term holds."""
    return term.upper - DAY if term.upper else None


def term_in_words(term: DateRange) -> str:
    """Say a term: 2026-03-10 起, or 2026-03-10 至 2026-12-31."""
    last = last_day_of(term)
    if last is None:
        return _("%(first)s 起") % {"first": term.lower}
    return _("%(first)s 至 %(last)s") % {"first": term.lower, "last": last}


class TermWidget(forms.MultiWidget):
    """Two of the browser's own day pickers, each with its word."""

    def __init__(self, attrs: dict | None = None) -> None:
        day = {**(attrs or {}), "type": "date"}
        super().__init__([UnfoldAdminTextInputWidget(day), UnfoldAdminTextInputWidget(day)])

    def decompress(self, value: DateRange | None) -> list[dt.date | None]:
        return [value.lower, last_day_of(value)] if value else [None, None]

    def render(self, name: str, value, attrs=None, renderer=None) -> str:
        days = value if isinstance(value, list) else self.decompress(value)
        fields = [
            format_html(
                "<label>{} {}</label>",
                word,
                widget.render(
                    name + suffix,
                    _iso(day),
                    {**(attrs or {}), "id": f"id_{name}{suffix}"},
                    renderer,
                ),
            )
            for word, widget, suffix, day in zip(
                (_("从"), _("到")), self.widgets, self.widgets_names, days, strict=True
            )
        ]
        return format_html('<div class="jd-term">{}{}</div>', *fields)


def _iso(day: dt.date | str | None) -> str | None:
    return day.isoformat() if isinstance(day, dt.date) else day


class TermField(forms.MultiValueField):
    """A first day, and a last one or none."""

    widget = TermWidget

    def __init__(self, **kwargs) -> None:
        if not kwargs.get("help_text"):  # a model field hands its empty one over
            kwargs["help_text"] = gettext_lazy("最后一天也算在内；不填就是没有期限。")
        fields = (
            forms.DateField(error_messages={"incomplete": gettext_lazy("请写明从哪一天起。")}),
            forms.DateField(required=False),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, days: list[dt.date | None]) -> DateRange | None:
        if not days or days[0] is None:
            return None
        first, last = days
        if last is not None and last < first:
            raise forms.ValidationError(_("最后一天不能早于第一天。"))
        if last == dt.date.max:
            raise forms.ValidationError(_("没有期限就不填最后一天。"))
        return DateRange(first, last + DAY if last else None, "[)")
