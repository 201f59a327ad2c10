"""Addresses of lists that people take out."""

from django.urls import path

from notices import views

app_name = "exports"
urlpatterns = [
    path("<slug:sheet>/ask/", views.ask, name="ask"),
    path("<int:pk>/", views.export, name="one"),
    path("<int:pk>/download/", views.download, name="download"),
]
