"""Someone answers for something for a term."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Trailed
from jiangdong.terms import RangeOperators, Term
from pairing.models.agencies import Agency
from pairing.models.places import Community
from pairing.querysets import PairingQuerySet


class Responsibility(Term, Trailed):
    """A holder answers for a subject for a term; each kind adds its holder, its subject and an exclusion constraint."""

    class Meta:
        abstract = True


class Pairing(Responsibility):
    """An agency answers for a community (结对). A community has one agency on any day; an agency may have several."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="pairings", verbose_name=_("单位")
    )
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, related_name="pairings", verbose_name=_("社区")
    )

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("结对")
        verbose_name_plural = _("结对")
        constraints = (
            ExclusionConstraint(
                name="community_has_one_agency_a_day",
                expressions=[
                    ("community", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间里这个社区已有结对单位。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency} – {self.community}"
