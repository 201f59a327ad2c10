"""What notices keeps: messages and due lines, and the robots that messages also go to."""

from notices.models.channels import Channel, Sending
from notices.models.inbox import LOCAL_PATH, DueLine, Notice, ReminderSetting

__all__ = ["LOCAL_PATH", "Channel", "DueLine", "Notice", "ReminderSetting", "Sending"]
