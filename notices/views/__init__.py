"""The pages of notices: each calls one action, and answers."""

from notices.views.exports import ask, download, export
from notices.views.inbox import (
    channels,
    digest,
    inbox,
    mark_all_read,
    mark_read,
    remove_channel,
    try_channel,
)

__all__ = [
    "ask",
    "channels",
    "digest",
    "download",
    "export",
    "inbox",
    "mark_all_read",
    "mark_read",
    "remove_channel",
    "try_channel",
]
