"""Who may do what with notices."""

from accounts.policy import has_role
from notices import groups
from notices.models import Channel, Notice


def may_read(user, notice: Notice) -> bool:
    """A notice is its recipient's alone."""
    return notice.recipient_id == user.pk


def may_set_reminders(user) -> bool:
    """The ladder of reminders is the supervisors' to change."""
    return user.is_active and has_role(user, "supervisor")


def may_keep_channels(user, group: groups.Group) -> bool:
    """A group's robots are kept by whoever its app says: an agency's by its liaisons."""
    keeps = {(each.kind, each.id) for each in groups.kept_by(user)}
    return user.is_active and (group.kind, group.id) in keeps


def may_keep_channel(user, channel: Channel) -> bool:
    """A person's robots are their own."""
    if channel.user_id is not None:
        return channel.user_id == user.pk
    return may_keep_channels(user, groups.Group(channel.group_kind, channel.group_id))


def may_see_channels(user) -> bool:
    """Whoever keeps accounts and settings sees which robots take nothing; of none the address."""
    return user.is_active and has_role(user, "administrator")
