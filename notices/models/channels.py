"""Robots of group chats that messages also go to, and what each was to say."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock
from notices.models.inbox import Notice
from notices.querysets import ChannelQuerySet, SendingQuerySet

OF_A_PERSON = models.Q(user__isnull=False, group_kind="", group_id__isnull=True)
OF_A_GROUP = models.Q(user__isnull=True, group_id__isnull=False) & ~models.Q(group_kind="")


class Channel(Trailed):
    """A robot that messages go to besides the inbox: a person's own, or a group's (`notices.groups`).

    Its token is sealed and never shown again; `tail` are the last four characters, by which its owner
    knows it. `failures` counts tries in a row that failed; until `not_before` it is left alone. One that
    never answers is stopped (`enabled` is False) until a trial goes through. Who removes one takes the
    token with it; the row stays for its trail.
    """

    class Kind(models.TextChoices):
        DINGTALK = "dingtalk", _("钉钉")
        WECOM = "wecom", _("企业微信")
        FEISHU = "feishu", _("飞书")

    kind = models.CharField(_("哪一种"), max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="channels",
        verbose_name=_("谁的"),
    )
    group_kind = models.SlugField(max_length=20, blank=True, db_index=False)
    group_id = models.BigIntegerField(null=True)
    sealed = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    tail = models.CharField(max_length=4)
    added_at = models.DateTimeField(_("添加时间"), default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("谁添的"),
    )
    removed_at = models.DateTimeField(null=True)

    enabled = models.BooleanField(_("开着"), default=True)
    trial_asked_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(_("最近一次发出"), null=True)
    last_failure_at = models.DateTimeField(_("最近一次没发出"), null=True)
    failures = models.PositiveSmallIntegerField(_("接连几次没发出"), default=0)
    problem = models.CharField(max_length=30, blank=True)
    not_before = models.DateTimeField(null=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("群机器人")
        verbose_name_plural = _("群机器人")
        constraints = (
            models.CheckConstraint(
                name="channel_kind_is_known",
                condition=models.Q(kind__in=["dingtalk", "wecom", "feishu"]),
            ),
            models.CheckConstraint(
                name="channel_has_one_owner", condition=OF_A_PERSON | OF_A_GROUP
            ),
            models.CheckConstraint(
                name="channel_keeps_a_token_until_removed",
                condition=(
                    models.Q(removed_at__isnull=True)
                    & ~models.Q(sealed="")
                    & ~models.Q(fingerprint="")
                )
                | models.Q(removed_at__isnull=False, enabled=False, sealed="", fingerprint=""),
            ),
            models.UniqueConstraint(
                name="channel_once_a_person",
                fields=["user", "fingerprint"],
                condition=models.Q(removed_at__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(
                name="channel_once_a_group",
                fields=["group_kind", "group_id", "fingerprint"],
                condition=models.Q(removed_at__isnull=True, user__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.tail}"

    @property
    def problem_in_words(self) -> Any:
        """Return why it took nothing the last time, for whoever set it up."""
        name, _dash, number = self.problem.partition("-")
        words = {
            "timeout": _("对方迟迟不应答"),
            "unreachable": _("连不上对方"),
            "http": _("对方出了错（%(number)s）"),
            "error": _("对方不收（%(number)s）：看看机器人还在不在，关键词设对了没有"),
            "sealed": _("地址读不出来了，请去掉再添一次"),
        }
        said = words.get(name, _("对方不收"))
        return said % {"number": number} if name in ("http", "error") else said


class Sending(models.Model):
    """One notice on its way to one robot, written in the transaction of the notice.

    A `discreet` one only says that there is something: its title is not for everybody's eyes.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("没发出去")

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="sendings", db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="sendings")
    discreet = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="sending_state_is_known",
                condition=models.Q(state__in=["pending", "sent", "failed"]),
            ),
            models.CheckConstraint(
                name="sending_is_sent_at_a_time",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
            ),
            # Its index begins with the notice, so the notice needs none of its own.
            models.UniqueConstraint(name="sending_once_a_channel", fields=["notice", "channel"]),
        )
        indexes = (
            models.Index(
                name="sending_pending",
                fields=["not_before"],
                condition=models.Q(state="pending"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.channel_id}"
