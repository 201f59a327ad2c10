"""Rows that may be a wish which is there already: said, and left to the worker."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from jiangdong.privacy import phone_index
from wishes.intake.checking import Remark, Row
from wishes.models import Wish
from wishes.workflow import BEFORE_PUBLIC, UNDER_WAY

ALIKE = 0.7  # shared pairs of characters among all pairs
COMMON = 300  # a pair that more wishes hold says little


def grams_of(text: str) -> frozenset[str]:
    """Return the pairs of letters, digits and characters in a text, however it is punctuated."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


class Open:
    """The wishes of some communities that are not settled, to be compared with."""

    def __init__(self, communities: Iterable[int]) -> None:
        rows = (
            Wish.objects.live()
            .filter(community__in=communities, state__in=(*BEFORE_PUBLIC, *UNDER_WAY))
            .values_list("community_id", "code", "title", "resident__phone_index")
        )
        self.wishes = [(code, grams_of(title), index) for _community, code, title, index in rows]
        self.places: dict[tuple[int, str], list[int]] = {}
        for at, (community, _code, _title, _index) in enumerate(rows):
            for gram in self.wishes[at][1]:
                self.places.setdefault((community, gram), []).append(at)

    def point_out(self, row: Row) -> None:
        """Warn when one of them is much like a row, unless it is plainly somebody else's."""
        grams = grams_of(row.draft.title)
        index = phone_index(row.draft.details.phone, row.community.pk)
        shared: dict[int, int] = {}
        for gram in grams:
            holders = self.places.get((row.community.pk, gram), ())
            for at in holders if len(holders) <= COMMON else ():
                shared[at] = shared.get(at, 0) + 1
        for at, count in shared.items():
            code, theirs, their_index = self.wishes[at]
            alike = count / len(grams | theirs) >= ALIKE
            if alike and not (index and their_index and index != their_index):
                message = _("和 %(code)s 很像，看看是不是同一件") % {"code": code}
                row.warnings.append(Remark(row.number, "", message))
                return
