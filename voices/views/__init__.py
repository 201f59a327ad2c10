"""The pages of voices: each fetches through `visible_to`, calls one action, and answers."""

from voices.views.asker import (
    follow,
    follow_answer,
    link_page,
    link_rate,
    link_reopen,
    link_write,
    say,
)
from voices.views.crossing import from_wish, to_wish
from voices.views.details import asker_details, erase, slip
from voices.views.lists import all_, desk, most, wall
from voices.views.moves import (
    answer,
    ask,
    dismiss,
    hand_on,
    rate,
    reopen,
    rest,
    return_,
    settle,
    urge,
    withdraw,
)
from voices.views.noting import edit, note
from voices.views.questions import (
    answer_question,
    ask_question,
    look_through,
    question_to_voice,
    questions,
)
from voices.views.sessions import announce, session, sessions, turn
from voices.views.voice import detail

__all__ = [
    "all_",
    "announce",
    "answer",
    "answer_question",
    "ask",
    "ask_question",
    "asker_details",
    "desk",
    "detail",
    "dismiss",
    "edit",
    "erase",
    "follow",
    "follow_answer",
    "from_wish",
    "hand_on",
    "link_page",
    "link_rate",
    "link_reopen",
    "link_write",
    "look_through",
    "most",
    "note",
    "question_to_voice",
    "questions",
    "rate",
    "reopen",
    "rest",
    "return_",
    "say",
    "session",
    "sessions",
    "settle",
    "slip",
    "to_wish",
    "turn",
    "urge",
    "wall",
    "withdraw",
]
