"""When the portal last did by itself what it does by itself."""

from django.db import models

from jiangdong import clock


class Heartbeat(models.Model):
    """One thing that is done again and again, and when it was last done well."""

    name = models.SlugField(primary_key=True, max_length=20)
    at = models.DateTimeField(default=clock.now)
    detail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
