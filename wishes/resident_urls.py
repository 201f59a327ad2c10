"""The resident's own addresses: no account, one wish each; and the desk where one asks by the code on paper."""

from django.urls import path

from wishes import views

app_name = "resident"

urlpatterns = [
    path("", views.progress, name="progress"),
    path("<str:token>/", views.resident_page, name="page"),
    path("<str:token>/confirm/", views.resident_confirm, name="confirm"),
    path("<str:token>/reopen/", views.resident_reopen, name="reopen"),
    path("<str:token>/story/", views.resident_story, name="story"),
    path("<str:token>/story/back/", views.resident_story_back, name="story_back"),
]
