"""Agencies, and the people who act for an agency or for a community."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangdong.terms import RangeOperators, Term
from pairing.models.places import CODE, Community, Street
from pairing.querysets import AgencyQuerySet, CadreQuerySet, WorkerQuerySet


class Agency(models.Model):
    """A unit (单位) that can answer for something: a department, a street office, an association."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("机关部门")
        STREET_OFFICE = "street_office", _("街道办事处")
        INSTITUTION = "institution", _("事业单位")
        ASSOCIATION = "association", _("社会团体")
        ENTERPRISE = "enterprise", _("企业")

    # Kinds whose people are agency staff: as claimants they may see a resident's details.
    STAFF_KINDS = ("department", "street_office", "institution")

    code = models.CharField(_("代码"), max_length=8, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(_("规范顺序"), default=0)
    street = models.OneToOneField(
        Street,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="office",
        verbose_name=_("街道"),
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                name="agency_kind_is_known",
                condition=models.Q(
                    kind__in=[
                        "department",
                        "street_office",
                        "institution",
                        "association",
                        "enterprise",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="agency_street_belongs_to_street_offices",
                condition=models.Q(kind="street_office", street__isnull=False)
                | (~models.Q(kind="street_office") & models.Q(street__isnull=True)),
                violation_error_message=_("街道办事处要写明街道，别的单位不写。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Cadre(Term):
    """A person who acts for an agency for a term: a cadre of a department, a member of an association."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="posts_as_cadre",
        verbose_name=_("用户"),
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="cadres", verbose_name=_("单位")
    )
    is_liaison = models.BooleanField(_("联络员"), default=False)
    specialities = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("专长"),
        default=list,
        blank=True,
        help_text=_("愿意帮哪几类心愿"),
    )
    registered_with = models.ForeignKey(
        Community,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registered_cadres",
        verbose_name=_("报到社区"),
    )

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = _("干部")
        verbose_name_plural = _("干部")
        constraints = (
            ExclusionConstraint(
                name="cadre_acts_for_one_agency_a_day",
                expressions=[("user", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                violation_error_message=_("这段时间里这个人已经在一个单位了。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.agency}"


class CommunityWorker(Term):
    """A person who works for a community for a term: a community worker, or a block warden."""

    class Duty(models.TextChoices):
        WORKER = "worker", _("社区工作者")
        WARDEN = "warden", _("网格员")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="posts_in_community",
        verbose_name=_("用户"),
    )
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, related_name="workers", verbose_name=_("社区")
    )
    duty = models.CharField(_("岗位"), max_length=10, choices=Duty.choices, default=Duty.WORKER)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("社区工作人员")
        verbose_name_plural = _("社区工作人员")
        constraints = (
            models.CheckConstraint(
                name="community_duty_is_known", condition=models.Q(duty__in=["worker", "warden"])
            ),
            ExclusionConstraint(
                name="worker_in_one_community_a_day",
                expressions=[("user", RangeOperators.EQUAL), ("term", RangeOperators.OVERLAPS)],
                violation_error_message=_("这段时间里这个人已经在一个社区了。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.community}"
