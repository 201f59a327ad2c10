"""The pages of wishes: each fetches through `visible_to`, calls one action, and answers."""

from wishes.views.board import board, mine, wall
from wishes.views.desk import calls, desk
from wishes.views.details import erase, photo, resident_details, slip
from wishes.views.doorstep import log_offline, log_who, shell
from wishes.views.log import edit, log, preview
from wishes.views.moves import (
    assign,
    call,
    claim,
    confirm,
    fulfil,
    publish,
    release,
    remind,
    reopen,
    return_,
    submit,
    withdraw,
)
from wishes.views.resident import resident_confirm, resident_page, resident_reopen
from wishes.views.wish import detail

__all__ = [
    "assign",
    "board",
    "call",
    "calls",
    "claim",
    "confirm",
    "desk",
    "detail",
    "edit",
    "erase",
    "fulfil",
    "log",
    "log_offline",
    "log_who",
    "mine",
    "photo",
    "preview",
    "publish",
    "release",
    "remind",
    "reopen",
    "resident_confirm",
    "resident_details",
    "resident_page",
    "resident_reopen",
    "return_",
    "shell",
    "slip",
    "submit",
    "wall",
    "withdraw",
]
