"""How an action says no: one family, a stable code, one Chinese sentence saying what to do next.

Doors map them and nothing else: pages and the API to the status, the admin to a message.
"""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

SAY_WHY = _("请说明原因。")


class Refusal(Exception):
    """An action was refused; nothing was written.

    Attributes:
        code: stable English slug, the `code` of the API's problem document.
        message: a Chinese sentence for the person who asked.
        facts: what the asker may know of the thing as it is now, such as `state` or `agency`.
    """

    status: ClassVar[int]

    def __init__(self, code: str, message: Any, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts = facts


class NotAllowed(Refusal):
    """This person may never do this to this thing (403)."""

    status = 403


class NotNow(Refusal):
    """The thing is not in a state in which this can be done (409)."""

    status = 409


class NotValid(Refusal):
    """What was handed in cannot be accepted (400); `facts["fields"]` maps a field to its complaints."""

    status = 400


def not_valid(name: str, message: Any) -> NotValid:
    """Return a refusal that concerns one field."""
    return NotValid("invalid", message, fields={name: [message]})


def require(text: str, name: str = "reason", message: Any = SAY_WHY) -> None:
    """Refuse a blank text.

    Raises:
        NotValid: it is blank.
    """
    if not text.strip():
        raise not_valid(name, message)
