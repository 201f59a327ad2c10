"""Addresses of who answers for what."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from pairing import views

app_name = "pairing"


class PlaceCode(StringConverter):
    """The code of a community or an agency; no other text asks the database anything."""

    regex = "[A-Z0-9]{1,8}"


register_converter(PlaceCode, "place_code")

urlpatterns = [
    path("", views.index, name="index"),
    path("agencies/<place_code:code>/", views.agency, name="agency"),
    path("communities/<place_code:code>/", views.community, name="community"),
]
