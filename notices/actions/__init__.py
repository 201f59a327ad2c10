"""What can happen to notices and reminders: told, read, delivered, found due, gathered, set.

A message is a row in the transaction of what it tells of. Mail leaves after the commit, at least
once, always with the same Message-ID; whatever breaks on the way, the row waits and the sweep of
the timetable sends it.
"""

from notices.actions.delivering import deliver, deliver_pending
from notices.actions.reminding import compose_digests, sweep
from notices.actions.setting import set_reminder
from notices.actions.telling import forget_words, mark_all_read, mark_read, notify

__all__ = [
    "compose_digests",
    "deliver",
    "deliver_pending",
    "forget_words",
    "mark_all_read",
    "mark_read",
    "notify",
    "set_reminder",
    "sweep",
]
