"""Accounts, and the district's own roles; what else a person is stands in `pairing`."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.trail import Trailed
from jiangdong import clock
from jiangdong.terms import RangeOperators, Term


def who_acted(**kwargs) -> models.ForeignKey:
    """Return a column for somebody who acted; no way back from the person, and never deleted away."""
    kwargs = {"null": True, "blank": True, **kwargs}
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **kwargs
    )


class User(Trailed, AbstractUser):
    """A person who signs in. Nobody is a superuser in normal running: rights come from roles.

    `password_set_on` is the day its owner chose the password; None means that somebody else gave
    it, and that its owner is to choose another before anything else.
    """

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("工作电话"), max_length=30, blank=True)
    password_set_on = models.DateField(null=True, default=clock.today, editable=False)

    REQUIRED_FIELDS = ("name",)

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class DistrictRole(Term):
    """A role for the whole district, held for a term."""

    class Role(models.TextChoices):
        SUPERVISOR = "supervisor", _("区督办")
        SUPERVISION_GROUP = "supervision_group", _("督导组")
        INSPECTOR = "inspector", _("检查组成员")
        LEADER = "leader", _("区领导")
        EDITOR = "editor", _("编辑")
        ADMINISTRATOR = "administrator", _("系统管理员")

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="district_roles", verbose_name=_("用户")
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("区级角色")
        verbose_name_plural = _("区级角色")
        constraints = (
            models.CheckConstraint(
                name="district_role_is_known",
                condition=models.Q(
                    role__in=[
                        "supervisor",
                        "supervision_group",
                        "inspector",
                        "leader",
                        "editor",
                        "administrator",
                    ]
                ),
            ),
            ExclusionConstraint(
                name="district_role_once_a_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间里已经是这个角色了。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
