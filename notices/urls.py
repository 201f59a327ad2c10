"""Addresses of the inbox."""

import datetime as dt

from django.urls import path, register_converter

from notices import views


class DayConverter:
    """A day in an address: 2026-03-09. What is no day is no page."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("mark_all_read/", views.mark_all_read, name="mark_all_read"),
    path("<int:pk>/mark_read/", views.mark_read, name="mark_read"),
    path("channels/", views.channels, name="channels"),
    path("channels/<int:pk>/try/", views.try_channel, name="try_channel"),
    path("channels/<int:pk>/remove/", views.remove_channel, name="remove_channel"),
    path("digests/<day:day>/", views.digest, name="digest"),
]
