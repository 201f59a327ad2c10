"""The verbs: everything that can happen to a wish, and the only writer of its state.

`desk` writes a wish down, `moves` holds the moves and `answers` the resident's own, `reminding` nudges, `bulk`
enters many; `gate` is what every move passes, `changes` what each one changes.
"""

from wishes.actions.answers import confirm_by_link, reopen_by_link
from wishes.actions.bulk import Brought, Step, bring_in
from wishes.actions.desk import edit, erase_on_request, log
from wishes.actions.moves import (
    assign,
    claim,
    confirm,
    fulfil,
    note_no_answer,
    publish,
    release,
    reopen,
    return_,
    submit,
    withdraw,
)
from wishes.actions.reminding import remind

__all__ = [
    "Brought",
    "Step",
    "assign",
    "bring_in",
    "claim",
    "confirm",
    "confirm_by_link",
    "edit",
    "erase_on_request",
    "fulfil",
    "log",
    "note_no_answer",
    "publish",
    "release",
    "remind",
    "reopen",
    "reopen_by_link",
    "return_",
    "submit",
    "withdraw",
]
