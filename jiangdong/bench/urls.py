"""The portal's addresses, and those of the bare views it is compared with."""

from django.urls import include, path

from jiangdong.bench import bare

urlpatterns = [
    path("bare/list/", bare.rows),
    path("bare/board/", bare.board),
    path("bare/detail/<str:code>/", bare.detail),
    path("bare/claim/<str:code>/", bare.claim),
    path("", include("jiangdong.urls")),
]

handler404 = "jiangdong.pages.not_found"
