"""Robots that people set up in tests, and where these are pointed."""

import datetime as dt

from accounts.models import User
from jiangdong import clock
from notices import actions, robots
from notices.groups import Group
from notices.models import Channel, Notice, Sending

PLACES = {
    "dingtalk": ("https://oapi.dingtalk.com/robot/send?access_token=", "ab12" * 16),
    "wecom": (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "693a91f6-7124-4bc4-97a0-0ec2c0ffee01",
    ),
    "feishu": (
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
        "ce4d2a3f-98d5-4b7e-8a56-1f00c0ffee02",
    ),
}
ADDRESSES = {kind: place + token for kind, (place, token) in PLACES.items()}
HEARD_AT = {
    "dingtalk": "/robot/send?access_token={token}",
    "wecom": "/cgi-bin/webhook/send?key={key}",
    "feishu": "/open-apis/bot/v2/hook/{token}/",
}


def point_at(monkeypatch, base: str) -> None:
    """Let apprise speak to this machine where it would speak to the services' own."""
    for kind, path in HEARD_AT.items():
        monkeypatch.setattr(robots._plugin(kind), "notify_url", base + path)


def robot(by: User, kind: str = "dingtalk", *, group: Group | None = None, n: int = 0) -> Channel:
    address = ADDRESSES[kind][:-1] + format(n, "x")
    return actions.add_channel(address=address, by=by, group=group)


def tell(*people: User, title: str = "有人接了", **facts) -> list[Notice]:
    facts = {"kind": "claimed", "body": "理由里有居民的话", "url": "/wishes/QT-0001/", **facts}
    return actions.notify(to=people, title=title, **facts)


def agency_of(cast) -> Group:
    return Group("agency", cast.places.jy.pk)


def on_the_clock(**time) -> clock.at:
    return clock.at(clock.now() + dt.timedelta(**time))


def states() -> list[tuple[str, int]]:
    return list(Sending.objects.order_by("pk").values_list("state", "attempts"))
