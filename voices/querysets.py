"""Reading rules of voices, as adjectives that chain. The only place that says who sees which voice."""

import datetime as dt

from django.db import models
from django.db.models import F, Q, Value

from voices.workflow import (
    ASKABLE,
    HELD,
    ON_THE_WALL,
    UNDER_WAY,
    UNSETTLED,
    WAITS_FOR_US,
    Phase,
    Rating,
    Shown,
    State,
)
from wishes.querysets import Bigrams

WATCHERS = frozenset({"supervisor", "supervision_group", "leader"})


class VoiceQuerySet(models.QuerySet):
    """Voices."""

    def on_the_wall(self) -> "VoiceQuerySet":
        """Keep what everybody may see: let through by a moderator, and agreed to by whoever raised it."""
        return self.filter(public=True, state__in=ON_THE_WALL)

    def moderated_by(self, standing) -> "VoiceQuerySet":
        """Keep what this person looks through first: of their community or street; all for supervisors."""
        if standing.is_supervisor:
            return self
        if standing.community_id:
            return self.filter(community=standing.community_id)
        if standing.street_id:
            return self.filter(community__street=standing.street_id)
        return self.none()

    def visible_to(self, standing) -> "VoiceQuerySet":
        """Keep what this person may open by its address. What nobody looked through yet is its moderators' alone."""
        if standing.is_supervisor:
            return self
        seen = Q(public=True, state__in=ON_THE_WALL)
        if standing.community_id:
            seen |= Q(community=standing.community_id)
        if standing.street_id:
            seen |= Q(community__street=standing.street_id)
        if standing.is_agency_staff or standing.is_liaison:
            seen |= Q(agency=standing.agency_id)
        if standing.user_id:
            seen |= Q(logged_by=standing.user_id)
        if standing.roles & WATCHERS:
            seen |= Q(first_asked_on__isnull=False)
        return self.filter(seen)

    def of_desk(self, standing) -> "VoiceQuerySet":
        """Keep what stands on this person's desk: to look through, to answer, to watch; else what they noted."""
        if standing.is_supervisor:
            return self
        if standing.roles & WATCHERS:
            return self.filter(first_asked_on__isnull=False)
        mine = Q(logged_by=standing.user_id)
        if standing.community_id:
            mine |= Q(community=standing.community_id)
        if standing.street_id:
            mine |= Q(community__street=standing.street_id)
        if standing.is_agency_staff or standing.is_liaison:
            mine |= Q(agency=standing.agency_id)
        return self.filter(mine)

    def waiting_for_us(self) -> "VoiceQuerySet":
        """Keep what a moderator is to look at: new, or given back by an agency."""
        return self.filter(state__in=WAITS_FOR_US)

    def under_way(self) -> "VoiceQuerySet":
        return self.filter(state__in=UNDER_WAY)

    def asked(self) -> "VoiceQuerySet":
        """Keep what was ever given to an agency, whatever became of it: the denominator of 响应率."""
        return self.filter(first_asked_on__isnull=False)

    def not_withdrawn(self) -> "VoiceQuerySet":
        return self.exclude(state=State.WITHDRAWN)

    def answered_in_time(self) -> "VoiceQuerySet":
        """Keep what was first answered within the days that ran from the first asking, however often handed on."""
        return self.asked().filter(first_answered_on__lte=F("response_due_on"))

    def settled(self) -> "VoiceQuerySet":
        """Keep what an agency calls settled, whether or not its asker has said a word."""
        return self.filter(state__in=(State.SETTLED, State.CLOSED, State.RESTED))

    def confirmed(self) -> "VoiceQuerySet":
        """Keep what its asker rated as settled."""
        return self.filter(state=State.CLOSED)

    def satisfied(self) -> "VoiceQuerySet":
        return self.confirmed().filter(rating=Rating.SATISFIED)

    def late(self, on: dt.date) -> "VoiceQuerySet":
        """Keep what should have been answered or settled before this day; due that very day is not late."""
        unanswered = Q(state=State.ASKED, answer_due_on__lt=on)
        return self.filter(unanswered | Q(state__in=UNSETTLED, settle_due_on__lt=on))

    def held(self) -> "VoiceQuerySet":
        return self.filter(state__in=HELD)

    def recurring(self) -> "VoiceQuerySet":
        """Keep what followed another of its topic and community within the days of `recurrence`."""
        return self.filter(follows__isnull=False)

    def search(self, words: str) -> "VoiceQuerySet":
        """Keep what holds every word, two characters of Chinese being enough."""
        found = self
        for word in words.split()[:5]:
            if len(word) > 1:
                found = found.filter(grams__contains=Bigrams(Value(word)))
            found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
        return found


class VoiceManager(models.Manager.from_queryset(VoiceQuerySet)):
    """Reads voices without the pieces that only the search index needs."""

    def get_queryset(self) -> VoiceQuerySet:
        return super().get_queryset().defer("grams")


class SessionQuerySet(models.QuerySet):
    """Live question sessions. They are public from their announcement on."""

    def to_open(self, at: dt.datetime) -> "SessionQuerySet":
        """Keep those whose time has come."""
        return self.filter(phase=Phase.ANNOUNCED, starts_at__lte=at)

    def to_close(self, at: dt.datetime) -> "SessionQuerySet":
        """Keep those whose time is over."""
        return self.filter(phase=Phase.OPEN, ends_at__lte=at)

    def to_come(self) -> "SessionQuerySet":
        return self.filter(phase__in=ASKABLE)


class QuestionQuerySet(models.QuerySet):
    """Questions of sessions, in the order in which they were asked."""

    def shown(self) -> "QuestionQuerySet":
        return self.filter(shown=Shown.YES)

    def waiting(self) -> "QuestionQuerySet":
        """Keep those that no supervisor has looked at."""
        return self.filter(shown=Shown.WAITING)

    def unanswered(self) -> "QuestionQuerySet":
        """Keep those on the page without an answer that became no voice either."""
        return self.shown().filter(answer="", voice__isnull=True)
