"""The ladder above 催办: 督办单 and 通报, which people issue, and the word that lets reminders rest for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from pairing.models import Agency
from wishes.models.wish import Wish
from wishes.workflow import IN_HAND, UNDER_WAY, Rung, State

# Nobody is asked about a wish that left its way.
ASKED_ABOUT = (*UNDER_WAY, State.CLOSED, State.UNREACHED)


class EscalationQuerySet(models.QuerySet):
    """督办单 and 通报."""

    def orders(self) -> "EscalationQuerySet":
        return self.filter(step=Rung.SUPERVISE)

    def bulletins(self) -> "EscalationQuerySet":
        return self.filter(step=Rung.CIRCULATE)

    def unanswered(self) -> "EscalationQuerySet":
        """Keep what still waits for its agency's answer."""
        return self.filter(answered_at__isnull=True, wish__state__in=ASKED_ABOUT)

    def of_agency(self, agency_id: int) -> "EscalationQuerySet":
        return self.filter(agency=agency_id)

    def visible_to(self, standing) -> "EscalationQuerySet":
        """Keep what this person may read.

        A 通报 is for everybody of the agencies, communities and the district. A 督办单 is its agency's, of an
        association the liaison's alone; of the wish's community and street; and of who watches over the district.
        """
        of_agency = standing.is_agency_staff or standing.is_liaison
        if standing.roles & {"supervisor", "supervision_group"}:
            return self
        seen = Q(pk__in=[])
        if of_agency or standing.community_id or "leader" in standing.roles:
            seen |= Q(step=Rung.CIRCULATE)
        if of_agency:
            seen |= Q(agency=standing.agency_id)
        if standing.community_id:
            seen |= Q(wish__community=standing.community_id)
        if standing.street_id:
            seen |= Q(wish__community__street=standing.street_id)
        return self.filter(seen)


class Escalation(models.Model):
    """One 督办单 or 通报 about one wish, to the agency that answers for it, and that agency's answer.

    `ground` is what the portal knows, in a sentence, as it was on the day of issue; `text` is the issuer's own words.
    A 通报 stands `after` the 督办单 that did not help. Neither names a person.
    """

    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, related_name="escalations")
    step = models.CharField(_("文种"), max_length=10, choices=Rung.choices)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    after = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="bulletin"
    )
    ground = models.CharField(max_length=300)
    text = models.CharField(_("要求"), max_length=500)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("发出时间"), default=clock.now)
    answer_by = models.DateField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办和通报")
        verbose_name_plural = _("督办和通报")
        constraints = (
            models.CheckConstraint(name="escalation_is_known", condition=Q(step__in=Rung.values)),
            models.UniqueConstraint(
                name="escalation_number_is_its_own", fields=["step", "year", "serial"]
            ),
            models.CheckConstraint(
                name="escalation_bulletin_stands_after_an_order",
                condition=Q(step=Rung.SUPERVISE, after__isnull=True)
                | Q(step=Rung.CIRCULATE, after__isnull=False),
            ),
            models.UniqueConstraint(
                name="escalation_order_waits_once",
                fields=["wish", "agency"],
                condition=Q(step=Rung.SUPERVISE, answered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="escalation_is_answered_whole",
                condition=Q(
                    answered_at__isnull=True,
                    answered_on__isnull=True,
                    answered_by__isnull=True,
                    answer="",
                )
                | Q(
                    ~Q(answer=""),
                    answered_at__isnull=False,
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="escalation_is_answered_by_another",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("issued_by")),
            ),
        )
        indexes = (
            models.Index(
                name="escalation_waiting",
                fields=["answer_by"],
                condition=Q(answered_at__isnull=True),
            ),
            models.Index(name="escalation_of_agency", fields=["agency", "-issued_at"]),
            models.Index(name="escalation_newest", fields=["step", "-issued_at"]),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("wishes:order", args=[self.pk])

    @property
    def number(self) -> str:
        """Return its number as documents are numbered: 督办〔2026〕3号."""
        word = gettext("督办") if self.step == Rung.SUPERVISE else gettext("通报")
        return gettext("%(word)s〔%(year)s〕%(serial)s号") % {
            "word": word,
            "year": self.year,
            "serial": self.serial,
        }

    @property
    def is_late(self) -> bool:
        """Say whether its answer did not come by the day it was asked for."""
        return (self.answered_on or clock.today()) > self.answer_by

    @property
    def is_answerable(self) -> bool:
        """Say whether an answer is still waited for; see `unanswered`."""
        return self.answered_at is None and self.wish.state in ASKED_ABOUT

    @property
    def may_be_circulated(self) -> bool:
        """Say whether this 督办单 did not help: its day is over, and its answer missing, late, or the wish undone."""
        if self.step != Rung.SUPERVISE or clock.today() <= self.answer_by:
            return False
        undone = self.wish.state in (State.OPEN, *IN_HAND)
        return self.is_late or undone


class Quiet(models.Model):
    """Somebody asked after a late wish (已电话了解): reminders to the street and supervisors rest `until` a day.

    The claimant's own reminders go on.
    """

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="quiets")
    reason = models.CharField(_("了解到什么"), max_length=300, blank=True)
    until = models.DateField(_("管到哪一天"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="quiet_once_until_a_day", fields=["wish", "until"]),
        )
        indexes = (models.Index(name="quiet_until", fields=["until"]),)

    def __str__(self) -> str:
        return f"{self.wish_id} {self.until:%Y-%m-%d}"

    @property
    def holds(self) -> bool:
        """Say whether reminders still rest."""
        return self.until >= clock.today()
