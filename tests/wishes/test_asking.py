"""What one person asks and another decides: more days, that it cannot be done, that it be given back."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from jiangdong import clock
from notices.models import Notice
from pairing.models import Cadre
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import act, codes_on, course_of, forms_on, text_of
from tests.wishes.test_resident_link import address_of
from wishes import actions
from wishes.lists import LISTS, watched
from wishes.models import Ask, NumberSetting, Wish

LATER = "2026-03-26"  # a week after the day agreed on


def ask(client, wish, what: str, reason="药要下周才到", **more):
    return act(client, wish, "ask", what=what, reason=reason, **more)


def refuse(client, wish, what: str, reason="再想想办法"):
    return act(client, wish, "refuse", what=what, reason=reason)


def after(wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def number_of(slug: str) -> int:
    return LISTS[slug].of(watched()).count()


class TestMoreDays:
    def test_asked_by_the_handler_granted_by_the_liaison_and_told_to_the_resident(
        self, cast, as_, wish_in, client
    ):
        wish = wish_in("claimed")
        assert ask(as_(cast.cadre), wish, "extend", until=LATER).status_code == 302
        assert str(after(wish).due_on) == "2026-03-19"  # the clock goes on meanwhile
        assert told("ask_extend") == ["liaison"]
        assert act(as_(cast.liaison), wish, "extend").status_code == 302
        assert str(after(wish).due_on) == LATER
        assert told("extended") == ["cadre", "worker"]
        page = text_of(client.get(address_of(wish)))
        assert "说好3月26日前办" in page
        assert "药要下周才到" in page
        granted = Ask.objects.get()
        assert (granted.decided_by, granted.granted) == (cast.liaison, True)
        assert course_of(wish)[-2:] == [
            ("ask_extend", "claimed", "claimed"),
            ("extend", "claimed", "claimed"),
        ]

    def test_it_is_asked_up_to_the_day_and_not_after(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for days, status in ((10, 409), (9, 302)):
            with clock.at(NOW + dt.timedelta(days=days)):
                answer = ask(as_(cast.cadre), wish, "extend", until=LATER)
                assert answer.status_code == status, text_of(answer)

    @pytest.mark.parametrize("until", ["", "2026-03-19", "2026-03-01", "2026-12-31", "很快"])
    def test_a_day_that_is_none_not_later_or_too_late_is_refused(self, until, cast, as_, wish_in):
        wish = wish_in("claimed")
        assert ask(as_(cast.cadre), wish, "extend", until=until).status_code == 400
        assert not Ask.objects.exists()

    def test_how_far_is_a_supervisors_number(self, cast, as_, wish_in):
        NumberSetting.objects.create(name="extend_cap", value=3, changed_by=cast.supervisor)
        wish = wish_in("claimed")
        answer = ask(as_(cast.cadre), wish, "extend", until=LATER)
        assert (answer.status_code, "最晚3月24日" in text_of(answer)) == (400, True)

    def test_only_the_handler_asks(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for who in ("cadre_b", "liaison", "worker", "street", "supervisor", "member"):
            answer = ask(as_(getattr(cast, who)), wish, "extend", until=LATER)
            assert answer.status_code == 403, who

    def test_where_the_only_liaison_asks_the_street_decides_and_never_oneself(
        self, cast, as_, wish_in
    ):
        wish = wish_in("claimed", by=cast.liaison)
        ask(as_(cast.liaison), wish, "extend", until=LATER)
        assert told("ask_extend") == ["street"]
        own = act(as_(cast.liaison), wish, "extend")
        assert (own.status_code, "自己提的不能自己同意" in text_of(own)) == (409, True)
        assert "extend" not in forms_on(text_of(as_(cast.liaison).get(wish.get_absolute_url())), wish)  # fmt: skip
        assert act(as_(cast.street), wish, "extend").status_code == 302

    def test_the_database_knows_no_one_who_granted_their_own(self, cast, wish_in):
        wish_in("asked to extend")
        with (
            pytest.raises(IntegrityError, match="ask_is_granted_by_a_second_person"),
            transaction.atomic(),
        ):
            Ask.objects.update(granted=True, decided_at=NOW, decided_by=cast.cadre)
        with (
            pytest.raises(IntegrityError, match="ask_is_granted_by_a_second_person"),
            transaction.atomic(),
        ):
            Ask.objects.update(granted=True, decided_at=NOW)

    def test_refused_it_says_why_and_may_be_asked_again(self, cast, as_, wish_in):
        wish = wish_in("asked to extend")
        assert refuse(as_(cast.cadre_b), wish, "extend").status_code == 403
        assert refuse(as_(cast.liaison), wish, "extend", reason=" ").status_code == 400
        assert refuse(as_(cast.liaison), wish, "extend").status_code == 302
        assert refuse(as_(cast.liaison), wish, "extend").status_code == 409
        notice = Notice.objects.get(kind="refused")
        assert (notice.recipient, notice.body) == (cast.cadre, "再想想办法")
        assert (after(wish).due_on, Ask.objects.get().granted) == (wish.due_on, False)
        assert ask(as_(cast.cadre), wish, "extend", until=LATER).status_code == 302

    def test_asked_twice_it_waits_for_the_first_answer(self, cast, as_, wish_in):
        wish = wish_in("asked to extend")
        again = ask(as_(cast.cadre), wish, "extend", until=LATER)
        assert (again.status_code, "还没有答复" in text_of(again)) == (409, True)
        with pytest.raises(IntegrityError, match="ask_waits_once"), transaction.atomic():
            Ask.objects.create(wish=wish, what="extend", reason="x", until=LATER, asked_by=cast.cadre)  # fmt: skip

    @pytest.mark.parametrize(
        ("who", "move", "body"),
        [
            ("cadre", "release", {"reason": "赶不上了"}),
            ("cadre", "fulfil", {"note": "提前办好了"}),
            ("worker", "withdraw", {"reason": "不要了"}),
            ("worker", "end", {"ended_by": "moved"}),
            ("cadre", "wait", {"waits_for": "goods", "until": "2026-03-25", "reason": "订了货"}),
        ],
    )
    def test_it_falls_away_with_the_claim_it_was_about(self, who, move, body, cast, as_, wish_in):
        wish = wish_in("asked to extend")
        assert act(as_(getattr(cast, who)), wish, move, **body).status_code == 302
        dropped = Ask.objects.get()
        assert (dropped.decided_by, dropped.granted) == (None, False)
        assert act(as_(cast.street), wish, "extend").status_code == 409

    def test_it_falls_away_with_the_handler_who_asked(self, cast, as_, wish_in):
        wish = wish_in("asked to extend")
        handler = Cadre.objects.get(user=cast.cadre_b)
        act(as_(cast.liaison), wish, "assign", handler=handler.pk)
        assert Ask.objects.get().granted is False

    def test_a_day_that_has_passed_is_not_granted(self, cast, as_, wish_in, later):
        wish = wish_in("asked to extend")
        with later(days=20):
            assert act(as_(cast.liaison), wish, "extend").status_code == 400
        assert after(wish).due_on == wish.due_on

    def test_a_reason_that_names_the_resident_is_caught(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        answer = ask(as_(cast.cadre), wish, "extend", reason=f"{RESIDENT.name}不在", until=LATER)
        assert (answer.status_code, Ask.objects.exists()) == (400, False)

    def test_what_is_asked_is_nothing_but_what_there_is(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        assert ask(as_(cast.cadre), wish, "everything").status_code == 404
        assert refuse(as_(cast.cadre), wish, "").status_code == 404

    def test_it_stands_on_the_desks_of_who_decides(self, cast, as_, wish_in):
        wish = wish_in("asked to extend")
        for who in (cast.liaison, cast.street, cast.worker):
            desk = text_of(as_(who).get("/wishes/desk/?tab=asked"))
            assert (codes_on(desk), "申请延期" in desk) == ([wish.code], True)


class TestThatItCannotBeDone:
    def test_a_second_person_of_the_community_agrees_and_the_resident_reads_it(
        self, cast, as_, wish_in, client
    ):
        wish = wish_in("claimed")
        ask(as_(cast.cadre), wish, "decline", reason="问过几家，都办不到")
        assert told("ask_decline") == ["colleague", "street", "worker"]
        answer = act(as_(cast.worker), wish, "decline", told="问过几家，都办不到，对不住。")
        assert answer.status_code == 302
        wish = after(wish)
        assert (wish.state, wish.agency, wish.told) == (
            "declined", None, "问过几家，都办不到，对不住。",
        )  # fmt: skip
        assert Ask.objects.get().agency == cast.places.jy
        assert "cadre" in told("declined")
        page = client.get(address_of(wish))
        assert (page.status_code, "都办不到，对不住。" in text_of(page)) == (200, True)
        assert trail.events_of(wish).last().note.text == "问过几家，都办不到"

    def test_nobody_of_the_holder_agrees_and_nobody_with_themself(self, cast, as_, wish_in):
        wish = wish_in("asked to decline")
        for who in ("cadre", "cadre_b", "liaison", "supervisor", "member", "worker2"):
            answer = act(as_(getattr(cast, who)), wish, "decline", told="办不到")
            assert answer.status_code == 403, who
        open_wish = wish_in("open")
        ask(as_(cast.worker), open_wish, "decline", reason="没有人能办到")
        own = act(as_(cast.worker), open_wish, "decline", told="办不到")
        assert (own.status_code, "自己提的不能自己同意" in text_of(own)) == (409, True)
        assert act(as_(cast.colleague), open_wish, "decline", told="办不到").status_code == 302

    def test_without_anybody_who_said_so_nothing_is_declined(self, cast, as_, wish_in):
        answer = act(as_(cast.worker), wish_in("claimed"), "decline", told="办不到")
        assert (answer.status_code, "没有人提出办不了" in text_of(answer)) == (409, True)

    def test_a_street_that_holds_it_does_not_agree_with_itself(self, cast, as_, wish_in, later):
        wish = wish_in("open")
        with later(days=8):
            act(as_(cast.street), wish, "claim")
            ask(as_(cast.street), wish, "decline", reason="办不到")
            assert act(as_(cast.street), wish, "decline", told="办不到").status_code == 403
            assert act(as_(cast.worker), wish, "decline", told="办不到").status_code == 302

    def test_whoever_claims_it_answers_that_nobody_can(self, cast, as_, wish_in):
        wish = wish_in("open")
        ask(as_(cast.worker), wish, "decline", reason="没有人能办到")
        act(as_(cast.cadre), wish, "claim")
        assert act(as_(cast.colleague), wish, "decline", told="办不到").status_code == 409
        assert Ask.objects.get().granted is False

    def test_a_word_to_the_resident_is_needed_and_gives_nobody_away(self, cast, as_, wish_in):
        wish = wish_in("asked to decline")
        for words in ("", "  ", f"{RESIDENT.name}您好，办不到", f"已回电{RESIDENT.phone}"):
            assert act(as_(cast.worker), wish, "decline", told=words).status_code == 400, words
        assert after(wish).state == "claimed"

    def test_refused_the_holder_goes_on(self, cast, as_, wish_in):
        wish = wish_in("asked to decline")
        assert refuse(as_(cast.worker), wish, "decline", "隔壁区办成过").status_code == 302
        assert told("refused") == ["cadre"]
        assert after(wish).state == "claimed"

    def test_it_stays_in_every_denominator_and_is_shown_apart(self, cast, as_, wish_in, client):
        wish_in("closed")
        wish_in("declined")
        numbers = {slug: number_of(slug) for slug in ("published", "standing", "declined", "confirmed")}  # fmt: skip
        assert numbers == {"published": 2, "standing": 2, "declined": 1, "confirmed": 1}
        wall = text_of(as_(cast.supervisor).get("/admin/"))
        assert "1 件</a>办不了" in wall
        public = text_of(client.get("/"))
        assert "公开<b>2</b>件心愿" in public
        assert "办不了<b>1</b>件" in public

    def test_answered_in_time_before_it_was_declined_stays_an_answer(self, cast, as_, wish_in):
        wish = wish_in("asked to decline")
        act(as_(cast.worker), wish, "decline", told="办不到，对不住。")
        assert (number_of("answered"), number_of("published")) == (1, 1)


class TestThatItBeGivenBack:
    def test_a_silent_claimant_is_asked_and_after_two_working_days_it_is_taken_back(
        self, cast, as_, wish_in, later
    ):
        wish = wish_in("claimed")
        assert ask(as_(cast.worker), wish, "release", reason="一直联系不上").status_code == 302
        assert told("ask_release") == ["cadre", "liaison"]
        for days in (0, 2):
            with later(days=days):
                answer = act(as_(cast.worker), wish, "lapse")
                assert (answer.status_code, "3月12日以后" in text_of(answer)) == (409, True)
        with later(days=3):
            assert act(as_(cast.worker), wish, "lapse").status_code == 302
        wish = after(wish)
        assert (wish.state, wish.agency) == ("open", None)
        assert trail.events_of(wish).last().note.text == "一直联系不上"
        assert told("lapsed") == ["cadre", "liaison", "worker"]

    def test_who_says_a_word_keeps_it(self, cast, as_, wish_in, later):
        wish = wish_in("silent")
        assert refuse(as_(cast.cadre), wish, "release", "周五就去").status_code == 302
        assert Notice.objects.get(kind="refused").body == "周五就去"
        assert act(as_(cast.worker), wish, "lapse").status_code == 409

    def test_another_handler_has_the_time_anew(self, cast, as_, wish_in):
        wish = wish_in("silent")
        handler = Cadre.objects.get(user=cast.cadre_b)
        act(as_(cast.liaison), wish, "assign", handler=handler.pk)
        assert act(as_(cast.worker), wish, "lapse").status_code == 409

    def test_who_may_ask_for_it(self, cast, as_, wish_in):
        for who, status in (
            ("worker", 302), ("street", 302), ("supervisor", 302), ("cadre", 403), ("liaison", 403),
            ("cadre2", 403), ("supervision_group", 403), ("worker2", 403), ("admin", 403),
        ):  # fmt: skip
            answer = ask(as_(getattr(cast, who)), wish_in("claimed"), "release", reason="没动静")
            assert answer.status_code == status, who


def test_what_was_asked_is_read_by_insiders_alone(cast, as_, wish_in):
    wish = wish_in("asked to extend")
    for who, reads in (
        ("worker", True), ("liaison", True), ("street", True), ("supervisor", True),
        ("cadre2", False), ("member", False), ("worker2", False),
    ):  # fmt: skip
        page = text_of(as_(getattr(cast, who)).get(wish.get_absolute_url()))
        assert ("药要下周才到" in page) is reads, who


def test_erasing_a_resident_empties_what_was_asked_about_their_wish(cast, wish_in):
    wish = wish_in("declined")
    actions.erase_on_request(wish=wish, by=cast.worker)
    assert (Ask.objects.get().reason, after(wish).told) == ("", "")
