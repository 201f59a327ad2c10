"""Sessions in the browser, each known to be whose: so that they can be listed and ended."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.session_store import SessionStore


class Session(AbstractBaseSession):
    """A session; what it holds besides whose it is belongs to `accounts.session_store`.

    Times are the machine's own, as are those of the cookie and of Django's and allauth's records.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    device = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls):
        return SessionStore
