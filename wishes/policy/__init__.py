"""Who may do what with a wish, and who comes to whose details. Doors and actions ask here and nowhere else.

`people` says what somebody is to a wish, `moves` who may make which move, `conditions` what else may stand in the
way, `asking` who may ask and refuse what a second person decides, `ladder` who issues and answers 督办 and 通报,
`details` who sees a resident's, `papers` who may take what along,
`stories` who looks a resident's words over.
"""

from wishes.policy.asking import (
    asks_open_to,
    refusals_open_to,
    why_not_ask,
    why_not_refuse,
)
from wishes.policy.conditions import needs_second_person, not_now, silent_until
from wishes.policy.details import (
    DetailsDoor,
    door_to_details,
    may_erase,
    may_see_evidence,
    may_see_other_wishes,
    may_show_link,
)
from wishes.policy.ladder import (
    answers_for,
    asked_already,
    waits_for_answer,
    why_not_answer,
    why_not_circulate,
    why_not_quiet,
    why_not_supervise,
)
from wishes.policy.merging import may_be_merged, why_not_merge
from wishes.policy.moves import MOVES, moves_open_to, why_not
from wishes.policy.papers import may_hand_over, may_note_day, may_share, may_visit
from wishes.policy.people import (
    handles,
    helps,
    is_insider,
    is_of_holder,
    may_assign_outside,
    may_bring_in,
    may_bring_into,
    may_edit,
    may_gather,
    may_log,
    may_publish,
    may_remind,
    may_set_numbers,
    may_watch,
    oversees,
    works_there,
)
from wishes.policy.stories import may_have_story, may_look_over_story

__all__ = [
    "MOVES",
    "DetailsDoor",
    "answers_for",
    "asked_already",
    "asks_open_to",
    "door_to_details",
    "handles",
    "helps",
    "is_insider",
    "is_of_holder",
    "may_assign_outside",
    "may_be_merged",
    "may_bring_in",
    "may_bring_into",
    "may_edit",
    "may_erase",
    "may_gather",
    "may_hand_over",
    "may_have_story",
    "may_log",
    "may_look_over_story",
    "may_note_day",
    "may_publish",
    "may_remind",
    "may_see_evidence",
    "may_see_other_wishes",
    "may_set_numbers",
    "may_share",
    "may_show_link",
    "may_visit",
    "may_watch",
    "moves_open_to",
    "needs_second_person",
    "not_now",
    "oversees",
    "refusals_open_to",
    "silent_until",
    "waits_for_answer",
    "why_not",
    "why_not_answer",
    "why_not_ask",
    "why_not_circulate",
    "why_not_merge",
    "why_not_quiet",
    "why_not_refuse",
    "why_not_supervise",
    "works_there",
]
