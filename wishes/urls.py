"""Addresses of wishes. A move, its action, its view and its address share one word."""

from django.urls import path

from wishes import views

app_name = "wishes"

urlpatterns = [
    path("", views.board, name="board"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("desk/export/", views.export, name="export"),
    path("calls/", views.calls, name="calls"),
    path("log/", views.log, name="log"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/edit/", views.edit, name="edit"),
    path("<str:code>/preview/", views.preview, name="preview"),
    path("<str:code>/resident/", views.resident_details, name="resident"),
    path("<str:code>/erase/", views.erase, name="erase"),
    path("<str:code>/slip/", views.slip, name="slip"),
    path("<str:code>/photo/<int:pk>/", views.photo, name="photo"),
    path("<str:code>/call/", views.call, name="call"),
    path("<str:code>/remind/", views.remind, name="remind"),
    path("<str:code>/submit/", views.submit, name="submit"),
    path("<str:code>/return/", views.return_, name="return"),
    path("<str:code>/publish/", views.publish, name="publish"),
    path("<str:code>/claim/", views.claim, name="claim"),
    path("<str:code>/assign/", views.assign, name="assign"),
    path("<str:code>/release/", views.release, name="release"),
    path("<str:code>/fulfil/", views.fulfil, name="fulfil"),
    path("<str:code>/confirm/", views.confirm, name="confirm"),
    path("<str:code>/reopen/", views.reopen, name="reopen"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
]
