"""What notices keeps: messages and due lines, the robots that messages also go to, and lists taken out as files."""

from notices.models.channels import Channel, Sending
from notices.models.exports import Export
from notices.models.inbox import LOCAL_PATH, DueLine, Notice, ReminderSetting

__all__ = ["LOCAL_PATH", "Channel", "DueLine", "Export", "Notice", "ReminderSetting", "Sending"]
