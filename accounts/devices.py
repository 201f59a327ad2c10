"""What a browser says it is, in words: enough to tell one's own telephone from one's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that a browser's line holds; who pretends to be another comes before it.
SYSTEMS = (
    ("HarmonyOS", gettext_lazy("鸿蒙")),
    ("OpenHarmony", gettext_lazy("鸿蒙")),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", gettext_lazy("安卓")),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Kylin", gettext_lazy("麒麟")),
    ("UOS", gettext_lazy("统信")),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("DingTalk", gettext_lazy("钉钉")),
    ("wxwork", gettext_lazy("企业微信")),
    ("MicroMessenger", gettext_lazy("微信")),
    ("Lark", gettext_lazy("飞书")),
    ("QQBrowser", gettext_lazy("QQ 浏览器")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HuaweiBrowser", gettext_lazy("华为浏览器")),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def named(agent: str) -> str:
    """Return a device in words from its User-Agent line, such as 安卓，微信."""
    found = [_first(SYSTEMS, agent), _first(BROWSERS, agent)]
    return "，".join(str(name) for name in found if name) or _("认不出的设备")


def _first(names: tuple[tuple[str, object], ...], agent: str) -> object:
    return next((word for sign, word in names if sign in agent), "")
