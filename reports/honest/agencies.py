"""Agencies that claim and do not finish: told in the customary order, never by how bad it looks."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiangdong.rates import Rate
from pairing.models import Agency
from reports.figures import Figure, figures_by
from reports.models import Explained
from wishes.lists import long_ago

SLUG = "unfinished"
LABEL = gettext_lazy("认领了迟迟没办好")
LOOKS_FOR = gettext_lazy(
    "认领满 30 天的心愿里，还没有说办好、也没有退回的所占的比例；连 95% 区间的低端也在三成以上的单位。"
    "等一等的不算没办好。不到 10 件的不作比较。"
)
MAY_BE = gettext_lazy("认领的都是费工夫的事、办好了还没有来得及记，会这样。")
LEAST = 30.0  # percent, which even the low end of the interval reaches


@dataclass(frozen=True)
class Unfinished:
    """An agency of whose claims many are neither fulfilled nor given back; the share opens to the list."""

    agency: Agency
    share: Rate

    @property
    def subject(self) -> int:
        return self.agency.pk

    @property
    def said(self) -> str:
        facts = {"yes": self.share.yes.number, "of": self.share.of.number}
        return _("认领满 30 天的 %(of)s 件里，%(yes)s 件还没有说办好") % facts


@dataclass(frozen=True)
class Agencies:
    """Those found, and how many have too few claims to say anything."""

    found: list[Unfinished]
    few: int


def unfinished() -> Agencies:
    """Ask for every agency at once, in two queries. An explanation holds as long as a claim takes to count here."""
    shares = {
        pk: _share(row)
        for pk, row in figures_by("agency", "unfinished", "long_claimed").items()
        if pk is not None
    }
    striking = [pk for pk, share in shares.items() if share.is_enough and is_striking(share)]
    explained = Explained.objects.filter(check_slug=SLUG, at__gte=long_ago())
    agencies = (
        Agency.objects.filter(pk__in=striking)
        .exclude(pk__in=explained.values("subject"))
        .order_by("position", "code")
    )
    few = sum(1 for share in shares.values() if share.of.number and not share.is_enough)
    return Agencies([Unfinished(agency, shares[agency.pk]) for agency in agencies], few)


def is_striking(share: Rate) -> bool:
    return share.interval is not None and share.interval.low >= LEAST


def _share(row: dict[str, Figure]) -> Rate:
    return Rate(LABEL, LOOKS_FOR, row["unfinished"], row["long_claimed"])
