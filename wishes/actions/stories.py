"""A resident's words on the wall: offered and taken back under their link, looked over by the community."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, require
from pairing.standing import standing_of
from wishes import letters, policy
from wishes.actions import gate
from wishes.models import ResidentLink, Story, Wish
from wishes.publicity import require_fit_note
from wishes.workflow import STORY, STORY_BACK, STORY_SHOWN


@transaction.atomic
def offer_story(*, link: ResidentLink, text: str) -> Story:
    """Let a resident say that others may read their words; they said so, and nobody ticked it for them.

    Raises:
        NotNow: not nodded to yet, not a wish everybody sees, or offered already.
        NotValid: no words.
    """
    wish = gate.locked(link.wish)
    if not policy.may_have_story(wish):
        raise NotNow(
            "wrong_state", _("办好、您点头以后，才可以把话放到心愿墙上。"), state=wish.state
        )
    require(text, "text", _("请写一句话。"))
    story = Story.objects.filter(wish=wish).first() or Story(wish=wish)
    if story.pk and story.state != Story.State.WITHDRAWN:
        raise NotNow("offered_already", _("您已经交给社区了，谢谢您。"), state=wish.state)
    story.text, story.state, story.offered_at = text, Story.State.OFFERED, clock.now()
    story.save()
    gate.note(wish, STORY, by=None)
    letters.story_offered(wish)
    return story


@transaction.atomic
def take_story_back(*, link: ResidentLink) -> Story:
    """Let a resident take their words off the wall, however old their link is."""
    wish = gate.locked(link.wish)
    story = _standing_story(wish)
    _forget(story)
    gate.note(wish, STORY_BACK, by=None)
    return story


@transaction.atomic
def publish_story(*, wish: Wish, by: User) -> Story:
    """Put a resident's words on the wall, having looked that they give nobody away.

    Raises:
        NotAllowed: not of the community or its street, or of those who held the wish.
        NotNow: nothing offered.
        NotValid: the words give the resident away.
    """
    wish = _begin(wish, by)
    story = _standing_story(wish)
    if story.state != Story.State.OFFERED:
        raise NotNow("wrong_state", _("已经在心愿墙上了。"), state=wish.state)
    require_fit_note(wish, story.text, name="text")
    story.state, story.approved_by, story.approved_at = Story.State.PUBLISHED, by, clock.now()
    story.save(update_fields=("state", "approved_by", "approved_at"))
    gate.note(wish, STORY_SHOWN, by=by)
    letters.story_shown(wish)
    return story


@transaction.atomic
def drop_story(*, wish: Wish, by: User) -> Story:
    """Keep a resident's words off the wall, or take them down.

    Raises:
        NotAllowed, NotNow: as for publishing.
    """
    wish = _begin(wish, by)
    story = _standing_story(wish)
    _forget(story)
    gate.note(wish, STORY_BACK, by=by)
    return story


def _begin(wish: Wish, by: User) -> Wish:
    wish = gate.locked(wish)
    if not policy.may_look_over_story(standing_of(by), wish):
        raise NotAllowed("not_yours", _("居民的话由社区或街道看过再公开。"))
    return wish


def _standing_story(wish: Wish) -> Story:
    story = Story.objects.filter(wish=wish).exclude(state=Story.State.WITHDRAWN).first()
    if story is None:
        raise NotNow("no_story", _("这里没有居民愿意公开的话。"), state=wish.state)
    return story


def _forget(story: Story) -> None:
    """Take the words away; the row stays, and says that they were taken back."""
    story.text, story.state = "", Story.State.WITHDRAWN
    story.approved_by = story.approved_at = None
    story.save(update_fields=("text", "state", "approved_by", "approved_at"))
