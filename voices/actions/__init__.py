"""The verbs: everything that can happen to a voice or a live session, and the only writers of their states.

`noting` writes a voice down, `box` and `emptying` are the letterbox of those who give no name, `moves` holds the
moves and `asker` the asker's own, `crossing` leads to wishes and back, `sessions` are live question sessions;
`gate` is what every move passes, `clocks` its days.
"""

from voices.actions.asker import rate, rate_by_key, reopen, reopen_by_key, write_by_key
from voices.actions.box import drop_in, has_answered, is_waiting
from voices.actions.crossing import from_wish, make_wish
from voices.actions.emptying import destroy_keys, empty_box
from voices.actions.moves import (
    answer,
    ask,
    dismiss,
    hand_on,
    rest,
    return_,
    settle,
    urge,
    withdraw,
)
from voices.actions.noting import (
    edit,
    erase_on_request,
    key_of_code,
    key_of_token,
    link_token,
    note,
    post,
)

__all__ = [
    "answer",
    "ask",
    "destroy_keys",
    "dismiss",
    "drop_in",
    "edit",
    "empty_box",
    "erase_on_request",
    "from_wish",
    "hand_on",
    "has_answered",
    "is_waiting",
    "key_of_code",
    "key_of_token",
    "link_token",
    "make_wish",
    "note",
    "post",
    "rate",
    "rate_by_key",
    "reopen",
    "reopen_by_key",
    "rest",
    "return_",
    "settle",
    "urge",
    "withdraw",
    "write_by_key",
]
