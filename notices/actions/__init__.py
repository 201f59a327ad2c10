"""What can happen to notices and reminders: told, read, delivered, said by robots, found due, gathered, set;
and to lists that people take out.

A message is a row in the transaction of what it tells of. Mail leaves after the commit, at least
once, always with the same Message-ID; whatever breaks on the way, the row waits and the sweep of
the timetable sends it.
"""

from notices.actions.channels import add_channel, ask_for_trial, remove_channel
from notices.actions.delivering import deliver, deliver_pending
from notices.actions.exporting import (
    ask_for_export,
    drop_expired_exports,
    make_export,
    make_waiting_exports,
    rows_for,
)
from notices.actions.reminding import compose_digests, sweep
from notices.actions.sending import send_out, send_pending, try_channel
from notices.actions.setting import set_reminder
from notices.actions.telling import forget_words, mark_all_read, mark_read, notify, silence

__all__ = [
    "add_channel",
    "ask_for_export",
    "ask_for_trial",
    "compose_digests",
    "deliver",
    "deliver_pending",
    "drop_expired_exports",
    "forget_words",
    "make_export",
    "make_waiting_exports",
    "mark_all_read",
    "mark_read",
    "notify",
    "remove_channel",
    "rows_for",
    "send_out",
    "send_pending",
    "set_reminder",
    "silence",
    "sweep",
    "try_channel",
]
