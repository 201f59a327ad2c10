"""Which wishes may become a story on the wall, and who looks the resident's words over."""

from pairing.standing import Standing
from wishes.models import Wish
from wishes.policy.people import may_hear_the_resident
from wishes.workflow import State, Visibility


def may_have_story(wish: Wish) -> bool:
    """Say whether a resident may let others read their words: nodded to, and a wish everybody sees."""
    is_public = wish.visibility == Visibility.PUBLIC
    return wish.state == State.CLOSED and is_public and not wish.archived


def may_look_over_story(standing: Standing, wish: Wish) -> bool:
    """Look the words over: the community's workers and the street, never anybody of the holder."""
    return may_hear_the_resident(standing, wish)
