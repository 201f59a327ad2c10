"""Every address of the API, version 1."""

from django.urls import path

from accounts.api import TokenView

urlpatterns = [
    path("token/", TokenView.as_view(), name="api-token"),
]
