"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from jiangdong import pages
from jiangdong.running.page import running
from pairing import absence_views
from pairing import views as pairing
from wishes import views as wishes

urlpatterns = [
    path("", wishes.wall, name="home"),
    path("wishes/", include("wishes.urls")),
    path("r/voice/", include("voices.asker_urls")),
    path("r/", include("wishes.resident_urls")),
    path("voices/", include("voices.urls")),
    path("pairing/", include("pairing.urls")),
    path("week/", include("reports.urls")),
    path("exports/", include("notices.export_urls")),
    path("inbox/", include("notices.urls")),
    path("me/", pairing.me, name="me"),
    path("me/absence/", absence_views.absences, name="absences"),
    path("me/absence/<int:pk>/end/", absence_views.end_absence, name="end_absence"),
    path("", include("accounts.urls")),
    path("admin/running/", admin.site.admin_view(running), name="running"),
    path("admin/", admin.site.urls),
    path("api/", include("jiangdong.api_urls")),
    path("start/", pages.start, name="start"),
    path("elder/", pages.elder, name="elder"),
    path("feedback/", pages.feedback, name="feedback"),
    path("robots.txt", pages.robots, name="robots"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("sw.js", pages.service_worker, name="service_worker"),
]

handler403 = "jiangdong.pages.forbidden"
handler404 = "jiangdong.pages.not_found"
handler500 = "jiangdong.pages.failed"
