"""How numbers are written on the wall."""

from django import template

from jiangdong.rates import Interval

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Write a number with a thin space at the thousands: 3 826."""
    return f"{number:,}".replace(",", "\N{THIN SPACE}")


@register.filter
def percent(interval: Interval | None) -> str:
    """Write a share: 90.2%."""
    return f"{interval.percent:.1f}%" if interval else "—"


@register.filter
def between(interval: Interval) -> str:
    """Write an interval: 86.1%–93.0%."""
    return f"{interval.low:.1f}%–{interval.high:.1f}%"


@register.filter
def svg(number: float) -> str:
    """Write a measure for a drawing, whatever the language's decimal sign."""
    return f"{number:.2f}"
