"""The wall: what a supervisor sees first. A dozen queries, however many wishes there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from jiangdong.rates import ENOUGH, Rate
from pairing.models import Agency, Pairing
from reports.figures import Counted, Figure
from reports.first import first_rows
from reports.trend import trend
from reports.waiting import by_street, by_waiting, oldest_nod, waiting
from wishes.models import Campaign
from wishes.workflow import How

COUNTED = (
    "open",
    "unclaimed",
    "in_time",
    "claimed",
    "waiting",
    "late",
    "first",
    "nod",
    "reopened",
    "confirmed",
    "satisfied",
    "published",
    "answered",
    "standing",
    "declined",
    "batch",
    "unreached",
    "referred",
    "ended",
)
OF_AGENCIES = ("held", "fulfilled", "confirmed", "accountable")
OF_CAMPAIGNS = ("campaign", "campaign_claimed")


@dataclass(frozen=True)
class AgencyRow:
    """An agency's three figures, and the rate between the first and the last."""

    agency: Agency
    claimed: Figure
    fulfilled: Figure
    confirmed: Figure
    rate: Rate


@dataclass(frozen=True)
class Agencies:
    """Agencies in the customary order: those with cases enough to compare, those with few, paired ones with none."""

    compared: list[AgencyRow]
    few: list[AgencyRow]
    idle: list[Agency]


@dataclass(frozen=True)
class CampaignRow:
    """What an archived campaign collected, and how much of it was claimed."""

    campaign: Campaign
    collected: Figure
    claimed: Figure

    @property
    def is_all_claimed(self) -> bool:
        return self.collected.number == self.claimed.number


@dataclass(frozen=True)
class HowRow:
    """In how many cases the nod was given in one way."""

    label: Any
    figure: Figure


def context_for(request: HttpRequest) -> dict[str, Any]:
    """Return everything on the wall for whoever looks; what they may do is in the rows."""
    told = Counted(*dict.fromkeys((*COUNTED, *OF_AGENCIES, *OF_CAMPAIGNS)))
    counted = told.figures(*COUNTED)
    today = clock.today()
    rows, calm = waiting()
    is_sorted = request.GET.get("order") == "waiting"
    return {
        "title": _("今天要看的"),
        "today": today,
        "figures": counted,
        "settled": settled_rate(counted),
        "oldest_nod": oldest_nod(today),
        "first": first_rows(request.user),
        "rates": rates(counted),
        "enough": ENOUGH,
        "trend": trend(),
        "is_sorted": is_sorted,
        "waiting": by_waiting(rows) if is_sorted else by_street(rows),
        "calm": calm,
        "agencies": agencies(told),
        "how": how_rows(told),
        "campaigns": campaign_rows(told),
    }


def settled_rate(counted: dict[str, Figure]) -> Rate:
    return Rate(
        _("解决率"),
        _("居民点头的，占公开过、没有撤回的；办不了的、没联系上的也在里面"),
        counted["confirmed"],
        counted["standing"],
    )


def rates(counted: dict[str, Figure]) -> list[Rate]:
    """Return the three rates that practice judges by."""
    return [
        Rate(
            _("响应率"),
            _("公开后 7 个工作日内有人认领的，占公开过的"),
            counted["answered"],
            counted["published"],
        ),
        settled_rate(counted),
        Rate(
            _("满意率"),
            _("居民说满意的，占居民评过的"),
            counted["satisfied"],
            counted["confirmed"],
        ),
    ]


def agencies(counted: Counted) -> Agencies:
    """Tell what agencies hold, say is done, and are confirmed in. Never sorted by score. One query."""
    found = counted.by("agency", *OF_AGENCIES)
    paired = Exists(Pairing.objects.now().filter(agency=OuterRef("pk")))
    told = Agencies([], [], [])
    for agency in Agency.objects.annotate(is_paired=paired).order_by("position", "code"):
        if agency.pk in found:
            row = _agency_row(agency, *found[agency.pk].values())
            (told.compared if row.rate.is_enough else told.few).append(row)
        elif agency.is_paired:
            told.idle.append(agency)
    return told


def _agency_row(
    agency: Agency, held: Figure, fulfilled: Figure, confirmed: Figure, accountable: Figure
) -> AgencyRow:
    """What is still within its agreed days says nothing of an agency yet, so it is not in the rate."""
    counts = _("居民点头的，占说办好的和过了日子还没办好的")
    rate = Rate(_("居民点头率"), counts, confirmed, accountable)
    return AgencyRow(agency, held, fulfilled, confirmed, rate)


def how_rows(counted: Counted) -> list[HowRow]:
    """Return how the nods were given, each way apart."""
    found = counted.by("how", "confirmed")
    return [
        HowRow(
            how.label,
            found[how]["confirmed"] if how in found else Figure("confirmed", 0, "how", how),
        )
        for how in How
    ]


def campaign_rows(counted: Counted) -> list[CampaignRow]:
    """Return archived campaigns: they stand outside every other figure."""
    campaigns = list(Campaign.objects.filter(archived=True).order_by("pk"))
    if not campaigns:
        return []
    found = counted.by("campaign", *OF_CAMPAIGNS)
    return [
        CampaignRow(campaign, *found[campaign.pk].values())
        for campaign in campaigns
        if campaign.pk in found
    ]
