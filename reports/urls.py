"""Addresses of sheets that are read outside of the admin."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.week, name="week"),
    path("<slug:slug>/", views.week_list, name="week_list"),
]
