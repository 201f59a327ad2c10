"""Where apps above say what else of a resident they hold, so that erasing reaches it."""

from collections.abc import Callable

from pairing.models import Resident

Follower = Callable[[Resident], None]
followers: list[Follower] = []


def also(follower: Follower) -> Follower:
    """Register a function that erases what its app holds of a resident, inside the same transaction.

    It runs before the resident's row is locked, and locks rows of its own in the order of their ids.
    """
    followers.append(follower)
    return follower
