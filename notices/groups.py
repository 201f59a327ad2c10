"""Groups of people that a robot may speak to, such as an agency: apps above say which there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When

from accounts.models import User


@dataclass(frozen=True)
class Group:
    """One group: its kind, its id within the kind, and its name where that was asked."""

    kind: str
    id: int
    name: str = ""


@dataclass(frozen=True)
class GroupKind:
    """A kind of group.

    Attributes:
        slug: the name under which its robots are kept; never changed.
        heading: what a person who keeps its robots reads above them.
        kept_by: the group of this kind whose robots a person keeps today.
        all: every group of this kind, with a `name`.
    """

    slug: str
    heading: Any
    kept_by: Callable[[User], Group | None]
    all: Callable[[], QuerySet]


REGISTRY: dict[str, GroupKind] = {}


def register(kind: GroupKind) -> None:
    """Add a kind of group.

    Raises:
        ValueError: the slug is taken.
    """
    if kind.slug in REGISTRY:
        raise ValueError(f"there is a kind of group {kind.slug!r} already")
    REGISTRY[kind.slug] = kind


def kept_by(user: User) -> list[Group]:
    """Return the groups whose robots a person keeps today."""
    groups = (kind.kept_by(user) for kind in REGISTRY.values())
    return [group for group in groups if group is not None]


def name_of_group() -> Case:
    """Return the expression for a group's name over rows with `group_kind` and `group_id`."""
    return Case(
        *(
            When(group_kind=slug, then=Subquery(_named(kind.all())))
            for slug, kind in REGISTRY.items()
        ),
        default=Value(""),
        output_field=CharField(),
    )


def _named(groups: QuerySet) -> QuerySet:
    return groups.filter(pk=OuterRef("group_id")).order_by().values("name")[:1]
