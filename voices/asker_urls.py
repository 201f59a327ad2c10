"""The asker's own addresses: no account, one voice each."""

from django.urls import path

from voices import views

app_name = "asker"

urlpatterns = [
    path("<str:token>/", views.link_page, name="page"),
    path("<str:token>/rate/", views.link_rate, name="rate"),
    path("<str:token>/reopen/", views.link_reopen, name="reopen"),
    path("<str:token>/write/", views.link_write, name="write"),
]
