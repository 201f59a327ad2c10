"""Every sealed text of the portal: which keys they need, and sealing them anew with the newest."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.db import models, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import StrIndex, Substr

from jiangdong import keys
from jiangdong.privacy import phone_index, seal, unseal
from notices.models import Channel
from pairing.models import Resident
from voices.models import VoiceKey
from wishes.models import Intake, ResidentLink

BATCH = 200


@dataclass(frozen=True)
class Column:
    """A column of sealed texts; `also` sets what else of a row depends on a key, and names those columns."""

    model: type[models.Model]
    name: str
    also: Callable[[models.Model, dict[str, str]], tuple[str, ...]] | None = None

    @property
    def rows(self) -> models.QuerySet:
        return self.model._base_manager.exclude(**{self.name: ""})

    def by_old_keys(self) -> models.QuerySet:
        """Keep the rows that another key than the newest sealed."""
        return self.rows.exclude(**{f"{self.name}__startswith": f"{keys.newest()}:"})


def _index(resident: Resident, facts: dict[str, str]) -> tuple[str, ...]:
    resident.phone_index = phone_index(facts.get("phone", ""), resident.community_id)
    return ("phone_index",)


COLUMNS = (
    Column(Resident, "sealed", also=_index),
    Column(ResidentLink, "sealed_token"),
    Column(VoiceKey, "sealed_token"),
    Column(Channel, "sealed"),
    Column(Intake, "sealed"),
)


def in_use() -> Counter[int]:
    """Return how many sealed texts each version of the key has; version 0 has those from before versions."""
    found: Counter[int] = Counter()
    for column in COLUMNS:
        versions = column.rows.annotate(
            version=Substr(column.name, 1, StrIndex(F(column.name), Value(":")))
        )
        for prefix, count in versions.values_list("version").annotate(Count("pk")):
            found[keys.version_of(prefix)] += count
    return found


@dataclass
class Done:
    """How one batch went: rows sealed anew, and ids of rows that no key at hand opens."""

    rows: int
    unreadable: list[int]


def reseal(column: Column, *, everything: bool = False) -> Iterator[Done]:
    """Seal with the newest key what older keys sealed, or everything, batch by batch in the order of ids.

    Safe while the portal runs: rows are locked for the length of a batch. Those that somebody else holds are
    left out, for the caller to come again; with `everything`, which shows no sign of what is done, waited for.
    Safe to stop: what is done carries the newest version.
    """
    after = 0
    todo = column.rows if everything else column.by_old_keys()
    todo = todo.select_for_update(skip_locked=not everything, of=("self",))
    while batch := _reseal_batch(column, todo.filter(pk__gt=after)):
        after, done = batch
        yield done


def _reseal_batch(column: Column, todo: models.QuerySet) -> tuple[int, Done] | None:
    with transaction.atomic():
        rows = list(todo.order_by("pk")[:BATCH])
        if not rows:
            return None
        changed, columns, unreadable = [], (), []
        for row in rows:
            try:
                facts = unseal(getattr(row, column.name))
            except (InvalidToken, ValueError):
                unreadable.append(row.pk)
                continue
            setattr(row, column.name, seal(facts))
            columns = (column.name, *(column.also(row, facts) if column.also else ()))
            changed.append(row)
        if changed:
            column.model._base_manager.bulk_update(changed, columns)
    return rows[-1].pk, Done(len(changed), unreadable)
