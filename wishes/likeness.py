"""How alike the words of two wishes are: what share of their telling two-character pieces they have in common.

Everybody begins with 想有人帮忙 and the like, so pieces with such a character tell nothing. The measure is the mean of
two shares: of each title's pieces those that the other's title or detail holds too. No model is trained for it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, FloatField, Func, TextField, Value

FILLER = "想要需请帮忙能不我你他她它的了个一些点把有人给让去来和跟在到希望盼着可以吗吧呢也就都还"
ALIKE = 0.5  # more than this is alike
AKIN = (
    0.2  # more than this is enough where something else speaks for it, such as the same telephone
)

_PIECES = ArrayField(TextField())


def telling(text: str) -> list[str]:
    """Return the two-character pieces of a text that say what it is about, lower-cased."""
    text = text.lower()
    pieces = {text[n : n + 2] for n in range(len(text) - 1)}
    return sorted(piece for piece in pieces if piece.isalnum() and not set(piece) & set(FILLER))


class Bigrams(Func):
    """The set of a text's two-character pieces, lower-cased: our database function `bigrams(text)`."""

    function = "bigrams"
    output_field = ArrayField(TextField())


class ShareFound(Func):
    """What share of the telling pieces of the first array the second holds, from 0 to 1; the third is FILLER."""

    output_field = FloatField()
    template = (
        "(SELECT coalesce(avg((piece = ANY(held.theirs))::int), 0)"
        " FROM (SELECT %(expressions)s) AS held(ours, theirs, filler), unnest(held.ours) AS piece"
        r" WHERE piece ~ '^\w\w$' AND piece !~ held.filler)"
    )


def likeness_to(title: str, detail: str = ""):
    """Return an expression for how like these words a wish is, from 0 to 1."""
    asked, held = telling(title), telling(f"{title}\n{detail}")
    filler = Value(f"[{FILLER}]")
    theirs_in_ours = ShareFound(Bigrams(F("title")), Value(held, output_field=_PIECES), filler)
    ours_in_theirs = ShareFound(Value(asked, output_field=_PIECES), F("grams"), filler)
    return (theirs_in_ours + ours_in_theirs) / Value(2.0)


class Words:
    """The telling pieces of one wish, to be compared with many without asking the database; the same measure."""

    __slots__ = ("all", "title")

    def __init__(self, title: str, detail: str = "") -> None:
        self.title = frozenset(telling(title))
        self.all = frozenset(telling(f"{title}\n{detail}"))

    def likeness_to(self, other: "Words") -> float:
        """Return how like another's words these are, from 0 to 1."""
        return (_share(self.title, other.all) + _share(other.title, self.all)) / 2


def _share(pieces: frozenset[str], held: frozenset[str]) -> float:
    return len(pieces & held) / len(pieces) if pieces else 0.0
