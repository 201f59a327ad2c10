"""The resident's own addresses: no account, one wish each."""

from django.urls import path

from wishes import views

app_name = "resident"

urlpatterns = [
    path("<str:token>/", views.resident_page, name="page"),
    path("<str:token>/confirm/", views.resident_confirm, name="confirm"),
    path("<str:token>/reopen/", views.resident_reopen, name="reopen"),
]
