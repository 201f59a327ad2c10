"""Addresses of who answers for what."""

from django.urls import path

from pairing import views

app_name = "pairing"

urlpatterns = [
    path("", views.index, name="index"),
    path("agencies/<str:code>/", views.agency, name="agency"),
    path("communities/<str:code>/", views.community, name="community"),
]
