"""Rows that may be a wish which is there already: said, and left to the worker."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jiangdong.privacy import phone_index
from wishes.intake.checking import Remark, Row
from wishes.likeness import ALIKE, Words
from wishes.models import Wish
from wishes.workflow import BEFORE_PUBLIC, UNDER_WAY

COMMON = 300  # a piece that more wishes hold says little


class Open:
    """The wishes of some communities that are not settled, to be compared with."""

    def __init__(self, communities: Iterable[int]) -> None:
        rows = (
            Wish.objects.live()
            .filter(community__in=communities, state__in=(*BEFORE_PUBLIC, *UNDER_WAY))
            .values_list("community_id", "code", "title", "detail", "resident__phone_index")
        )
        self.wishes: list[tuple[str, Words, str | None]] = []
        self.places: dict[tuple[int, str], list[int]] = {}
        for at, (community, code, title, detail, index) in enumerate(rows):
            self.wishes.append((code, Words(title, detail), index))
            for piece in self.wishes[at][1].title:
                self.places.setdefault((community, piece), []).append(at)

    def point_out(self, row: Row) -> None:
        """Warn when one of them is much like a row, unless it is plainly somebody else's."""
        words = Words(row.draft.title, row.draft.detail)
        index = phone_index(row.draft.details.phone, row.community.pk)
        for at in self._near(row.community.pk, words):
            code, theirs, their_index = self.wishes[at]
            elsewhere = index and their_index and index != their_index
            if not elsewhere and words.likeness_to(theirs) > ALIKE:
                message = _("和 %(code)s 很像，看看是不是同一件") % {"code": code}
                row.warnings.append(Remark(row.number, "", message))
                return

    def _near(self, community: int, words: Words) -> list[int]:
        """Return those whose title holds one of these pieces, in the order in which they were logged."""
        found: set[int] = set()
        for piece in words.all:
            holders = self.places.get((community, piece), ())
            found.update(holders if len(holders) <= COMMON else ())
        return sorted(found)
