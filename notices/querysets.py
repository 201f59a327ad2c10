"""Reading rules of notices and of the lines that digests are made from."""

import datetime as dt

from django.db.models import QuerySet

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
