"""The verbs: everything that can happen to a wish, and the only writer of its state.

`desk` writes a wish down, `moves` holds the moves of the main road and `answers` the resident's own; `team` is
fulfilling together, `pauses` the clock of a claim, `asking` what a second person decides, `partings` how a wish leaves
its way, `merging` how two become one; `stories` puts residents' words on the wall,
`reminding` nudges, `ladder` is what comes after nudging, `bulk` enters many.
`gate` is what every move passes, `changes` what each one changes, `keeping` how long a resident's details stay;
`numbers` sets the figures that the rest goes by.
"""

from wishes.actions.answers import confirm_by_link, reopen_by_link
from wishes.actions.asking import ask, refuse
from wishes.actions.bulk import Brought, Step, bring_in
from wishes.actions.desk import edit, erase_on_request, log
from wishes.actions.ladder import answer, circulate, quiet, supervise
from wishes.actions.merging import merge
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
from wishes.actions.numbers import set_number
from wishes.actions.partings import decline, end, refer, unreached
from wishes.actions.pauses import extend, lapse, lapse_in_time, resume, resume_in_time, wait
from wishes.actions.reminding import remind
from wishes.actions.second_calls import call_again, draw_second_calls
from wishes.actions.stories import drop_story, offer_story, publish_story, take_story_back
from wishes.actions.team import gather, join, leave

__all__ = [
    "Brought",
    "Step",
    "answer",
    "ask",
    "assign",
    "bring_in",
    "call_again",
    "circulate",
    "claim",
    "confirm",
    "confirm_by_link",
    "decline",
    "draw_second_calls",
    "drop_story",
    "edit",
    "end",
    "erase_on_request",
    "extend",
    "fulfil",
    "gather",
    "join",
    "lapse",
    "lapse_in_time",
    "leave",
    "log",
    "merge",
    "note_no_answer",
    "offer_story",
    "publish",
    "publish_story",
    "quiet",
    "refer",
    "refuse",
    "release",
    "remind",
    "reopen",
    "reopen_by_link",
    "resume",
    "resume_in_time",
    "return_",
    "set_number",
    "submit",
    "supervise",
    "take_story_back",
    "unreached",
    "wait",
    "withdraw",
]
