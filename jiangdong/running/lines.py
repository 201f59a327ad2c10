"""The operator's figures judged: each a line in green, amber or red, with what to do about it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import heartbeats
from jiangdong import keys
from jiangdong.running import sealed
from jiangdong.running.figures import Figures
from notices.quiet import is_quiet

GREEN, AMBER, RED = "green", "amber", "red"
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
SWEEPS = range(8, 20)  # hours, each five minutes past


@dataclass(frozen=True)
class Line:
    """One thing that is all right, or not."""

    label: str
    light: str
    said: str
    todo: str = ""

    @property
    def in_words(self) -> str:
        """Return the light as a word: colour alone tells not everybody."""
        return {GREEN: _("正常"), AMBER: _("留意"), RED: _("要处理")}[self.light]


def judge(now: Figures) -> list[Line]:
    """Return every line, in the order in which an operator looks; what to do only where something is amiss."""
    lines = [
        _done(now, heartbeats.BACKUP, _("备份"), 26 * HOUR, 3 * DAY, _backup_todo()),
        _done(now, heartbeats.ANCHOR, _("存证"), 26 * HOUR, 2 * DAY, _anchor_todo()),
        _anchor_mail(now),
        _sweep(now),
        _late(now),
        _done(now, heartbeats.DELIVER, _("后台任务"), 5 * MINUTE, 15 * MINUTE, _worker_todo()),
        _queue(now),
        _undelivered(now),
        _given_up(now),
        _robots(now),
        _done(now, heartbeats.ERASE, _("到期删除"), 26 * HOUR, 3 * DAY, _worker_todo()),
        _kept_too_long(now),
        _disk(now),
        _keys(),
        _holidays(now),
    ]
    return [line for line in lines if line]


def _backup_todo() -> str:
    return _("运行 manage.py backup，再看定时备份为什么没有做。")


def _anchor_todo() -> str:
    return _("看 worker 和 beat 是否在运行；日志里找 anchor_trail。")


def _worker_todo() -> str:
    return _("看 worker 和 beat 是否在运行，数据库和消息队列是否连得上。")


def _graded(value: Any, amber: Any, red: Any) -> str:
    """Return the light of something of which less is better: amber from one value on, red from another."""
    return RED if value >= red else AMBER if value >= amber else GREEN


def _line(label: str, light: str, said: str, todo: str) -> Line:
    return Line(label, light, said, "" if light == GREEN else todo)


def _done(
    now: Figures, name: str, label: str, amber: dt.timedelta, red: dt.timedelta, todo: str
) -> Line:
    beat = now.beats.get(name)
    if beat is None:
        return Line(label, RED, _("还没有做过"), todo)
    said = f"{timezone.localtime(beat.at):%Y-%m-%d %H:%M}"
    return _line(label, _graded(now.at - beat.at, amber, red), said, todo)


def _anchor_mail(now: Figures) -> Line | None:
    beat = now.beats.get(heartbeats.ANCHOR)
    if not settings.ANCHOR_MAIL:
        todo = _("设 ANCHOR_MAIL，让存证每晚也寄到外面的邮箱。")
        return Line(_("存证的邮件"), AMBER, _("没有设收件人"), todo)
    if beat is None:
        return None
    if beat.detail.endswith("not mailed"):
        return Line(_("存证的邮件"), AMBER, _("没有寄出"), _("看邮件服务器的设置。"))
    return Line(_("存证的邮件"), GREEN, _("寄出了"))


def _sweep(now: Figures) -> Line:
    label, todo = _("查找到期事项"), _worker_todo()
    beat = now.beats.get(heartbeats.SWEEP)
    if beat is None:
        return Line(label, RED, _("还没有做过"), todo)
    missed = _last_sweep_due(now.at - 10 * MINUTE) - beat.at
    said = f"{timezone.localtime(beat.at):%Y-%m-%d %H:%M}"
    return _line(label, _graded(missed, dt.timedelta(microseconds=1), 3 * HOUR), said, todo)


def _last_sweep_due(moment: dt.datetime) -> dt.datetime:
    """Return when the timetable last wanted a sweep."""
    due = timezone.localtime(moment - 5 * MINUTE).replace(minute=5, second=0, microsecond=0)
    while due.hour not in SWEEPS:
        due -= HOUR
    return due


def _late(now: Figures) -> Line:
    said = ngettext("%(n)s 条", "%(n)s 条", now.reminders_late) % {"n": now.reminders_late}
    return _line(_("该提醒而没有提醒的"), _graded(now.reminders_late, 1, 1), said, _worker_todo())


def _queue(now: Figures) -> Line:
    label = _("排队的任务")
    if now.queue is None:
        todo = _("消息队列连不上：看 Valkey 是否在运行。页面照常可用，邮件会晚些发。")
        return Line(label, RED, _("连不上"), todo)
    said = _("%(n)s 个") % {"n": now.queue}
    return _line(label, _graded(now.queue, 100, 1000), said, _worker_todo())


def _undelivered(now: Figures) -> Line:
    minutes = int(now.oldest_undelivered / MINUTE)
    light = GREEN if is_quiet(now.at) else _graded(now.oldest_undelivered, 15 * MINUTE, 2 * HOUR)
    said = _("%(n)s 分钟") % {"n": minutes} if minutes else _("没有在等的")
    todo = _("看邮件服务器是否连得上，worker 是否在运行。")
    return _line(_("等得最久的邮件"), light, said, todo)


def _given_up(now: Figures) -> Line:
    said = _("七天里 %(n)s 封") % {"n": now.mail_given_up}
    todo = _("多半是邮箱写错了：日志里的 notice 编号指出是哪几条；消息仍在各人的收件箱里。")
    return _line(_("没能发出的邮件"), _graded(now.mail_given_up, 1, 20), said, todo)


def _robots(now: Figures) -> Line:
    said = _("%(n)s 个发不出去") % {"n": now.robots_failing}
    todo = _("门户 → 群机器人里排在最前面的，请它的主人重新填；消息仍在各人的收件箱里。")
    return _line(_("群机器人"), _graded(now.robots_failing, 1, 20), said, todo)


def _kept_too_long(now: Figures) -> Line:
    said = _("%(n)s 位") % {"n": now.kept_too_long}
    todo = _("运行 worker 和 beat；每天 3:20 删除到期的居民信息。")
    return _line(_("过期还没有删的居民信息"), _graded(now.kept_too_long, 1, 1), said, todo)


def _disk(now: Figures) -> Line:
    used = 100 - 100 * now.disk_free // now.disk_total
    said = _("剩 %(free)s GB，用了 %(used)s%%") % {
        "free": f"{now.disk_free / 1024**3:.1f}",
        "used": used,
    }
    todo = _("删掉旧备份，或者换大一点的磁盘。")
    return _line(_("磁盘"), _graded(used, 85, 95), said, todo)


def _keys() -> Line:
    label, in_use, newest = _("居民信息的密钥"), sealed.in_use(), keys.newest()
    lost = sum(n for v, n in in_use.items() if v and v not in settings.RESIDENT_KEYS)
    old = sum(n for v, n in in_use.items() if v != newest) - lost
    if lost:
        said = _("%(n)s 条要用的密钥不在 RESIDENT_KEYS 里") % {"n": lost}
        return Line(
            label, RED, said, _("把那一把加回 RESIDENT_KEYS，再运行 manage.py rotate_keys。")
        )
    if old:
        said = _("第 %(v)s 把；还有 %(n)s 条用着旧的") % {"v": newest, "n": old}
        return Line(label, AMBER, said, _("运行 manage.py rotate_keys。"))
    return Line(label, GREEN, _("第 %(v)s 把，共 %(n)s 条") % {"v": newest, "n": in_use.total()})


def _holidays(now: Figures) -> Line:
    day = timezone.localdate(now.at)
    soon = (day + 30 * DAY).year
    light = RED if day.year > now.holidays_until else AMBER if soon > now.holidays_until else GREEN
    todo = _("升级 chinesecalendar；在那以前只按周末算工作日。")
    return _line(_("节假日安排"), light, _("知道到 %(y)s 年") % {"y": now.holidays_until}, todo)
