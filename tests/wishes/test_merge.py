"""What may be there already is said while a wish is written down, and two that are one become one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow
from notices.models import Notice
from pairing.actions import erase, erase_expired
from pairing.models import Details, Look, Resident
from tests.wishes.doors import act, course_of, text_of
from tests.wishes.test_resident_link import address_of
from wishes import actions
from wishes.likely import likely
from wishes.models import Wish

NEIGHBOUR = Details(name="李示例", phone="13800000088", address="七塔二村3幢", note="")


def ask(client, **words):
    return client.post("/wishes/log/likely/", words)


def reread(wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


class TestLikely:
    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ("希望有人陪着去医院配药", True),
            ("想有人陪着去医院配一次药", True),
            ("请人陪老人去医院配药", True),
            ("想有人陪着去银行取退休金", False),
            ("想有人陪着说说话", False),
            ("想要一辆轮椅", False),
            ("想请人帮忙", False),
            ("药", False),
        ],
    )
    def test_what_says_the_same_in_other_words_is_found_and_what_only_begins_alike_is_not(
        self, said, found, cast, wish_in
    ):
        wish = wish_in("open")
        named = likely(cast.places.qt.pk, said)
        assert [one.wish for one in named] == ([wish] if found else [])

    def test_words_of_the_detail_count_too(self, cast, wish_in):
        wish = wish_in("open", title="家里的水龙头坏了", detail="厨房水龙头一直滴水")
        assert [one.wish for one in likely(cast.places.qt.pk, "厨房滴水")] == []
        named = likely(cast.places.qt.pk, "水龙头滴水", "厨房的，滴了一个月")
        assert [(one.wish, one.why) for one in named] == [(wish, "说法很像")]

    @pytest.mark.parametrize(
        ("state", "found"),
        [
            ("draft", True),
            ("checking", True),
            ("open", True),
            ("claimed", True),
            ("waiting", True),
            ("fulfilled", True),
            ("closed", False),
            ("withdrawn", False),
        ],
    )
    def test_what_is_over_is_no_duplicate(self, state, found, cast, wish_in):
        wish = wish_in(state)
        assert bool(likely(cast.places.qt.pk, wish.title)) is found

    def test_another_communitys_is_none(self, cast, wish_in):
        wish = wish_in("open")
        assert likely(cast.places.hc.pk, wish.title) == []

    def test_an_old_draft_is_no_sign_that_somebody_is_at_it(self, cast, wish_in, later):
        wish = wish_in("draft")
        with later(days=89):
            assert likely(cast.places.qt.pk, wish.title)
        with later(days=91):
            assert likely(cast.places.qt.pk, wish.title) == []

    def test_the_same_telephone_and_kind_is_named_however_it_is_said(self, cast, as_, wish_in):
        wish_in("open", title="想要一辆轮椅", kind="goods")
        client = as_(cast.worker)
        words = {"title": "出门走不动", "kind": "goods"}
        assert "同一个电话" in text_of(ask(client, **words, phone="138 0000 0077"))
        assert "轮椅" not in text_of(ask(client, **words, phone="13800000078"))
        other_kind = ask(client, title="出门走不动", kind="legal", phone="13800000077")
        assert "轮椅" not in text_of(other_kind)

    def test_asking_is_one_query_opens_nothing_and_leaves_nothing(self, cast, as_, wish_in):
        wish_in("open")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            likely(cast.places.qt.pk, "想有人陪着去医院配药", phone_index="x")
        assert len(queries) == 1
        html = text_of(ask(as_(cast.worker), title="想有人陪着去医院配药"))
        assert "像是已经有了" in html
        assert "张示例" not in html
        assert not Look.objects.exists()

    def test_only_who_logs_is_answered(self, cast, as_, client):
        assert ask(client, title="轮椅").status_code == 403
        assert ask(as_(cast.cadre), title="轮椅").status_code == 403
        assert ask(as_(cast.warden), title="轮椅").status_code == 200
        assert as_(cast.worker).get("/wishes/log/likely/").status_code == 405
        assert text_of(ask(as_(cast.worker), title="")).strip() == ""

    def test_the_log_form_asks_and_the_preview_shows_both_side_by_side(self, cast, as_, wish_in):
        there, draft = wish_in("open"), wish_in("draft", resident=NEIGHBOUR)
        client = as_(cast.worker)
        assert "/wishes/log/likely/" in text_of(client.get("/wishes/log/"))
        html = text_of(client.get(f"/wishes/{draft.code}/preview/"))
        assert "像是已经有了" in html
        assert f'name="into" value="{there.code}"' in html
        alone = wish_in("draft", title="想学写毛笔字", kind="culture")
        assert "像是已经有了" not in text_of(client.get(f"/wishes/{alone.code}/preview/"))


class TestMerging:
    @pytest.fixture
    def two(self, wish_in):
        return wish_in("draft", resident=NEIGHBOUR), wish_in("open")

    def test_the_draft_leaves_with_a_pointer_and_both_residents_are_kept(self, two, cast, as_):
        draft, there = two
        answer = act(as_(cast.worker), draft, "merge", into=there.code)
        assert answer.status_code == 302
        draft, there = reread(draft), reread(there)
        assert (draft.state, draft.merged_into) == ("withdrawn", there)
        assert (there.state, [one.resident for one in there.told_again]) == (
            "open",
            [draft.resident],
        )
        assert course_of(draft)[-1] == ("withdraw", "draft", "withdrawn")
        assert course_of(there)[-1] == ("merge", "open", "open")
        assert draft.resident.erase_after is None
        page = text_of(as_(cast.worker).get(answer["Location"]))
        assert there.code in page
        assert "另有 1 位居民" in text_of(as_(cast.worker).get(there.get_absolute_url()))

    def test_each_resident_follows_by_their_own_link_and_the_first_alone_answers(
        self, cast, client, wish_in
    ):
        draft, there = wish_in("draft", resident=NEIGHBOUR), wish_in("claimed")
        actions.merge(wish=draft, into=there, by=cast.worker)
        theirs = address_of(draft)
        assert "接了，说好" in text_of(client.get(theirs))
        actions.fulfil(wish=there, by=cast.cadre, note="轮椅送到了")
        html = text_of(client.get(theirs))
        assert "社区正在问" in html
        assert "ask=yes" not in html
        assert client.post(f"{theirs}confirm/", {"rating": "satisfied"}).status_code == 409
        assert "ask=yes" in text_of(client.get(address_of(there)))
        actions.confirm(wish=there, by=cast.worker, rating="satisfied", how="phone", words="")
        assert "邻居点过头了" in text_of(client.get(theirs))

    def test_the_followers_link_dies_with_the_others(self, cast, client, wish_in, later):
        draft, there = wish_in("draft", resident=NEIGHBOUR), wish_in("claimed")
        actions.merge(wish=draft, into=there, by=cast.worker)
        actions.fulfil(wish=there, by=cast.cadre, note="好了")
        with later(days=31):
            assert client.get(address_of(draft)).status_code == 410

    def test_the_handler_sees_both_residents_and_each_look_is_recorded(self, cast, as_, wish_in):
        draft, there = wish_in("draft", resident=NEIGHBOUR), wish_in("claimed")
        actions.merge(wish=draft, into=there, by=cast.worker)
        html = text_of(as_(cast.cadre).post(f"/wishes/{there.code}/resident/"))
        assert "张示例" in html
        assert "李示例" in html
        assert set(Look.objects.values_list("resident", flat=True)) == {
            draft.resident_id,
            there.resident_id,
        }

    def test_the_term_of_both_begins_when_the_one_wish_is_over(self, cast, wish_in, later):
        draft, there = wish_in("draft", resident=NEIGHBOUR), wish_in("fulfilled")
        with pytest.raises(NotNow):
            actions.merge(wish=draft, into=there, by=cast.worker)
        there = wish_in("claimed")
        actions.merge(wish=draft, into=there, by=cast.worker)
        actions.fulfil(wish=there, by=cast.cadre, note="好了")
        actions.confirm(wish=there, by=cast.worker, rating="fair", how="phone", words="")
        kept = Resident.objects.filter(pk__in=[draft.resident_id, there.resident_id])
        assert len(set(kept.values_list("erase_after", flat=True))) == 1
        with later(days=200):
            assert erase_expired(on=clock.today()) == 2
        assert not kept.filter(erased_at=None).exists()

    def test_erasing_the_second_resident_takes_their_link_and_the_notes_of_the_course(
        self, cast, client, wish_in
    ):
        draft, there = wish_in("draft", resident=NEIGHBOUR), wish_in("claimed")
        actions.merge(wish=draft, into=there, by=cast.worker)
        address = address_of(draft)
        erase(resident=draft.resident)
        assert client.get(address).status_code == 404
        assert client.get(address_of(there)).status_code == 200
        assert reread(there).resident.erased_at is None

    def test_two_published_ones_become_one_and_the_holder_is_told(self, cast, as_, wish_in):
        wish = wish_in("claimed", by=cast.cadre_b, resident=NEIGHBOUR)
        there = wish_in("claimed")
        Notice.objects.all().delete()
        assert act(as_(cast.street), wish, "merge", into=there.code).status_code == 302
        wish = reread(wish)
        assert (wish.state, wish.agency, wish.handler) == ("withdrawn", None, None)
        told = set(Notice.objects.values_list("recipient__username", "kind"))
        assert told == {("cadre_b", "withdrawn"), ("cadre", "merged"), ("worker", "merged")}

    def test_what_was_merged_into_it_goes_along(self, cast, wish_in):
        first, second, third = (wish_in("open") for _ in range(3))
        actions.merge(wish=first, into=second, by=cast.worker)
        actions.merge(wish=second, into=third, by=cast.worker)
        assert {one.pk for one in reread(third).told_again} == {first.pk, second.pk}

    @pytest.mark.parametrize("state", ["fulfilled", "closed", "withdrawn", "unreached", "ended"])
    def test_nothing_is_merged_into_what_is_done_or_left(self, state, cast, as_, wish_in):
        draft, there = wish_in("draft"), wish_in(state)
        assert act(as_(cast.worker), draft, "merge", into=there.code).status_code == 409
        assert reread(draft).state == "draft"

    def test_not_twice_not_into_itself_and_not_after_fulfilment(self, two, cast, as_, wish_in):
        draft, there = two
        client = as_(cast.worker)
        assert act(client, there, "merge", into=there.code).status_code == 409
        assert act(client, draft, "merge", into=there.code).status_code == 302
        assert act(client, draft, "merge", into=there.code).status_code == 409
        assert act(client, wish_in("fulfilled"), "merge", into=there.code).status_code == 409

    def test_not_across_communities(self, cast, as_, wish_in):
        draft = wish_in("draft")
        elsewhere = wish_in("draft", community=cast.places.hc, logged_by=cast.worker2)
        assert act(as_(cast.worker), draft, "merge", into=elsewhere.code).status_code == 400
        street = wish_in("open"), wish_in("open", community=cast.places.hc, logged_by=cast.worker2)
        with pytest.raises(NotNow) as refusal:
            actions.merge(wish=street[0], into=street[1], by=cast.street)
        assert refusal.value.code == "other_community"

    @pytest.mark.parametrize("who", ["cadre", "liaison", "supervisor", "street2", "worker2"])
    def test_nobody_else_merges(self, who, cast, as_, wish_in):
        wish, there = wish_in("open"), wish_in("open")
        with pytest.raises(NotAllowed):
            actions.merge(wish=wish, into=there, by=getattr(cast, who))
        assert act(as_(getattr(cast, who)), wish, "merge", into=there.code).status_code == 403

    def test_a_passer_by_is_asked_to_sign_in(self, two, client):
        draft, there = two
        assert "/login/" in act(client, draft, "merge", into=there.code)["Location"]
        assert client.get(f"/wishes/{draft.code}/merge/").status_code in (302, 405)
