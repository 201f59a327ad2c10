"""Reading rules of notices, of the lines that digests are made from, and of what goes to robots."""

import datetime as dt

from django.db.models import Min, Q, QuerySet

UNREAD_SHOWN = 99


class NoticeQuerySet(QuerySet):
    """Reads of the inbox and of the mail that waits."""

    def visible_to(self, user) -> "NoticeQuerySet":
        """Keep a person's own notices: nobody reads another's."""
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        """Keep what its recipient has not opened (`read_at` is NULL)."""
        return self.filter(read_at=None)

    def undelivered(self, moment: dt.datetime) -> "NoticeQuerySet":
        """Keep what is to leave by mail and may leave at this moment, longest waiting first."""
        return self.filter(mail_state="pending", not_before__lte=moment).order_by(
            "not_before", "pk"
        )

    def unread_count(self, user) -> str:
        """Return how many notices a person has not read, as the header shows it: "", "3" or "99+".

        One query that reads a partial index and stops after a hundred rows.
        """
        count = self.filter(recipient=user).unread().order_by()[: UNREAD_SHOWN + 1].count()
        if count > UNREAD_SHOWN:
            return f"{UNREAD_SHOWN}+"
        return str(count or "")


class DueLineQuerySet(QuerySet):
    """Reads of what reminders found."""

    def waiting(self) -> "DueLineQuerySet":
        """Keep the lines that are in no digest yet."""
        return self.filter(digest=None)

    def most_urgent_first(self) -> "DueLineQuerySet":
        """Order as a digest shows them; equals stay in the order in which they were found."""
        return self.order_by("-urgency", "pk")


class ChannelQuerySet(QuerySet):
    """Reads of the robots that messages go to."""

    def kept(self) -> "ChannelQuerySet":
        """Keep those that nobody has removed (`removed_at` is NULL)."""
        return self.filter(removed_at=None)

    def listening(self) -> "ChannelQuerySet":
        """Keep those that messages go to now: not removed, not stopped, and their person has not left."""
        return self.kept().filter(Q(user=None) | Q(user__is_active=True), enabled=True)

    def of_person(self, user) -> "ChannelQuerySet":
        """Keep a person's own, oldest first."""
        return self.kept().filter(user=user).order_by("pk")

    def of_group(self, group) -> "ChannelQuerySet":
        """Keep those of a group, oldest first."""
        return self.kept().filter(group_kind=group.kind, group_id=group.id).order_by("pk")

    def failing(self) -> "ChannelQuerySet":
        """Keep those whose last try failed, stopped ones among them: what an operator wants to see."""
        return self.kept().filter(failures__gt=0)

    def on_trial(self) -> "ChannelQuerySet":
        """Keep those whose owner asked for a trial message that was not tried yet."""
        return self.kept().filter(trial_asked_at__isnull=False)


class SendingQuerySet(QuerySet):
    """Reads of what robots are to say."""

    def pending(self) -> "SendingQuerySet":
        """Keep what is neither said nor given up."""
        return self.filter(state="pending")

    def due(self, moment: dt.datetime) -> "SendingQuerySet":
        """Keep what may leave at this moment, longest waiting first: a robot that failed is left alone a while."""
        rested = Q(channel__not_before=None) | Q(channel__not_before__lte=moment)
        return self.pending().filter(rested, not_before__lte=moment).order_by("not_before", "pk")

    def oldest_pending(self) -> dt.datetime | None:
        """Return since when the longest waiting of all has been waiting; None when nothing waits."""
        return self.pending().aggregate(oldest=Min("notice__created_at"))["oldest"]


class ExportQuerySet(QuerySet):
    """Reads of the files that people asked for."""

    def of(self, user) -> "ExportQuerySet":
        """Keep a person's own: a file is nobody else's."""
        return self.filter(user=user)

    def under_way(self) -> "ExportQuerySet":
        """Keep those that are still to be made."""
        return self.filter(state__in=("waiting", "working"))

    def to_make(self, silent_since: dt.datetime) -> "ExportQuerySet":
        """Keep those nobody makes: not begun, or begun by somebody who has said nothing since that moment."""
        return self.filter(
            Q(state="waiting") | Q(state="working", touched_at__lt=silent_since)
        ).order_by("asked_at", "pk")

    def expired(self, moment: dt.datetime) -> "ExportQuerySet":
        """Keep those whose time is over at a moment, whatever became of them."""
        return self.filter(expires_at__lte=moment)
