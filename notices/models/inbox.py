"""Messages to people, what reminders found due, and the numbers supervisors changed."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong import clock
from notices.querysets import DueLineQuerySet, NoticeQuerySet

# A path of this portal; "//host" and "/\host" would lead elsewhere.
LOCAL_PATH = r"^/([^/\\].*)?$"


class Notice(models.Model):
    """A message to one person, and how far its mail got.

    A digest is the notice that gathers a person's due lines of one day; `digest_day` says which.
    """

    class Mail(models.TextChoices):
        PENDING = "pending", _("待发")
        SENT = "sent", _("已发")
        NONE = "none", _("不发邮件")
        FAILED = "failed", _("没发出去")

    DIGEST = "digest"

    # No index of its own: the inbox's begins with it.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    thing_kind = models.CharField(max_length=40, blank=True)
    thing_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    digest_day = models.DateField(null=True, blank=True)

    mail_state = models.CharField(max_length=10, choices=Mail.choices)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = (
            models.CheckConstraint(
                name="notice_mail_state_is_known",
                condition=models.Q(mail_state__in=["pending", "sent", "none", "failed"]),
            ),
            models.CheckConstraint(
                name="notice_is_sent_at_a_time",
                condition=models.Q(mail_state="sent", sent_at__isnull=False)
                | (~models.Q(mail_state="sent") & models.Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="notice_digest_has_a_day",
                condition=models.Q(kind="digest", digest_day__isnull=False)
                | (~models.Q(kind="digest") & models.Q(digest_day__isnull=True)),
            ),
            models.CheckConstraint(
                name="notice_thing_is_whole",
                condition=models.Q(thing_kind="", thing_id__isnull=True)
                | (~models.Q(thing_kind="") & models.Q(thing_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="notice_url_is_a_path_of_ours",
                condition=models.Q(url="") | models.Q(url__regex=LOCAL_PATH),
            ),
            models.UniqueConstraint(
                name="notice_one_digest_a_day",
                fields=["recipient", "digest_day"],
                condition=models.Q(digest_day__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="notice_inbox", fields=["recipient", "-created_at", "-id"]),
            models.Index(
                name="notice_unread", fields=["recipient"], condition=models.Q(read_at__isnull=True)
            ),
            models.Index(
                name="notice_undelivered",
                fields=["not_before"],
                condition=models.Q(mail_state="pending"),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_digest(self) -> bool:
        return self.digest_day is not None

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


class DueLine(models.Model):
    """One thing that fell due for one person: a row of their next digest.

    `day` is the day on which the reminder was due, not the day of the sweep that found it, so that a
    late sweep tells what was missed and a second sweep tells nothing twice.
    """

    reminder = models.SlugField(max_length=40)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.BigIntegerField()
    day = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="due_lines"
    )
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=200)
    act = models.CharField(max_length=40)
    url = models.CharField(max_length=300)
    urgency = models.SmallIntegerField(default=0)
    digest = models.ForeignKey(
        Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="lines"
    )

    objects = DueLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("到期事项")
        verbose_name_plural = _("到期事项")
        constraints = (
            models.UniqueConstraint(
                name="due_line_is_told_once",
                fields=["reminder", "thing_kind", "thing_id", "day", "recipient"],
            ),
            models.CheckConstraint(
                name="due_line_url_is_a_path_of_ours", condition=models.Q(url__regex=LOCAL_PATH)
            ),
        )
        indexes = (
            models.Index(
                name="due_line_waiting",
                fields=["reminder"],
                condition=models.Q(digest__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.what}：{self.why}"


class ReminderSetting(Trailed):
    """What a supervisor changed about a reminder. Without a row the numbers in the code hold."""

    reminder = models.SlugField(_("提醒"), max_length=40, unique=True)
    offsets = ArrayField(models.SmallIntegerField(), verbose_name=_("第几个工作日"))
    enabled = models.BooleanField(_("开启"), default=True)
    changed_at = models.DateTimeField(_("改动时间"), default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("谁改的"),
    )

    class Meta:
        verbose_name = _("提醒设置")
        verbose_name_plural = _("提醒设置")
        constraints = (
            models.CheckConstraint(
                name="reminder_setting_has_a_few_offsets",
                condition=models.Q(offsets__len__gte=1, offsets__len__lte=8),
            ),
        )

    def __str__(self) -> str:
        return self.reminder
