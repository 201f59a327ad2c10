"""Robots of group chats (DingTalk, WeCom, Feishu): reading the address of one, and saying something through it.

apprise knows how each wants to be spoken to. Of an address that somebody hands in only the token is kept,
and only a token of the right shape; where messages go is apprise's to know. Nobody can make the portal call
a place of their choosing. Only the worker speaks here: a robot may take its time, or be gone.
"""

import logging
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import requests

# Every message begins with it: these robots can be set to take only what holds a certain word.
KEYWORD = "江东365"
# Seconds to reach a robot, and to wait for its answer.
CONNECT, READ = 3, 5

# Their words hold addresses, and an address is all one needs to speak through a robot.
for talkative in ("apprise", "urllib3"):
    logging.getLogger(talkative).setLevel(logging.CRITICAL)


class Unsaid(Exception):
    """A robot did not take a message.

    Attributes:
        reason: a short word without any address: `timeout`, `unreachable`, `http-500`, `error-310000`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Robot:
    """One kind of robot: what its addresses look like, and what apprise calls it."""

    address: re.Pattern
    module: str
    plugin: str
    argument: str


UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ROBOTS = {
    "dingtalk": Robot(
        re.compile(
            r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-f]{64})",
            re.ASCII | re.IGNORECASE,
        ),
        "dingtalk",
        "NotifyDingTalk",
        "token",
    ),
    "wecom": Robot(
        re.compile(
            rf"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=({UUID})",
            re.ASCII | re.IGNORECASE,
        ),
        "wecombot",
        "NotifyWeComBot",
        "key",
    ),
    "feishu": Robot(
        re.compile(
            rf"https://open\.feishu\.cn/open-apis/bot/v2/hook/({UUID})/?", re.ASCII | re.IGNORECASE
        ),
        "feishu",
        "NotifyFeishu",
        "token",
    ),
}


def read_address(address: str) -> tuple[str, str] | None:
    """Return the kind of robot and its token, or None for anything that is no address of a robot."""
    for kind, robot in ROBOTS.items():
        if match := robot.address.fullmatch(address):
            return kind, match.group(1)
    return None


def say(*, kind: str, token: str, text: str) -> None:
    """Say something through a robot, and come back once it has taken it.

    Raises:
        Unsaid: it did not answer in time, cannot be reached, or refused.
    """
    robot = ROBOTS[kind]
    speaker = _plugin(kind)(
        **{robot.argument: token}, cto=CONNECT, rto=READ, redirect=False, verify=True
    )
    if not speaker.notify(body=f"{KEYWORD}：{text}"):
        raise Unsaid("unsent")


@cache
def _plugin(kind: str) -> Any:
    """Return apprise's class for this kind of robot, made to hear the answers. Importing it takes a while."""
    module = import_module(f"apprise.plugins.{ROBOTS[kind].module}")
    module.requests = _Listening()
    return getattr(module, ROBOTS[kind].plugin)


class _Listening:
    """`requests` for apprise's plugins, which look at the status alone: these robots refuse with a 200."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    @staticmethod
    def post(url: str, **options: Any) -> requests.Response:
        # The errors' own words hold the address: nothing of them goes on.
        try:
            answer = requests.post(url, **options)  # noqa: S113 - apprise hands the timeout in
        except requests.Timeout:
            raise Unsaid("timeout") from None
        except requests.RequestException:
            raise Unsaid("unreachable") from None
        _require_taken(answer)
        return answer


def _require_taken(answer: requests.Response) -> None:
    if answer.status_code != requests.codes.ok:
        raise Unsaid(f"http-{answer.status_code}")
    try:
        facts = answer.json()
        code = int(facts.get("errcode", facts.get("code", facts.get("StatusCode"))))
    except (ValueError, TypeError, AttributeError):
        raise Unsaid("no-robot") from None
    if code:
        raise Unsaid(f"error-{code}")
