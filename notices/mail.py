"""How a notice reads as mail."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from notices.models import Notice
from notices.reminders import grouped


def message_for(notice: Notice, connection: BaseEmailBackend) -> EmailMessage:
    """Return a notice as plain-text mail, with the same Message-ID however often it is tried.

    A digest carries its lines, which the caller has prefetched most urgent first.
    """
    context = {"notice": notice, "site": settings.SITE_URL}
    if notice.is_digest:
        context["groups"] = grouped(notice.lines.all())
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMessage(
        subject=notice.title,
        body=render_to_string("notices/mail.txt", context),
        to=[notice.recipient.email],
        connection=connection,
        headers={
            "Message-ID": f"<{notice.message_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
