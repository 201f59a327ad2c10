"""Live question sessions: announced, asked into without an account, moderated, answered by name, read afterwards."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import trail
from jiangdong import clock
from notices.models import Notice
from tests.cast import NOW, fresh
from tests.wishes.doors import dump, text_of
from voices.actions import sessions
from voices.models import Leader, LiveSession, Question, Voice
from voices.tasks import turn_sessions

STARTS = NOW + dt.timedelta(days=2)
ENDS = STARTS + dt.timedelta(hours=1)
ASKED = "医院门口能不能多划几个车位"


@pytest.fixture
def session(cast) -> LiveSession:
    """A session announced for the day after tomorrow; `leader` answers, `cadre2` writes for them."""
    leader = Leader(name="杨示例", user=cast.leader, agency=cast.places.wb, secretary=cast.cadre2)
    return sessions.announce(
        by=fresh(cast.supervisor),
        title="停车难",
        about="谁都可以问",
        starts_at=STARTS,
        ends_at=ENDS,
        leaders=[leader],
    )


def put(session, text=ASKED, show_by=None) -> Question:
    question = sessions.put(session=session, text=text)
    if show_by:
        sessions.look_through(question=question, by=fresh(show_by), show=True)
    return question


def page(session) -> str:
    return f"/voices/sessions/{session.pk}/"


def test_a_supervisor_announces_and_everybody_reads_it(cast, as_, client):
    body = {
        "title": "停车难", "about": "", "starts_at": "2026-03-12T10:00", "ends_at": "2026-03-12T11:00",
        "leaders-TOTAL_FORMS": "3", "leaders-INITIAL_FORMS": "0", "leaders-0-user": cast.leader.pk,
        "leaders-0-secretary": "cadre2",
    }  # fmt: skip
    answer = as_(cast.supervisor).post("/voices/sessions/announce/", body)
    session = LiveSession.objects.get()
    assert answer["Location"] == page(session)
    assert session.answerers.get().name == "杨示例"
    assert "杨示例" in text_of(client.get(page(session)))
    assert "停车难" in text_of(client.get("/voices/sessions/"))
    assert as_(cast.leader).post("/voices/sessions/announce/", body).status_code == 403
    for wrong in ({"ends_at": "2026-03-12T09:00"}, {"leaders-0-user": ""}):
        refused = as_(cast.supervisor).post("/voices/sessions/announce/", body | wrong)
        assert refused.status_code == 400


def test_it_opens_and_closes_by_its_times(session):
    turn_sessions()
    session.refresh_from_db()
    assert session.phase == "announced"
    with clock.at(STARTS):
        turn_sessions()
        turn_sessions()
    session.refresh_from_db()
    assert session.phase == "open"
    with clock.at(ENDS):
        turn_sessions()
    session.refresh_from_db()
    assert session.phase == "closed"
    course = trail.events_of(session).values_list("move", "by_label")
    assert list(course) == [("announce", "区督办"), ("open", "到了时间"), ("close", "到了时间")]


def test_it_opens_and_closes_by_a_supervisors_act(session, cast, as_):
    for who in (cast.leader, cast.worker):
        assert as_(who).post(f"{page(session)}open/").status_code == 403
    supervisor = as_(cast.supervisor)
    assert supervisor.post(f"{page(session)}close/").status_code == 409
    assert supervisor.post(f"{page(session)}open/").status_code == 302
    assert supervisor.post(f"{page(session)}cancel/").status_code == 409
    assert supervisor.post(f"{page(session)}close/").status_code == 302


def test_a_question_is_taken_from_anybody_and_nothing_of_them_is_kept(session, cast, as_, client):
    asker = as_(cast.worker)
    before = set(dump().splitlines())
    assert (
        asker.post(f"{page(session)}ask/", {"text": ASKED}, REMOTE_ADDR="203.0.113.7").status_code
        == 200
    )
    (added,) = set(dump().splitlines()) - before
    assert '"asked_on":"2026-03-10"' in added
    assert "203.0.113.7" not in added
    assert f'":{cast.worker.pk},' not in added.replace(f'"session_id":{session.pk},', "")
    assert ASKED not in text_of(client.get(page(session)))
    assert ASKED in text_of(as_(cast.supervisor).get(page(session)))


def test_a_question_with_what_gives_somebody_away_is_refused(session, client):
    answer = client.post(f"{page(session)}ask/", {"text": "请回电 13800000077"})
    assert answer.status_code == 400
    assert not Question.objects.exists()


def test_a_supervisor_lets_questions_onto_the_page_or_keeps_them_off(session, cast, as_, client):
    question = put(session)
    look = f"{page(session)}questions/{question.pk}/look/"
    assert as_(cast.leader).post(look, {"show": "1"}).status_code == 403
    assert as_(cast.supervisor).post(look, {"show": "1"}).status_code == 302
    assert ASKED in text_of(client.get(page(session)))
    told = Notice.objects.filter(kind="question").values_list("recipient__username", flat=True)
    assert set(told) == {"leader", "cadre2"}
    assert as_(cast.supervisor).post(look, {"show": "0"}).status_code == 302
    assert ASKED not in text_of(client.get(page(session)))


def test_a_leader_answers_by_name_and_a_secretary_with_both_names(session, cast, as_, client):
    first, second = put(session, show_by=cast.supervisor), put(session, "夜里呢", cast.supervisor)
    body = {"answer": "本月划二十个", "answerer": session.answerers.get().pk}
    address = f"{page(session)}questions/{first.pk}/answer/"
    assert as_(cast.leader).post(address, body).status_code == 409  # not begun
    with clock.at(STARTS):
        turn_sessions()
        assert as_(cast.supervisor).post(address, body).status_code == 403
        assert as_(cast.leader).post(address, body).status_code == 302
        address = f"{page(session)}questions/{second.pk}/answer/"
        assert as_(cast.cadre2).post(address, body | {"answer": "夜里也开"}).status_code == 302
        html = text_of(client.get(page(session)))
    assert "本月划二十个" in html
    assert html.count("代办") == 1
    assert "由孙示例代办" in html
    second.refresh_from_db()
    assert (second.answerer.user, second.written_by) == (cast.leader, cast.cadre2)
    look = f"{page(session)}questions/{first.pk}/look/"
    assert as_(cast.supervisor).post(look, {"show": "0"}).status_code == 409


@pytest.mark.parametrize("count", [1, 30])
def test_the_piece_that_pages_fetch_costs_one_query(count, session, cast, client):
    for n in range(count):
        put(session, f"第{n}个问题", cast.supervisor)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(f"{page(session)}questions/")
    assert len(queries) == 1
    assert text_of(answer).count('class="card stack"') == count
    assert "<html" not in text_of(answer)


def test_pages_stop_asking_once_it_is_over(session, cast, client):
    put(session, show_by=cast.supervisor)
    assert 'hx-trigger="every 15s"' in text_of(client.get(page(session)))
    with clock.at(STARTS):
        turn_sessions()
    with clock.at(ENDS):
        turn_sessions()
        assert client.get(f"{page(session)}questions/").status_code == 286
        html = text_of(client.get(page(session)))
    assert "every 15s" not in html
    assert ASKED in html
    assert client.post(f"{page(session)}ask/", {"text": "晚了"}).status_code == 409


def test_an_unanswered_question_becomes_a_voice_with_a_deadline_in_one_act(
    session, cast, as_, client
):
    question = put(session, show_by=cast.supervisor)
    address = f"{page(session)}questions/{question.pk}/voice/"
    body = {"agency": cast.places.jy.pk}
    assert as_(cast.leader).post(address, body).status_code == 403
    assert as_(cast.supervisor).post(address, body).status_code == 302
    voice = Voice.objects.get()
    assert (voice.state, voice.channel, voice.asker, voice.agency) == (
        "asked", "online", "anonymous", cast.places.jy,
    )  # fmt: skip
    assert voice.answer_due_on == dt.date(2026, 3, 13)
    assert as_(cast.supervisor).post(address, body).status_code == 409
    assert voice.code in text_of(client.get(page(session)))
    assert Notice.objects.filter(recipient=cast.liaison, kind="voice-asked").exists()
