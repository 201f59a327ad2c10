"""Round about a voice: reminders, details, figures, lists, spreadsheets, wishes, the admin."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from accounts import trail
from notices import tasks as notice_tasks
from notices.models import DueLine
from pairing import actions as pairing_actions
from pairing.models import Details, Look
from tests.cast import NOW, fresh
from tests.voices.doors import CANARY, TITLE, act, bring, topic
from tests.wishes.doors import dump, text_of
from voices.models import Topic, Voice, VoiceKey, WishLink, Word
from wishes.models import Wish


def swept(later, *days) -> set[tuple[str, str]]:
    """Return which reminders told whom on these days."""
    for day in days:
        with later(days=day):
            notice_tasks.sweep_reminders()
    return set(DueLine.objects.values_list("reminder", "recipient__username"))


class TestReminders:
    def test_an_answer_is_asked_of_the_liaison_then_told_to_street_and_supervisor(
        self, cast, later
    ):
        bring(cast, "asked")  # due on Friday the 13th
        assert swept(later, 1) == set()
        assert swept(later, 2) == {("voice-answer-due", "liaison")}
        assert ("voice-answer-street", "street") in swept(later, 7)
        assert ("voice-answer-supervisor", "supervisor") in swept(later, 8)

    def test_an_urgent_one_is_told_the_same_day(self, cast, as_, later):
        voice = bring(cast, "asked")
        act(as_(cast.street), voice, "urge")
        assert swept(later, 0) == {("voice-answer-due", "liaison")}

    def test_a_settlement_is_asked_for_before_and_after_its_day(self, cast, later):
        bring(cast, "answered")  # due on Friday the 27th
        assert swept(later, 13) == set()
        assert swept(later, 14) == {("voice-settle-due", "liaison")}
        assert ("voice-settle-street", "street") in swept(later, 24)
        assert ("voice-settle-supervisor", "supervisor") in swept(later, 29)

    def test_what_nobody_gave_to_an_agency_goes_up_the_ladder(self, cast, later):
        bring(cast, "noted")
        assert swept(later, 0) == set()
        told = swept(later, 1)
        assert told == {("voice-waits-community", "worker"), ("voice-waits-community", "colleague")}
        assert ("voice-waits-street", "street") in swept(later, 2)
        assert ("voice-waits-supervisor", "supervisor") in swept(later, 3)

    def test_one_of_the_whole_district_is_the_supervisors_from_the_next_day(self, cast, later):
        bring(cast, "noted", by=cast.supervisor, community=None)
        assert swept(later, 1) == {("voice-waits-supervisor", "supervisor")}


class TestDetails:
    @pytest.fixture
    def voice(self, cast):
        return bring(cast, "asked", details=CANARY, consented=True)

    def test_the_liaison_sees_them_with_a_recorded_look(self, voice, cast, as_):
        answer = as_(cast.liaison).post(f"/voices/{voice.code}/asker/")
        assert CANARY.phone in text_of(answer)
        assert list(Look.objects.values_list("by", "why")) == [
            (cast.liaison.pk, f"{voice.code} 联系提的人")
        ]

    def test_others_do_not_or_say_why(self, voice, cast, as_):
        address = f"/voices/{voice.code}/asker/"
        for who in (cast.cadre, cast.leader, cast.worker2, cast.member, cast.admin):
            assert as_(who).post(address).status_code == 403
        assert as_(cast.street).post(address).status_code == 400
        assert as_(cast.street).post(address, {"why": "投诉"}).status_code == 200
        assert Look.objects.count() == 1

    def test_no_list_page_or_table_holds_them(self, voice, cast, as_, client):
        act(as_(cast.liaison), voice, "answer", answer="去看")
        rows = dump()
        pages = [
            as_(getattr(cast, who)).get(address)
            for who in ("worker", "liaison", "street", "supervisor", "leader")
            for address in (
                "/voices/", "/voices/desk/?tab=all", "/voices/all/", f"/voices/{voice.code}/",
                f"/api/v1/voices/{voice.code}/", "/api/v1/voices/",
            )
        ]  # fmt: skip
        text = rows + "".join(text_of(page) for page in pages)
        assert CANARY.name not in text
        assert CANARY.phone not in text

    def test_a_name_in_the_words_is_caught_before_they_are_public(self, cast, as_):
        voice = bring(cast, "noted", details=CANARY, consented=True, text="张示例说的")
        body = {"agency": cast.places.jy.pk, "public": "on"}
        assert act(as_(cast.street), voice, "ask", **body).status_code == 400

    def test_they_are_erased_180_days_after_the_end(self, cast, later):
        voice = bring(cast, "closed", details=CANARY, consented=True)
        Word.objects.create(voice=voice, text="又亮了")
        assert voice.resident.erase_after == NOW.date() + dt.timedelta(days=180)
        pairing_actions.erase_expired(on=NOW.date() + dt.timedelta(days=181))
        voice = Voice.objects.get()
        assert (voice.resident.sealed, voice.words, voice.rating) == ("", "", "satisfied")
        assert not VoiceKey.objects.exists()
        assert not Word.objects.exists()
        assert list(trail.verify()) == []

    def test_and_at_once_when_asked_for(self, voice, cast, as_):
        assert as_(cast.liaison).post(f"/voices/{voice.code}/erase/").status_code == 403
        assert as_(cast.worker).post(f"/voices/{voice.code}/erase/").status_code == 302
        voice.resident.refresh_from_db()
        assert voice.resident.erased_at


def test_a_consent_that_was_ticked_by_oneself_is_taken_by_nobody(cast, client):
    body = {
        "asker": "resident", "title": TITLE, "community": cast.places.qt.pk, "name": "张示例",
        "phone": "13800000077", "contact": "on",
    }  # fmt: skip
    assert client.post("/voices/say/", body).status_code == 200
    consent = Voice.objects.get().resident.consents.get()
    assert (consent.kind, consent.taken_by) == ("contact", None)
    without = client.post("/voices/say/", {**body, "contact": ""})
    assert without.status_code == 400
    assert "checked" not in text_of(client.get("/voices/say/"))


class TestMostRaised:
    def test_each_number_opens_the_list_behind_it(self, cast, as_):
        for state in ("asked", "closed", "settled"):
            bring(cast, state, topic=topic())
        bring(cast, "asked", topic=topic("停车"))
        bring(
            cast, "asked", topic=topic("用工", "企业"), asker="enterprise", enterprise="示例机电厂"
        )
        bring(cast, "noted", topic=topic())  # nobody let it through yet
        supervisor = as_(cast.supervisor)
        html = text_of(supervisor.get("/voices/most/"))
        for word in ("市政", "企业", "七塔社区", "示例机电厂", "3月9日"):
            assert word in html
        parent = Topic.objects.get(name="市政").pk
        listed = text_of(supervisor.get(f"/voices/all/?topic={parent}"))
        assert listed.count('href="/voices/MS-') == 4
        again = text_of(supervisor.get(f"/voices/all/?topic={parent}&list=recurring"))
        assert again.count('href="/voices/MS-') == 2
        factory = text_of(supervisor.get("/voices/all/?enterprise=示例机电厂"))
        assert factory.count('href="/voices/MS-') == 1

    def test_few_cases_are_not_compared(self, cast, as_):
        bring(cast, "closed")
        assert "件数太少，不作比较" in text_of(as_(cast.leader).get("/voices/most/"))

    def test_the_three_rates(self, cast, later):
        from voices.figures import figures
        from voices.rates import COUNTED, rates_of

        bring(cast, "closed")
        bring(cast, "withdrawn")
        bring(cast, "asked")
        with later(days=10):
            late = bring(cast, "answered")
            Voice.objects.filter(pk=late.pk).update(response_due_on="2026-03-13")
        rates = [(r.label, r.yes.number, r.of.number) for r in rates_of(figures(*COUNTED))]
        assert rates == [("响应率", 1, 4), ("解决率", 1, 3), ("满意率", 1, 1)]

    def test_it_is_for_those_who_watch(self, cast, as_):
        assert as_(cast.worker).get("/voices/most/").status_code == 403
        assert as_(cast.liaison).get("/voices/all/").status_code == 403


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("worker", "/voices/desk/?tab=all"),
        ("supervisor", "/voices/desk/?tab=all"),
        ("supervisor", "/voices/all/"),
        ("supervisor", "/voices/most/"),
        ("supervisor", "/admin/voices/voice/"),
        (None, "/voices/"),
        ("worker", "/api/v1/voices/"),
    ],
)
def test_lists_ask_as_much_for_one_voice_as_for_thirty(who, address, cast, as_):
    def queries() -> int:
        client = as_(getattr(cast, who) if who else None)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    bring(cast, "asked", topic=topic())
    one = queries()
    for _n in range(9):
        bring(cast, "asked", topic=topic())
    assert queries() == one


def test_a_desk_goes_out_as_a_spreadsheet_with_formulas_escaped(cast, as_):
    bring(cast, "asked", title="=1+1", details=CANARY, consented=True)
    answer = as_(cast.worker).post("/exports/voices-desk/ask/?tab=all", {"format": "xlsx"})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    assert rows[0][0] == "编号"
    assert len(rows) == 2
    assert CANARY.phone not in str(rows)
    assert "=1+1" not in [
        cell for cell in rows[1] if isinstance(cell, str) and cell.startswith("=")
    ]


class TestCrossing:
    def test_a_voice_becomes_a_wish_and_both_point_across(self, cast, as_):
        voice = bring(cast, "asked")
        worker = as_(cast.worker)
        body = {"title": "想有人陪着去看灯", "kind": "companionship"}
        answer = worker.post(f"/voices/{voice.code}/wish/", body)
        wish = Wish.objects.get()
        assert answer["Location"] == f"/wishes/{wish.code}/"
        assert wish.code in text_of(worker.get(f"/voices/{voice.code}/"))
        assert f'href="/voices/{voice.code}/"' in text_of(worker.get(wish.get_absolute_url()))
        assert (wish.state, wish.logged_by) == ("draft", cast.worker)
        assert as_(cast.street).get(f"/voices/{voice.code}/wish/").status_code == 403
        voice.refresh_from_db()
        assert voice.state == "asked"

    def test_a_wish_becomes_a_voice_with_the_wish_referred(self, cast, as_, wish_in):
        wish = wish_in("open")
        worker = as_(cast.worker)
        address = f"/voices/from-wish/{wish.code}/"
        assert address in text_of(worker.get(wish.get_absolute_url()))
        assert address not in text_of(as_(cast.cadre).get(wish.get_absolute_url()))
        assert worker.get(address).status_code == 200
        assert worker.post(address, {"told": ""}).status_code == 400
        assert worker.post(address, {"told": "请打 13800000077"}).status_code == 400
        assert not Voice.objects.exists()
        answer = worker.post(address, {"told": "归城管局，三天内给答复"})
        voice = Voice.objects.get()
        assert answer["Location"] == f"/voices/{voice.code}/"
        wish.refresh_from_db()
        assert (wish.state, wish.referred_to, wish.receipt) == ("referred", "voice", voice.code)
        assert (voice.title, voice.resident_id) == (wish.title, wish.resident_id)
        assert voice.resident.erase_after is None
        assert WishLink.objects.get().voice_first is False
        page = text_of(worker.get(wish.get_absolute_url()))
        assert f'href="/voices/{voice.code}/"' in page
        assert address not in page
        assert worker.post(address, {"told": "再转一次"}).status_code == 409
        assert as_(cast.worker2).get(address).status_code == 404


class TestAdmin:
    def test_a_supervisor_asks_and_hands_on_by_dialogs(self, cast, as_):
        voice = bring(cast, "noted")
        supervisor = as_(cast.supervisor)
        base = f"/admin/voices/voice/{voice.pk}"
        assert TITLE in text_of(supervisor.get("/admin/voices/voice/"))
        assert "交给单位" in text_of(supervisor.get(f"{base}/change/"))
        answer = supervisor.post(f"{base}/ask/", {"agency": cast.places.jy.pk})
        assert answer["Location"] == f"{base}/change/"
        body = {"agency": cast.places.wb.pk, "reason": "归他们管"}
        assert supervisor.post(f"{base}/hand_on/", body).status_code == 302
        assert supervisor.post(f"{base}/urge/").status_code == 302
        voice.refresh_from_db()
        assert (voice.agency, voice.urgent) == (cast.places.wb, True)

    def test_a_supervision_group_reads_and_changes_nothing(self, cast, as_):
        voice = bring(cast, "asked")
        group = as_(cast.supervision_group)
        assert group.get(f"/admin/voices/voice/{voice.pk}/change/").status_code == 200
        assert group.post(f"/admin/voices/voice/{voice.pk}/urge/").status_code == 403

    def test_supervisors_keep_the_tree_of_topics_at_two_levels(self, cast, as_):
        below = topic()
        supervisor = as_(cast.supervisor)
        body = {"name": "照明", "parent": below.parent_id, "position": 1, "offered": "on"}
        assert supervisor.post("/admin/voices/topic/add/", body).status_code == 302
        deeper = supervisor.post("/admin/voices/topic/add/", body | {"parent": below.pk})
        assert deeper.status_code == 200
        above = f"/admin/voices/topic/{below.parent_id}/change/"
        other = Topic.objects.create(name="环境")
        moved = {"name": "市政", "parent": other.pk, "position": 0, "offered": "on"}
        assert supervisor.post(above, moved).status_code == 200
        assert Topic.objects.get(name="市政").parent is None


class TestApi:
    def test_a_worker_notes_and_reads_it(self, cast, as_):
        body = {"title": TITLE, "channel": "visit", "asker": "resident", "may_publish": True}
        worker = as_(cast.worker)
        answer = worker.post("/api/v1/voices/", body, content_type="application/json")
        assert answer.status_code == 201
        told = answer.json()
        assert (told["state"], told["community"], told["asker"]) == ("noted", "QT", "resident")
        assert set(told["moves"]) == {"ask", "withdraw", "dismiss"}
        events = worker.get(f"/api/v1/voices/{told['code']}/events/").json()["results"]
        assert [(e["move"], e["from"], e["to"], e["on"]) for e in events] == [
            ("note", "", "noted", "2026-03-10")
        ]

    def test_what_is_wrong_is_said_by_field(self, cast, as_):
        worker = as_(cast.worker)
        body = {"title": TITLE, "channel": "smoke", "asker": "resident"}
        answer = worker.post("/api/v1/voices/", body, content_type="application/json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["channel"])
        body |= {"channel": "visit", "contact": {"phone": "13800000077"}}
        answer = worker.post("/api/v1/voices/", body, content_type="application/json")
        assert answer.status_code == 400
        body = {"title": TITLE, "channel": "visit", "asker": "resident", "community": "HC"}
        answer = worker.post("/api/v1/voices/", body, content_type="application/json")
        assert answer.status_code == 403

    def test_the_public_reads_less_than_insiders(self, cast, as_):
        voice = bring(cast, "closed")
        outsider = as_(cast.cadre2).get(f"/api/v1/voices/{voice.code}/").json()
        insider = as_(cast.worker).get(f"/api/v1/voices/{voice.code}/").json()
        assert not {"words", "asker", "enterprise"} & set(outsider)
        assert insider["words"] == "亮堂了"

    def test_filters(self, cast, as_):
        bring(cast, "asked", topic=topic())
        bring(cast, "closed")
        supervisor = as_(cast.supervisor)

        def found(query: str) -> int:
            return len(supervisor.get(f"/api/v1/voices/?{query}").json()["results"])

        assert found("state=asked") == found("list=confirmed") == found(f"topic={topic().pk}") == 1
        assert found("agency=JY&community=QT&q=路灯") == 2
        assert found("urgent=true") == 0
        assert supervisor.get("/api/v1/voices/?week=9999-12-31").status_code == 200
        assert supervisor.get("/api/v1/voices/?list=nothing").status_code == 400


def test_the_database_keeps_what_a_state_means(cast):
    voice = bring(cast, "asked")
    for wrong in (
        {"agency": None}, {"state": "settled"}, {"rating": "fair"}, {"asker": "enterprise"},
        {"may_publish": False}, {"closed_on": NOW.date()}, {"state": "nowhere"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Voice.objects.filter(pk=voice.pk).update(**wrong)


def test_a_worker_changes_the_words_before_an_agency_is_asked(cast, as_):
    voice = bring(cast, "noted", text="找我 13800000077")
    worker = as_(cast.worker)
    assert "像手机号码" in text_of(worker.get(f"/voices/{voice.code}/"))
    body = {"title": "路灯坏了", "text": "晚上看不见", "community": cast.places.qt.pk}
    assert worker.post(f"/voices/{voice.code}/edit/", body).status_code == 302
    voice.refresh_from_db()
    assert (voice.title, voice.text) == ("路灯坏了", "晚上看不见")
    act(worker, voice, "ask", agency=cast.places.jy.pk, public="on")
    assert worker.post(f"/voices/{voice.code}/edit/", body)["Location"] == f"/voices/{voice.code}/"


def test_an_asker_without_details_leaves_none(cast):
    assert bring(cast, "asked", details=Details()).resident is None
    assert fresh(cast.worker)
