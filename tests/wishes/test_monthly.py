"""每月一题: a supervisor sets it, its owner settles it, a second person confirms, and everybody reads it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from accounts.models import DistrictRole
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from notices import actions as notices
from notices.models import DueLine, Notice
from tests.cast import NOW, SINCE, fresh
from tests.wishes.doors import text_of
from wishes.actions import monthly
from wishes.models import MonthlyTopic, Wish

DUE = dt.date(2026, 4, 10)


@pytest.fixture
def topic(cast) -> MonthlyTopic:
    return set_one(cast)


def set_one(cast, **words) -> MonthlyTopic:
    facts = {
        "month": dt.date(2026, 3, 1),
        "title": "老楼的楼道灯",
        "why": "三个月里修了三回",
        "owner": cast.places.jy,
        "due_on": DUE,
        "by": cast.supervisor,
    }
    return monthly.set_topic(**(facts | words))


def course_of(topic) -> list[tuple[str, str, str]]:
    return list(trail.events_of(topic).values_list("move", "from_state", "to_state"))


class TestSetting:
    def form(self, cast, **words) -> dict:
        return {
            "month": "2026-03-01",
            "title": "老楼的楼道灯",
            "why": "三个月里修了三回",
            "owner": cast.places.jy.pk,
            "due_on": "2026-04-10",
        } | words

    def test_a_supervisor_sets_it_and_the_owners_liaison_is_told(self, cast, as_):
        answer = as_(cast.supervisor).post("/wishes/monthly/new/", self.form(cast))
        topic = MonthlyTopic.objects.get()
        assert answer["Location"] == topic.get_absolute_url()
        assert (topic.title, topic.owner, topic.due_on, topic.state) == (
            "老楼的楼道灯",
            cast.places.jy,
            DUE,
            "open",
        )
        assert course_of(topic) == [("set", "", "open")]
        assert [notice.recipient for notice in Notice.objects.filter(kind="topic-set")] == [
            cast.liaison
        ]

    def test_it_takes_the_wishes_that_keep_coming_back_along(self, cast, as_, wish_in, later):
        words = {"title": "楼道里的声控灯坏了", "kind": "repair"}
        first, other = wish_in("closed", **words), wish_in("open", title="想学写毛笔字")
        with later(days=30):
            again = wish_in("open", **words)
            client = as_(cast.supervisor)
            page = text_of(client.get(f"/wishes/monthly/new/?of={again.code}"))
            assert "楼道里的声控灯坏了" in page
            form = self.form(cast, month="2026-04-01", due_on="2026-05-08")
            client.post(f"/wishes/monthly/new/?of={again.code}", form)
            topic = MonthlyTopic.objects.get()
            assert set(topic.wishes.all()) == {first, again}
            assert Wish.objects.get(pk=other.pk).topic is None
            html = text_of(client.get(topic.get_absolute_url()))
            assert first.code in html
            assert "每月一题" in text_of(client.get(again.get_absolute_url()))

    def test_a_title_stands_once_in_a_month(self, cast, as_, topic):
        answer = as_(cast.supervisor).post("/wishes/monthly/new/", self.form(cast))
        assert answer.status_code == 400
        assert "这个月已经有这一题了" in text_of(answer)
        assert set_one(cast, month=dt.date(2026, 4, 1)).month == dt.date(2026, 4, 1)

    def test_texts_for_everybody_name_nobodys_telephone(self, cast, as_):
        form = self.form(cast, why="请打 13800000077")
        answer = as_(cast.supervisor).post("/wishes/monthly/new/", form)
        assert answer.status_code == 400
        assert not MonthlyTopic.objects.exists()

    def test_a_day_that_is_over_and_a_month_long_gone_are_refused(self, cast, as_):
        client = as_(cast.supervisor)
        for wrong in ({"due_on": "2026-03-09"}, {"month": "2025-12-01"}, {"month": "x"}):
            answer = client.post("/wishes/monthly/new/", self.form(cast, **wrong))
            assert answer.status_code == 400

    @pytest.mark.parametrize("who", ["worker", "liaison", "street", "supervision_group", "cadre"])
    def test_nobody_else_sets_one(self, who, cast, as_):
        person = getattr(cast, who)
        assert as_(person).get("/wishes/monthly/new/").status_code == 403
        with pytest.raises(NotAllowed):
            set_one(cast, by=person)


class TestSettling:
    def test_the_owner_says_so_and_a_supervisor_confirms(self, cast, as_, topic):
        address = topic.get_absolute_url()
        liaison, supervisor = as_(cast.liaison), as_(cast.supervisor)
        assert "report/" in text_of(liaison.get(address))
        assert liaison.post(f"{address}report/", {"result": "换了声控灯"}).status_code == 302
        assert Notice.objects.filter(kind="topic-reported", recipient=cast.supervisor).exists()
        assert "settle/" in text_of(supervisor.get(address))
        assert supervisor.post(f"{address}settle/").status_code == 302
        topic.refresh_from_db()
        assert (topic.state, topic.result, topic.settled_by) == (
            "settled",
            "换了声控灯",
            cast.supervisor,
        )
        assert Notice.objects.filter(kind="topic-settled", recipient=cast.liaison).exists()
        assert course_of(topic)[1:] == [
            ("report", "open", "reported"),
            ("settle", "reported", "settled"),
        ]

    def test_a_supervisor_sends_it_back_saying_what_is_missing(self, cast, as_, topic):
        monthly.report_topic(topic=topic, by=cast.liaison, result="换了一半")
        client, address = as_(cast.supervisor), topic.get_absolute_url()
        assert client.post(f"{address}return/", {"reason": ""}).status_code == 400
        assert client.post(f"{address}return/", {"reason": "还有两栋"}).status_code == 302
        topic.refresh_from_db()
        assert (topic.state, topic.result, topic.reported_by) == ("open", "", None)

    def test_a_result_is_needed(self, cast, as_, topic):
        address = f"{topic.get_absolute_url()}report/"
        assert as_(cast.liaison).post(address, {"result": " "}).status_code == 400
        with pytest.raises(NotValid):
            monthly.report_topic(topic=topic, by=cast.liaison, result=" ")

    def test_nobody_settles_before_the_owner_nor_twice(self, cast, as_, topic):
        address = topic.get_absolute_url()
        assert as_(cast.supervisor).post(f"{address}settle/").status_code == 409
        monthly.report_topic(topic=topic, by=cast.liaison, result="好了")
        with pytest.raises(NotNow):
            monthly.report_topic(topic=topic, by=cast.liaison, result="好了")

    def test_nobody_confirms_what_they_said_themselves(self, cast, topic):
        DistrictRole.objects.create(user=cast.liaison, role="supervisor", term=SINCE)
        both = fresh(cast.liaison)
        monthly.report_topic(topic=topic, by=both, result="好了")
        with pytest.raises(NotNow):
            monthly.settle_topic(topic=topic, by=both)

    @pytest.mark.parametrize("move", ["report", "settle", "return"])
    @pytest.mark.parametrize("who", ["worker", "cadre", "liaison2", "street", "supervision_group"])
    def test_nobody_else_moves_it(self, who, move, cast, as_, topic):
        answer = as_(getattr(cast, who)).post(f"{topic.get_absolute_url()}{move}/", {})
        assert answer.status_code == 403
        assert "牵头单位的联络员说办结" in text_of(answer)


class TestReading:
    def test_everybody_reads_the_topics(self, cast, as_, client, topic):
        for reader in (client, as_(cast.cadre), as_(cast.stranger)):
            html = text_of(reader.get("/wishes/monthly/"))
            assert "老楼的楼道灯" in html
            assert "区教育局" in html
            page = text_of(reader.get(topic.get_absolute_url()))
            assert "三个月里修了三回" in page
            assert "/report/" not in page
            assert "/settle/" not in page

    def test_without_topics_the_page_says_what_it_is(self, db, client):
        assert "还没有定过题" in text_of(client.get("/wishes/monthly/"))
        assert client.get("/wishes/monthly/999/").status_code == 404

    def test_it_is_found_from_the_pairings(self, cast, client):
        assert "/wishes/monthly/" in text_of(client.get("/pairing/"))


def test_its_owner_is_reminded_before_and_after_the_day(cast, topic, later):
    with later(days=30):  # 9 April, a working day before
        notices.sweep(day=clock.today())
    lines = DueLine.objects.filter(reminder="monthly-topic-due")
    assert {line.recipient for line in lines} == {cast.liaison}
    before = lines.count()
    monthly.report_topic(topic=topic, by=cast.liaison, result="好了")
    with later(days=31):
        notices.sweep(day=clock.today())
    assert lines.count() == before


IMPOSSIBLE = [
    {"month": dt.date(2026, 3, 2)},
    {"state": "lost"},
    {"result": "好了"},
    {"state": "reported"},
    {"state": "settled", "result": "好了"},
    {"settled_at": NOW},
]


@pytest.mark.parametrize("values", IMPOSSIBLE, ids=str)
def test_an_impossible_row_is_refused(values, topic):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyTopic.objects.filter(pk=topic.pk).update(**values)
