"""Fulfilling a wish together (帮帮团): one lead, others who join and leave, a goal that can be split."""

import threading
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from jiangdong.refusals import NotNow
from notices.models import Notice
from pairing import actions as pairing
from pairing.models import Cadre
from tests.cast import RESIDENT, fresh, signed_in
from tests.wishes.doors import act, codes_on, course_of, forms_on, text_of
from tests.wishes.test_race import crowd, long_ago, together  # noqa: F401 - a fixture
from wishes import actions
from wishes.actions import gate
from wishes.models import Helper, Wish


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def helping(wish: Wish) -> list[tuple[str, int]]:
    """Return who helps now, and with how much."""
    helpers = Helper.objects.current().filter(wish=wish)
    return list(helpers.values_list("user__username", "share"))


class TestJoining:
    def test_a_claim_may_ask_others_and_they_join_it_and_the_lead_is_told(self, cast, as_, wish_in):
        wish = wish_in("open")
        act(as_(cast.cadre), wish, "claim", together="on")
        assert act(as_(cast.cadre_b), wish, "join").status_code == 302
        wish.refresh_from_db()
        assert (wish.state, wish.handler, wish.together) == ("claimed", cast.cadre, True)
        assert helping(wish) == [("cadre_b", 1)]
        assert course_of(wish)[-1] == ("join", "claimed", "claimed")
        assert told("joined") == ["cadre"]

    def test_a_claim_begun_alone_may_ask_others_later(self, cast, as_, wish_in, later):
        wish = wish_in("claimed")
        with later(days=8):
            alone = act(as_(cast.member), wish, "join")
            assert (alone.status_code, "对方没有请大家一起办。" in text_of(alone)) == (409, True)
            assert act(as_(cast.cadre), wish, "gather").status_code == 302
            assert act(as_(cast.cadre), wish, "gather").status_code == 409
            assert act(as_(cast.member), wish, "join").status_code == 302
        assert helping(wish) == [("member", 1)]

    def test_only_the_lead_and_their_liaison_ask_others(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for who in ("worker", "cadre_b", "street", "member", "supervisor"):
            assert act(as_(getattr(cast, who)), wish, "gather").status_code == 403, who
        assert act(as_(cast.liaison), wish, "gather").status_code == 302

    def test_nobody_joins_twice_and_the_lead_does_not_join_themself(self, cast, as_, wish_in):
        wish = wish_in("joined")
        assert act(as_(cast.cadre_b), wish, "join").status_code == 409
        assert act(as_(cast.cadre), wish, "join").status_code == 403
        assert helping(wish) == [("cadre_b", 1)]

    def test_who_leaves_says_why_may_come_back_and_each_part_stays_on_record(
        self, cast, as_, wish_in
    ):
        wish = wish_in("joined")
        helper = as_(cast.cadre_b)
        assert act(helper, wish, "leave").status_code == 400
        assert act(helper, wish, "leave", reason="调去别处了").status_code == 302
        assert helping(wish) == []
        assert Notice.objects.get(kind="left").body == "调去别处了"
        assert act(helper, wish, "leave", reason="再说一遍").status_code == 403
        assert act(helper, wish, "join").status_code == 302
        assert Helper.objects.filter(wish=wish).count() == 2
        assert helping(wish) == [("cadre_b", 1)]

    def test_while_it_waits_others_still_join(self, cast, as_, wish_in):
        wish = wish_in("waiting")
        act(as_(cast.cadre), wish, "gather")
        assert act(as_(cast.liaison), wish, "join").status_code == 302
        wish.refresh_from_db()
        assert wish.state == "waiting"


class TestAGoalThatCanBeSplit:
    @pytest.fixture
    def chairs(self, cast, as_, wish_in) -> Wish:
        wish = wish_in("open", title="活动室想要十把椅子", kind="goods", goal=10)
        act(as_(cast.cadre), wish, "claim", share="3")
        return Wish.objects.get(pk=wish.pk)

    def test_a_part_of_it_asks_others_by_itself(self, chairs):
        assert (chairs.together, chairs.lead_share, chairs.shares_taken) == (True, 3, 3)

    def test_all_of_it_is_taken_alone(self, cast, as_, wish_in):
        wish = wish_in("open", kind="goods", goal=10)
        act(as_(cast.cadre), wish, "claim", share="10")
        wish.refresh_from_db()
        assert (wish.together, wish.shares_taken) == (False, 10)

    def test_shares_add_up_to_the_last_one_and_no_further(self, cast, as_, chairs):
        assert act(as_(cast.cadre_b), chairs, "join", share="6").status_code == 302
        too_much = act(as_(cast.liaison), chairs, "join", share="2")
        assert (too_much.status_code, "只差 1 份了。" in text_of(too_much)) == (400, True)
        assert act(as_(cast.liaison), chairs, "join", share="1").status_code == 302
        full = act(as_(cast.street), chairs, "join", share="1")
        assert (full.status_code, "要的份数已经够了" in text_of(full)) == (409, True)
        assert helping(chairs) == [("cadre_b", 6), ("liaison", 1)]

    def test_more_than_the_goal_is_not_claimed(self, cast, as_, wish_in):
        wish = wish_in("open", kind="goods", goal=10)
        assert act(as_(cast.cadre), wish, "claim", share="11").status_code == 400
        for nonsense in ("0", "-1", "1.5", "很多", "9" * 30):
            assert act(as_(cast.cadre), wish, "claim", share=nonsense).status_code == 400

    def test_whose_share_falls_free_leaves_it_to_others(self, cast, as_, chairs):
        act(as_(cast.cadre_b), chairs, "join", share="7")
        act(as_(cast.cadre_b), chairs, "leave", reason="出差")
        assert act(as_(cast.liaison), chairs, "join", share="7").status_code == 302

    def test_the_database_refuses_more_than_the_goal(self, chairs):
        with pytest.raises(IntegrityError, match="wish_shares_fit_its_goal"), transaction.atomic():
            Wish.objects.filter(pk=chairs.pk).update(shares_taken=11)

    def test_the_page_says_how_much_is_taken(self, cast, as_, chairs):
        html = text_of(as_(cast.cadre_b).get(chairs.get_absolute_url()))
        assert "10 份，已有 3 份" in html
        assert "join" in forms_on(html, chairs)


class TestTheEndOfATeam:
    def test_with_the_lead_the_team_is_gone_and_told(self, cast, as_, wish_in):
        wish = wish_in("joined")
        act(as_(cast.cadre), wish, "release", reason="赶不上了")
        wish.refresh_from_db()
        assert (wish.state, wish.together, wish.shares_taken) == ("open", False, 0)
        assert helping(wish) == []
        assert told("released") == ["cadre_b", "liaison", "worker"]

    def test_handed_to_another_agency_it_is_told_too(self, cast, as_, wish_in):
        wish = wish_in("joined")
        handler = Cadre.objects.get(user=cast.liaison2)
        act(as_(cast.supervisor), wish, "assign", handler=handler.pk)
        assert helping(wish) == []
        assert told("dissolved") == ["cadre_b"]

    def test_a_helper_who_is_named_lead_helps_no_longer(self, cast, as_, wish_in):
        wish = wish_in("joined")
        handler = Cadre.objects.get(user=cast.cadre_b)
        assert act(as_(cast.liaison), wish, "assign", handler=handler.pk).status_code == 302
        wish.refresh_from_db()
        assert (wish.handler, wish.shares_taken, wish.together) == (cast.cadre_b, 1, True)
        assert helping(wish) == []
        assert told("dissolved") == []

    def test_each_ones_part_is_kept_when_it_is_done_and_closed(self, cast, as_, wish_in):
        wish = wish_in("joined")
        act(as_(cast.cadre), wish, "fulfil", note="一起陪着去配好了药")
        act(as_(cast.worker), wish, "confirm", rating="satisfied", how="phone")
        assert helping(wish) == [("cadre_b", 1)]
        assert act(as_(cast.cadre_b), wish, "leave", reason="退出").status_code == 409

    def test_who_leaves_office_helps_no_longer_and_the_lead_is_told(self, cast, wish_in):
        wish = wish_in("joined")
        pairing.end_person(person=cast.cadre_b, by=cast.admin)
        wish.refresh_from_db()
        assert (helping(wish), wish.shares_taken, wish.handler) == ([], 1, cast.cadre)
        assert course_of(wish)[-1] == ("leave", "claimed", "claimed")
        assert Notice.objects.get(kind="left").recipient == cast.cadre
        assert not list(trail.verify())


class TestWhatAHelperSees:
    def test_the_others_by_name_but_nothing_of_the_resident_and_no_course(self, cast, as_, wish_in):
        wish = wish_in("joined")
        client = as_(cast.cadre_b)
        html = text_of(client.get(wish.get_absolute_url()))
        assert "王示例" in html  # the lead
        assert act(client, wish, "resident", why="想去看看").status_code == 403
        for canary in (RESIDENT.name, RESIDENT.phone, RESIDENT.address, RESIDENT.note):
            assert canary not in html

    def test_a_member_who_helps_sees_no_details_photos_or_course(self, cast, as_, wish_in, later):
        wish = wish_in("together")
        with later(days=8):
            client = as_(cast.member)
            act(client, wish, "join")
            html = text_of(client.get(wish.get_absolute_url()))
            assert act(client, wish, "resident", why="想去").status_code == 403
        assert {"leave"} == forms_on(html, wish)
        assert "photo/" not in html
        assert "公开</" not in html  # an event of its course

    def test_it_stands_on_their_own_list(self, cast, as_, wish_in):
        wish = wish_in("joined")
        assert codes_on(text_of(as_(cast.cadre_b).get("/wishes/mine/?tab=helping"))) == [wish.code]
        assert codes_on(text_of(as_(cast.cadre).get("/wishes/mine/?tab=helping"))) == []

    def test_a_stranger_reads_agencies_and_no_names(self, wish_in, client):
        wish = wish_in("joined")
        html = text_of(client.get(wish.get_absolute_url()))
        assert "区教育局" in html
        assert "赵示例" not in html
        assert "王示例" not in html


@pytest.mark.django_db(transaction=True)
class TestTheLastShares:
    """Twenty who want one of the last three shares at the same moment."""

    @pytest.fixture
    def chairs(self, cast, wish_in, long_ago) -> Wish:  # noqa: F811
        wish = wish_in("open", kind="goods", goal=10)
        return actions.claim(wish=wish, by=cast.cadre, together=True, share=7)

    def test_three_get_one_and_the_others_are_told_it_is_enough(self, cast, chairs):
        clients = [signed_in(person) for person in crowd(cast, 20)]
        answers = together(*(lambda c=c: act(c, chairs, "join", share="1") for c in clients))
        assert Counter(answer.status_code for answer in answers) == {302: 3, 409: 17}
        assert Wish.objects.get().shares_taken == 10
        assert Helper.objects.count() == 3
        assert not list(trail.verify())

    def test_without_the_lock_the_check_lets_more_through_than_there_are_shares(
        self, cast, chairs, monkeypatch
    ):
        """The control: everybody reads "seven of ten"; only the trail, and not the check, stops them."""
        people = [fresh(person) for person in crowd(cast, 8)]
        everybody_has_read = threading.Barrier(len(people))

        def unlocked(wish: Wish) -> Wish:
            wish = Wish.objects.select_related("community").get(pk=wish.pk)
            everybody_has_read.wait(timeout=60)
            return wish

        monkeypatch.setattr(gate, "locked", unlocked)
        outcomes = together(*(lambda by=by: actions.join(wish=chairs, by=by) for by in people))
        assert not any(isinstance(outcome, NotNow) for outcome in outcomes)
        assert Counter(type(outcome) for outcome in outcomes) == {Wish: 1, IntegrityError: 7}
