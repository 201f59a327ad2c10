"""Addresses of voices and live sessions. A move, its action, its view and its address share one word."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from voices import views
from voices.workflow import SessionMove

app_name = "voices"


class VoiceCode(StringConverter):
    """A voice's code; no other text asks the database anything."""

    regex = "MS-[0-9]{5,9}"


class SessionMoveWord(StringConverter):
    regex = "|".join(SessionMove.values)


register_converter(VoiceCode, "voice_code")
register_converter(SessionMoveWord, "session_move")

urlpatterns = [
    path("", views.wall, name="wall"),
    path("desk/", views.desk, name="desk"),
    path("all/", views.all_, name="all"),
    path("most/", views.most, name="most"),
    path("note/", views.note, name="note"),
    path("say/", views.say, name="say"),
    path("follow/", views.follow, name="follow"),
    path("follow/answer/", views.follow_answer, name="follow_answer"),
    path("from-wish/<wish_code:code>/", views.from_wish, name="from_wish"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/announce/", views.announce, name="announce"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/questions/", views.questions, name="questions"),
    path("sessions/<int:pk>/ask/", views.ask_question, name="ask_question"),
    path("sessions/<int:pk>/<session_move:move>/", views.turn, name="turn"),
    path("sessions/<int:pk>/questions/<int:number>/look/", views.look_through, name="look_through"),
    path(
        "sessions/<int:pk>/questions/<int:number>/answer/",
        views.answer_question,
        name="answer_question",
    ),
    path(
        "sessions/<int:pk>/questions/<int:number>/voice/",
        views.question_to_voice,
        name="question_to_voice",
    ),
    path("<voice_code:code>/", views.detail, name="detail"),
    path("<voice_code:code>/edit/", views.edit, name="edit"),
    path("<voice_code:code>/slip/", views.slip, name="slip"),
    path("<voice_code:code>/asker/", views.asker_details, name="asker"),
    path("<voice_code:code>/erase/", views.erase, name="erase"),
    path("<voice_code:code>/wish/", views.to_wish, name="to_wish"),
    path("<voice_code:code>/ask/", views.ask, name="ask"),
    path("<voice_code:code>/hand_on/", views.hand_on, name="hand_on"),
    path("<voice_code:code>/return/", views.return_, name="return"),
    path("<voice_code:code>/urge/", views.urge, name="urge"),
    path("<voice_code:code>/answer/", views.answer, name="answer"),
    path("<voice_code:code>/settle/", views.settle, name="settle"),
    path("<voice_code:code>/rate/", views.rate, name="rate"),
    path("<voice_code:code>/reopen/", views.reopen, name="reopen"),
    path("<voice_code:code>/rest/", views.rest, name="rest"),
    path("<voice_code:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<voice_code:code>/dismiss/", views.dismiss, name="dismiss"),
]
