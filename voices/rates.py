"""The three rates that practice judges by, for voices."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jiangdong.rates import Rate
from voices.figures import Figure

COUNTED = ("asked", "standing", "in_time", "confirmed", "satisfied")


def rates_of(counted: Mapping[str, Figure]) -> list[Rate]:
    """Return 响应率, 解决率 and 满意率 of figures that hold all of COUNTED."""
    return [
        Rate(
            _("响应率"),
            _("头一次交办后 3 个工作日内答复的（加急的当天），占交给单位的"),
            counted["in_time"],
            counted["asked"],
        ),
        Rate(
            _("解决率"),
            _("提的人评过的，占交给单位、没有撤回的"),
            counted["confirmed"],
            counted["standing"],
        ),
        Rate(
            _("满意率"),
            _("提的人说满意的，占评过的"),
            counted["satisfied"],
            counted["confirmed"],
        ),
    ]
