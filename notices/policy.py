"""Who may do what with notices."""

from accounts.policy import has_role
from notices.models import Notice


def may_read(user, notice: Notice) -> bool:
    """A notice is its recipient's alone."""
    return notice.recipient_id == user.pk


def may_set_reminders(user) -> bool:
    """The ladder of reminders is the supervisors' to change."""
    return user.is_active and has_role(user, "supervisor")
