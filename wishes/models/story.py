"""A resident's own words about their wish, which they let others read (微故事)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiangdong import clock
from wishes.models.wish import Wish
from wishes.workflow import ON_THE_WALL, Visibility


class StoryQuerySet(models.QuerySet):
    """Residents' words."""

    def on_the_wall(self) -> "StoryQuerySet":
        """Keep what everybody may read: looked over by the community, of a wish that everybody may see."""
        return self.filter(
            state=Story.State.PUBLISHED,
            wish__visibility=Visibility.PUBLIC,
            wish__state__in=ON_THE_WALL,
            wish__archived=False,
        )


class Story(models.Model):
    """Offered by the resident under their link, which is their consent; shown once the community looked it over.

    Taken back, by the resident at any time or by the community, the words are gone and the row says so.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("居民愿意公开")
        PUBLISHED = "published", _("在心愿墙上")
        WITHDRAWN = "withdrawn", _("收回了")

    wish = models.OneToOneField(Wish, on_delete=models.CASCADE, related_name="story")
    text = models.TextField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("微故事")
        verbose_name_plural = _("微故事")
        constraints = (
            models.CheckConstraint(
                name="story_was_looked_over_exactly_when_published",
                condition=Q(state="published", approved_by__isnull=False, approved_at__isnull=False)
                | Q(
                    state__in=["offered", "withdrawn"],
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="story_keeps_no_words_once_taken_back",
                condition=Q(state="withdrawn", text="") | (~Q(state="withdrawn") & ~Q(text="")),
            ),
        )
        indexes = (
            models.Index(
                name="story_on_the_wall", fields=["-approved_at"], condition=Q(state="published")
            ),
        )

    def __str__(self) -> str:
        return f"{self.wish_id} {self.state}"
