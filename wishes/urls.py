"""Addresses of wishes. A move, its action, its view and its address share one word."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from wishes import views

app_name = "wishes"


class WishCode(StringConverter):
    """A wish's code: its community's and a number; no other text asks the database anything."""

    regex = "[A-Z0-9]{1,8}-[0-9]{4,8}"


register_converter(WishCode, "wish_code")

urlpatterns = [
    path("", views.board, name="board"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("ledger/", views.ledger, name="ledger"),
    path("calls/", views.calls, name="calls"),
    path("intake/", views.intake_new, name="intake_new"),
    path("intake/template/", views.intake_template, name="intake_template"),
    path("intake/<int:pk>/", views.intake, name="intake"),
    path("intake/<int:pk>/match/", views.intake_match, name="intake_match"),
    path("intake/<int:pk>/bring/", views.intake_bring, name="intake_bring"),
    path("intake/<int:pk>/discard/", views.intake_discard, name="intake_discard"),
    path("intake/<int:pk>/problems/", views.intake_problems, name="intake_problems"),
    path("second-calls/", views.second_calls, name="second_calls"),
    path("second-calls/<int:pk>/call_again/", views.call_again, name="call_again"),
    path("orders/", views.orders, name="orders"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/answer/", views.answer, name="answer"),
    path("log/", views.log, name="log"),
    path("log/offline/", views.log_offline, name="log_offline"),
    path("log/likely/", views.likely, name="likely"),
    path("log/who/", views.log_who, name="log_who"),
    path("mine/calendar/", views.calendar_of_mine, name="calendar_of_mine"),
    path("paste/", views.paste, name="paste"),
    path("share/", views.share_list, name="share_list"),
    path("recurring/", views.recurring, name="recurring"),
    path("monthly/", views.monthly, name="monthly"),
    path("monthly/new/", views.monthly_new, name="monthly_new"),
    path("monthly/<int:pk>/", views.monthly_topic, name="monthly_topic"),
    path("monthly/<int:pk>/report/", views.monthly_report, name="monthly_report"),
    path("monthly/<int:pk>/settle/", views.monthly_settle, name="monthly_settle"),
    path("monthly/<int:pk>/return/", views.monthly_return, name="monthly_return"),
    path("<wish_code:code>/", views.detail, name="detail"),
    path("<wish_code:code>/visit/", views.visit, name="visit"),
    path("<wish_code:code>/handover/", views.handover, name="handover"),
    path("<wish_code:code>/calendar/", views.calendar, name="calendar"),
    path("<wish_code:code>/story/", views.story, name="story"),
    path("<wish_code:code>/share/", views.share, name="share"),
    path("<wish_code:code>/edit/", views.edit, name="edit"),
    path("<wish_code:code>/preview/", views.preview, name="preview"),
    path("<wish_code:code>/resident/", views.resident_details, name="resident"),
    path("<wish_code:code>/erase/", views.erase, name="erase"),
    path("<wish_code:code>/slip/", views.slip, name="slip"),
    path("<wish_code:code>/photo/<int:pk>/", views.photo, name="photo"),
    path("<wish_code:code>/call/", views.call, name="call"),
    path("<wish_code:code>/remind/", views.remind, name="remind"),
    path("<wish_code:code>/quiet/", views.quiet, name="quiet"),
    path("<wish_code:code>/gather/", views.gather, name="gather"),
    path("<wish_code:code>/ask/", views.ask, name="ask"),
    path("<wish_code:code>/refuse/", views.refuse, name="refuse"),
    path("<wish_code:code>/submit/", views.submit, name="submit"),
    path("<wish_code:code>/return/", views.return_, name="return"),
    path("<wish_code:code>/publish/", views.publish, name="publish"),
    path("<wish_code:code>/claim/", views.claim, name="claim"),
    path("<wish_code:code>/assign/", views.assign, name="assign"),
    path("<wish_code:code>/release/", views.release, name="release"),
    path("<wish_code:code>/fulfil/", views.fulfil, name="fulfil"),
    path("<wish_code:code>/confirm/", views.confirm, name="confirm"),
    path("<wish_code:code>/reopen/", views.reopen, name="reopen"),
    path("<wish_code:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<wish_code:code>/merge/", views.merge, name="merge"),
    path("<wish_code:code>/join/", views.join, name="join"),
    path("<wish_code:code>/leave/", views.leave, name="leave"),
    path("<wish_code:code>/wait/", views.wait, name="wait"),
    path("<wish_code:code>/resume/", views.resume, name="resume"),
    path("<wish_code:code>/extend/", views.extend, name="extend"),
    path("<wish_code:code>/lapse/", views.lapse, name="lapse"),
    path("<wish_code:code>/refer/", views.refer, name="refer"),
    path("<wish_code:code>/decline/", views.decline, name="decline"),
    path("<wish_code:code>/unreached/", views.unreached, name="unreached"),
    path("<wish_code:code>/end/", views.end, name="end"),
]
