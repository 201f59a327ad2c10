"""What one takes along: the card for a visit, the hand-over slip, dates for one's calendar."""

import datetime as dt

import icalendar
import pytest

from pairing.models import Look
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import text_of
from wishes import actions
from wishes.models import Wish


class TestVisit:
    def test_the_card_says_what_to_bring_and_whom_to_ring_without_the_residents_details(
        self, cast, as_, wish_in
    ):
        wish = wish_in("claimed", money_source="condolence")
        html = text_of(as_(cast.cadre).get(f"/wishes/{wish.code}/visit/"))
        for said in (wish.title, "单位慰问经费", "3月19日前", "林示例", "138 0000 0001", "工作证"):
            assert said in html
        assert "同意记录和联系：同意" in html
        assert "同意记录健康或儿童信息：<strong>没有同意" in html
        assert not [fact for fact in vars(RESIDENT).values() if fact in html]
        assert Look.objects.count() == 0

    def test_address_and_note_are_shown_when_asked_and_the_look_is_recorded(
        self, cast, as_, wish_in
    ):
        wish = wish_in("claimed")
        answer = as_(cast.cadre).post(f"/wishes/{wish.code}/visit/")
        assert [fact for fact in vars(RESIDENT).values() if fact in text_of(answer)] == list(
            vars(RESIDENT).values()
        )
        assert "no-store" in answer["Cache-Control"]
        look = Look.objects.get()
        assert (look.by, look.resident, look.why) == (
            cast.cadre,
            wish.resident,
            f"{wish.code} 上门前看",
        )

    def test_a_member_of_an_association_is_brought_there_by_the_community(
        self, cast, as_, wish_in, later
    ):
        with later(days=6):
            wish = wish_in("open")
        with later(days=20):
            actions.claim(wish=wish, by=cast.member)
            client = as_(cast.member)
            assert "请社区带你上门" in text_of(client.get(f"/wishes/{wish.code}/visit/"))
            assert client.post(f"/wishes/{wish.code}/visit/").status_code == 403
        assert Look.objects.count() == 0

    @pytest.mark.parametrize("state", ["open", "closed", "withdrawn"])
    def test_there_is_no_card_when_nothing_is_in_hand(self, cast, as_, wish_in, state):
        wish = wish_in(state)
        for who in (cast.cadre, cast.worker):
            assert as_(who).get(f"/wishes/{wish.code}/visit/").status_code == 404

    def test_others_of_the_agency_and_the_street_have_none(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for who in (cast.cadre_b, cast.liaison, cast.street, cast.supervisor):
            assert as_(who).get(f"/wishes/{wish.code}/visit/").status_code == 404
            assert as_(who).post(f"/wishes/{wish.code}/visit/").status_code == 404

    def test_the_slip_names_things_and_the_source_of_the_money_and_no_amount(
        self, cast, as_, wish_in
    ):
        wish = wish_in("claimed", money_source="own", estimate="287.50")
        html = text_of(as_(cast.cadre).get(f"/wishes/{wish.code}/handover/"))
        assert "自己出" in html
        assert wish.title in html
        assert "287" not in html
        assert not [fact for fact in vars(RESIDENT).values() if fact in html]


def read(answer) -> list[icalendar.Event]:
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


class TestCalendar:
    def test_what_one_promised_is_a_whole_day(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        answer = as_(cast.cadre).get(f"/wishes/{wish.code}/calendar/")
        assert answer["Content-Disposition"] == f'attachment; filename="{wish.code}.ics"'
        (event,) = read(answer)
        assert event.decoded("dtstart") == wish.due_on == dt.date(2026, 3, 19)
        assert event.decoded("dtstamp") == NOW
        assert (str(event["uid"]), str(event["summary"]), str(event["url"])) == (
            f"{wish.code}@testserver",
            f"微心愿：{wish.title}",
            f"http://testserver/wishes/{wish.code}/",
        )
        assert not [fact for fact in vars(RESIDENT).values() if fact in answer.content.decode()]

    def test_what_not_everybody_sees_is_called_by_its_code(self, cast, as_, wish_in):
        wish = wish_in("claimed", visibility="paired")
        (event,) = read(as_(cast.cadre).get(f"/wishes/{wish.code}/calendar/"))
        assert str(event["summary"]) == f"微心愿：{wish.code}"

    def test_all_of_ones_own_are_one_file_the_soonest_first(self, cast, as_, wish_in):
        late = wish_in("claimed", due_on=dt.date(2026, 4, 2))
        soon = wish_in("claimed", due_on=dt.date(2026, 3, 12))
        wish_in("closed")
        wish_in("claimed", by=cast.cadre_b)
        days = [
            event.decoded("dtstart")
            for event in read(as_(cast.cadre).get("/wishes/mine/calendar/"))
        ]
        assert days == [soon.due_on, late.due_on]

    def test_what_one_helps_with_counts_as_ones_own(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        actions.gather(wish=wish, by=cast.cadre)
        actions.join(wish=Wish.objects.get(pk=wish.pk), by=cast.cadre_b)
        (event,) = read(as_(cast.cadre_b).get("/wishes/mine/calendar/"))
        assert str(event["uid"]).startswith(wish.code)

    def test_with_nothing_promised_the_file_is_empty_and_whole(self, cast, as_):
        assert read(as_(cast.cadre).get("/wishes/mine/calendar/")) == []

    def test_other_peoples_promises_are_not_given_away(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for who in (cast.worker, cast.cadre_b, cast.supervisor):
            assert as_(who).get(f"/wishes/{wish.code}/calendar/").status_code == 404


def test_the_wishs_page_offers_exactly_what_opens(cast, as_, wish_in):
    for state in ("draft", "open", "claimed", "fulfilled", "closed"):
        wish = wish_in(state)
        for who in (cast.worker, cast.cadre, cast.liaison, cast.street):
            client = as_(who)
            page = client.get(f"/wishes/{wish.code}/")
            if page.status_code == 404:
                continue
            html = text_of(page)
            for name in ("visit", "handover", "calendar", "share"):
                address = f"/wishes/{wish.code}/{name}/"
                opens = client.get(address).status_code == 200
                assert opens == (f'href="{address}"' in html), (state, who, name)
