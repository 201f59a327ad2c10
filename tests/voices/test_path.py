"""The way of a voice from end to end, in everybody's shoes: a resident, a worker, a liaison, a supervisor."""

import datetime as dt
import re

import pytest

from jiangdong.privacy import unseal
from notices.models import Notice
from tests.voices.doors import TITLE, act, bring, course_of, topic
from tests.wishes.doors import text_of
from voices.models import Voice

SAID = {"asker": "resident", "title": TITLE, "may_publish": "on"}


def code_on(response) -> str:
    return re.search(r'class="secret">([A-Z0-9-]+)<', text_of(response))[1]


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).values_list("title", flat=True))


@pytest.fixture
def said(cast, client):
    """Say something as a resident with a telephone and no account; return the voice and the code."""
    answer = client.post("/voices/say/", {**SAID, "community": cast.places.qt.pk})
    assert answer.status_code == 200
    return Voice.objects.get(), code_on(answer)


def test_a_resident_says_something_and_is_asked_at_the_end_whether_it_is_settled(
    cast, client, as_, said
):
    voice, code = said
    assert (voice.state, voice.asker, voice.channel) == ("noted", "resident", "forum")
    assert told(cast.worker) == [f"有人说了一件事：{TITLE}"]
    follow = {"code": code.lower().replace("-", " ")}
    assert "正在看" in text_of(client.post("/voices/follow/", follow))

    body = {"agency": cast.places.jy.pk, "topic": topic().pk, "public": "on"}
    assert act(as_(cast.worker), voice, "ask", **body).status_code == 302
    assert told(cast.liaison) == [f"请答复：{TITLE}"]
    assert TITLE in text_of(client.get("/voices/"))
    assert "区教育局" in text_of(client.post("/voices/follow/", follow))

    liaison = as_(cast.liaison)
    assert act(liaison, voice, "answer", answer="看过了，这周换灯。").status_code == 302
    assert act(liaison, voice, "settle", settlement="周三换了四盏。").status_code == 302
    page = text_of(client.post("/voices/follow/", follow))
    assert "看过了，这周换灯。" in page
    assert "解决了吗" in page

    answer = {"code": code, "what": "rate", "rating": "satisfied", "words": "亮堂了"}
    assert "您说：满意" in text_of(client.post("/voices/follow/answer/", answer))
    voice.refresh_from_db()
    assert (voice.state, voice.rating, voice.how) == ("closed", "satisfied", "oneself")
    assert course_of(voice) == [
        ("note", "", "noted"),
        ("ask", "noted", "asked"),
        ("answer", "asked", "answered"),
        ("settle", "answered", "settled"),
        ("rate", "settled", "closed"),
    ]


def test_the_days_run_in_working_days_from_the_asking(cast):
    voice = bring(cast, "asked")
    assert voice.response_due_on == voice.answer_due_on == dt.date(2026, 3, 13)
    assert voice.settle_due_on == dt.date(2026, 3, 27)


def test_what_is_not_settled_goes_back_to_the_agency_with_five_working_days(cast, client):
    voice = bring(cast, "settled")
    token = unseal(voice.key.sealed_token)["token"]
    page = f"/r/voice/{token}/"
    before = Voice.objects.values().get()
    assert client.get(page).status_code == 200
    assert Voice.objects.values().get() == before
    answer = client.post(f"{page}reopen/", {"reason": "又灭了两盏"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    voice.refresh_from_db()
    assert (voice.state, voice.reopened, voice.agency) == ("asked", 1, cast.places.jy)
    assert voice.answer_due_on == voice.settle_due_on == dt.date(2026, 3, 17)
    assert voice.response_due_on == dt.date(2026, 3, 13)
    assert f"提的人说没有解决：{TITLE}" in told(cast.liaison)


def test_a_second_answer_finds_nothing_to_answer(cast, client):
    voice = bring(cast, "settled")
    page = f"/r/voice/{unseal(voice.key.sealed_token)['token']}/"
    assert client.post(f"{page}rate/", {"rating": "fair"}).status_code == 302
    again = client.post(f"{page}rate/", {"rating": "unsatisfied"})
    assert again.status_code == 409
    voice.refresh_from_db()
    assert voice.rating == "fair"


def test_a_link_that_was_altered_is_not_found(cast, client):
    bring(cast, "settled")
    assert client.get("/r/voice/made-up-token-made-up-token-made/").status_code == 404


def test_the_worker_hands_the_link_over(cast, as_):
    voice = bring(cast, "asked")
    token = unseal(voice.key.sealed_token)["token"]
    assert token in text_of(as_(cast.worker).get(f"/voices/{voice.code}/slip/"))
    assert as_(cast.liaison).get(f"/voices/{voice.code}/slip/").status_code == 404


def test_the_asker_writes_back_and_the_agency_reads_it(cast, client, as_, said):
    voice, code = said
    body = {"code": code, "what": "write", "text": "西门那盏也坏了"}
    assert client.post("/voices/follow/answer/", body).status_code == 200
    assert "西门那盏也坏了" in text_of(as_(cast.worker).get(f"/voices/{voice.code}/"))
    assert f"提的人又写了几句：{TITLE}" in told(cast.worker)


def test_a_worker_notes_what_was_said_on_the_hotline(cast, as_):
    body = {
        "title": TITLE, "channel": "hotline", "asker": "resident",
        "name": "张示例", "phone": "13800000077", "contact": "on",
    }  # fmt: skip
    answer = as_(cast.worker).post("/voices/note/", body)
    voice = Voice.objects.get()
    assert answer["Location"] == f"/voices/{voice.code}/"
    assert (voice.community, voice.logged_by) == (cast.places.qt, cast.worker)
    assert voice.resident.sealed
    assert "张示例" not in str(Voice.objects.values().get())


def test_details_without_consent_are_not_kept(cast, as_):
    body = {"title": TITLE, "channel": "hotline", "asker": "resident", "phone": "13800000077"}
    answer = as_(cast.worker).post("/voices/note/", body)
    assert answer.status_code == 400
    assert not Voice.objects.exists()


def test_recurrence_is_linked_by_topic_and_community_within_ninety_days(cast, later):
    first = bring(cast, "asked", topic=topic())
    with later(days=89):
        again = bring(cast, "asked", topic=topic())
    with later(days=300):
        long_after = bring(cast, "asked", topic=topic())
    assert (again.follows, long_after.follows) == (first, None)
