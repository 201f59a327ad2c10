"""How a wish leaves its way without the resident's nod: given elsewhere, never answered, ended."""

import datetime as dt

import pytest

from accounts import trail
from jiangdong import clock
from notices import tasks as notices_tasks
from notices.models import Channel, DueLine, Notice, Sending
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import act, codes_on, course_of, forms_on, text_of
from tests.wishes.test_resident_link import address_of, say_no, say_yes
from wishes import actions
from wishes.lists import LISTS, watched
from wishes.models import Helper, Wish
from wishes.workflow import Kind

TOLD = "这件事社区转给物业了，他们会打电话来。"
REFERRED = {"to": "property", "receipt": "物业 0315", "told": TOLD}


def after(wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


def number_of(slug: str) -> int:
    return LISTS[slug].of(watched()).count()


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


class TestGivenElsewhere:
    @pytest.mark.parametrize("state", ["draft", "checking", "open"])
    def test_with_a_receipt_and_a_word_that_the_resident_reads(
        self, state, cast, as_, wish_in, client
    ):
        wish = wish_in(state, kind=Kind.REPAIR, sensitive=state == "checking")
        assert act(as_(cast.worker), wish, "refer", **REFERRED).status_code == 302
        wish = after(wish)
        assert (wish.state, wish.referred_to, wish.receipt) == ("referred", "property", "物业 0315")
        page = text_of(client.get(address_of(wish)))
        assert "已经转给物业，受理编号：物业 0315" in page
        assert TOLD in page
        assert course_of(wish)[-1] == ("refer", state, "referred")
        assert wish.resident.erase_after > NOW.date()

    @pytest.mark.parametrize("left_out", ["to", "receipt", "told"])
    def test_nothing_of_it_is_left_out(self, left_out, cast, as_, wish_in):
        wish = wish_in("open")
        for value in ("", "   "):
            answer = act(as_(cast.worker), wish, "refer", **REFERRED | {left_out: value})
            assert (answer.status_code, after(wish).state) == (400, "open")

    @pytest.mark.parametrize(
        "words",
        [f"{RESIDENT.name}您好，转给物业了", f"他们会打{RESIDENT.phone}", "他们会去9幢301室"],
    )
    def test_a_word_that_gives_the_resident_away_is_caught(self, words, cast, as_, wish_in):
        wish = wish_in("open")
        answer = act(as_(cast.worker), wish, "refer", **REFERRED | {"told": words})
        assert (answer.status_code, "不要写姓名、电话、住处" in text_of(answer)) == (400, True)
        answer = act(as_(cast.worker), wish, "refer", **REFERRED | {"receipt": RESIDENT.name})
        assert (answer.status_code, after(wish).state) == (400, "open")

    def test_a_warden_who_noted_it_hears_where_it_went(self, cast, as_, wish_in):
        wish = wish_in("draft", logged_by=cast.warden)
        act(as_(cast.worker), wish, "refer", **REFERRED)
        assert told("referred") == ["warden"]

    def test_what_somebody_holds_is_not_sent_elsewhere(self, cast, as_, wish_in):
        assert act(as_(cast.worker), wish_in("claimed"), "refer", **REFERRED).status_code == 409

    def test_it_stays_in_the_denominators_and_is_counted_apart(self, cast, as_, wish_in):
        wish_in("referred")
        numbers = [number_of(slug) for slug in ("published", "standing", "referred", "confirmed")]
        assert numbers == [1, 1, 1, 0]


def ring_in_vain(as_, cast, wish, *moments: dt.datetime) -> None:
    for moment in moments:
        with clock.at(moment):
            assert act(as_(cast.worker), wish, "call").status_code == 302


def at(days: float, hours: float = 0) -> dt.datetime:
    return NOW + dt.timedelta(days=days, hours=hours)


class TestNeverAnswered:
    def test_it_takes_calls_on_three_different_days(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        worker = as_(cast.worker)
        for days, said in ((0, "先打电话问居民"), (1, "现在是 1 天"), (2, "现在是 2 天")):
            with clock.at(at(days, 2)):
                answer = act(worker, wish, "unreached")
                assert (answer.status_code, said in text_of(answer)) == (409, True)
            ring_in_vain(as_, cast, wish, at(days, 3))
        with clock.at(at(2, 4)):
            page = text_of(worker.get(wish.get_absolute_url()))
            assert "unreached" in forms_on(page, wish)
            assert act(worker, wish, "unreached").status_code == 302
        assert after(wish).state == "unreached"
        assert told("unreached") == ["cadre"]

    def test_several_calls_on_one_day_count_once(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        ring_in_vain(as_, cast, wish, at(1), at(1, 3), at(1, 8), at(2))
        with clock.at(at(2, 1)):
            answer = act(as_(cast.worker), wish, "unreached")
            assert (answer.status_code, "现在是 2 天" in text_of(answer)) == (409, True)

    def test_a_call_before_and_one_after_midnight_are_two_days_here(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        ring_in_vain(as_, cast, wish, at(0, 13.9), at(0, 14.1))  # 23:54 and 00:06
        with clock.at(at(1)):
            assert "现在是 2 天" in text_of(act(as_(cast.worker), wish, "unreached"))

    def test_calls_before_it_was_reopened_do_not_count(self, cast, as_, wish_in):
        wish = wish_in("fulfilled")
        ring_in_vain(as_, cast, wish, at(0, 1), at(1), at(2))
        with clock.at(at(3)):
            act(as_(cast.worker), wish, "reopen", reason="只配到一半")
            act(as_(cast.cadre), wish, "fulfil", note="另一半也配好了")
            assert act(as_(cast.worker), wish, "unreached").status_code == 409
            ring_in_vain(as_, cast, wish, at(3, 1))
            assert "现在是 1 天" in text_of(act(as_(cast.worker), wish, "unreached"))

    def test_nobody_of_the_holder_notes_it(self, cast, as_, wish_in):
        wish = wish_in("rung in vain")
        for who in ("cadre", "cadre_b", "liaison", "supervisor", "member", "worker2"):
            assert act(as_(getattr(cast, who)), wish, "unreached").status_code == 403, who

    def test_the_residents_link_still_answers(self, wish_in, client):
        wish = wish_in("unreached")
        assert "办好了吗" in text_of(client.get(address_of(wish)))
        assert say_yes(client, wish).status_code == 302
        wish = after(wish)
        assert (wish.state, wish.how, wish.left_at) == ("closed", "scan", None)

    def test_who_says_it_was_not_done_is_heard_too_and_their_details_are_kept_on(
        self, wish_in, client
    ):
        wish = wish_in("unreached")
        assert wish.resident.erase_after
        assert say_no(client, wish).status_code == 302
        wish = after(wish)
        assert (wish.state, wish.left_at, wish.resident.erase_after) == ("claimed", None, None)

    def test_it_stays_in_the_denominator_and_never_counts_as_satisfied(self, cast, as_, wish_in):
        wish_in("unreached")
        slugs = ("published", "standing", "fulfilled", "accountable", "unreached", "confirmed")
        assert [number_of(slug) for slug in slugs] == [1, 1, 1, 1, 1, 0]
        assert number_of("satisfied") == 0
        assert "1 件</a>没联系上居民" in text_of(as_(cast.supervisor).get("/admin/"))


class TestEnded:
    @pytest.mark.parametrize(
        "state", ["draft", "open", "claimed", "waiting", "joined", "fulfilled", "unreached"]
    )
    def test_from_anywhere_on_its_way_it_ends_and_the_residents_page_is_shut(
        self, state, cast, as_, wish_in, client
    ):
        wish = wish_in(state)
        assert client.get(address_of(wish)).status_code == 200
        answer = act(as_(cast.worker), wish, "end", ended_by="death")
        assert answer.status_code == 302
        wish = after(wish)
        assert (wish.state, wish.ended_by, wish.agency, wish.handler) == (
            "ended", "death", None, None,
        )  # fmt: skip
        shut = client.get(address_of(wish))
        assert (shut.status_code, wish.title in text_of(shut)) == (410, False)
        assert say_yes(client, wish).status_code in (409, 410)
        assert not Helper.objects.current().filter(wish=wish).exists()
        assert not list(trail.verify())

    def test_why_must_be_said_and_nothing_else_counts(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        for why in ("", "tired"):
            assert act(as_(cast.worker), wish, "end", ended_by=why).status_code == 400

    def test_whoever_holds_it_is_told_once_without_the_reason(self, cast, as_, wish_in):
        wish = wish_in("joined")
        act(as_(cast.worker), wish, "end", ended_by="death")
        assert told("ended") == ["cadre", "cadre_b"]
        notice = Notice.objects.filter(kind="ended").first()
        assert (notice.title, notice.body) == (
            f"不用再办了：{wish.code}",
            "请不要再联系居民，有事问社区。",
        )
        for who in (cast.cadre, cast.cadre_b):
            page = as_(who).get(wish.get_absolute_url())
            assert page.status_code == 404

    def test_what_was_still_to_be_sent_or_read_falls_silent(self, cast, as_, wish_in):
        wish, other = wish_in("claimed"), wish_in("claimed", title="想要一副老花镜", kind="goods")
        robot = {"kind": "dingtalk", "sealed": "x", "fingerprint": "x"}
        Channel.objects.create(user=cast.worker, added_by=cast.worker, **robot)
        with clock.at(at(5)):
            for each in (wish, other):
                ask = {"what": "extend", "reason": "药下周到", "until": "2026-03-26"}
                act(as_(cast.cadre), each, "ask", **ask)
        waiting = Sending.objects.filter(state="pending", notice__thing_id=wish.pk)
        act(as_(cast.worker), wish, "end", ended_by="death")
        silenced = Notice.objects.filter(thing_id=wish.pk).exclude(kind="ended")
        assert not silenced.filter(mail_state=Notice.Mail.PENDING).exists()
        assert not silenced.filter(read_at=None).exists()
        assert not waiting.exists()
        assert Notice.objects.filter(thing_id=other.pk, read_at=None).exists()

    def test_a_line_that_waits_for_the_digest_is_taken_out(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        DueLine.objects.create(
            reminder="wish-due-handler", thing_kind="wishes.wish", thing_id=wish.pk,
            day=NOW.date(), recipient=cast.cadre, what=wish.title, why="", act="", url="/wishes/",
        )  # fmt: skip
        act(as_(cast.worker), wish, "end", ended_by="death")
        assert not DueLine.objects.exists()

    def test_no_reminder_ever_speaks_of_it_again(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        act(as_(cast.worker), wish, "end", ended_by="moved")
        for day in range(1, 40):
            with clock.at(at(day)):
                notices_tasks.sweep_reminders()
        assert not DueLine.objects.filter(thing_id=wish.pk).exists()
        assert Notice.objects.filter(kind=Notice.DIGEST).count() == 0

    def test_nobody_is_handed_its_link_any_more(self, cast, as_, wish_in):
        wish = wish_in("ended")
        page = text_of(as_(cast.worker).get(wish.get_absolute_url()))
        assert f"/wishes/{wish.code}/slip/" not in page
        assert as_(cast.worker).get(f"/wishes/{wish.code}/slip/").status_code == 404
        assert forms_on(page, wish) <= {"resident", "erase"}

    def test_it_leaves_the_denominator_of_what_is_settled_and_no_other(self, cast, as_, wish_in):
        wish_in("closed")
        wish_in("ended")
        slugs = ("published", "standing", "ended", "confirmed")
        assert [number_of(slug) for slug in slugs] == [2, 1, 1, 1]
        assert "搬走的 <a" in text_of(as_(cast.supervisor).get("/admin/"))


class TestCountedApart:
    def test_a_batch_for_a_festival_is_in_no_rate(self, cast, wish_in):
        wish_in("closed")
        batch = wish_in("closed")
        Wish.objects.filter(pk=batch.pk).update(in_batch=True)
        slugs = ("published", "answered", "standing", "confirmed", "satisfied", "held", "batch")
        assert [number_of(slug) for slug in slugs] == [1, 1, 1, 1, 1, 1, 1]

    def test_what_waits_is_a_list_of_its_own_and_never_late(self, cast, wish_in, later):
        wish_in("waiting")
        with later(days=13):
            assert [number_of(slug) for slug in ("waiting", "claimed", "late")] == [1, 0, 0]

    def test_each_list_opens_with_what_it_counts(self, cast, as_, wish_in):
        apart = ("declined", "unreached", "referred", "waiting", "ended")
        wishes = {state: wish_in(state) for state in apart}
        client = as_(cast.supervisor)
        for state, wish in wishes.items():
            html = text_of(client.get(f"/admin/wishes/wish/?list={state}"))
            listed = [other for other in wishes.values() if other.code in html]
            assert listed == [wish], state

    def test_the_desk_lists_what_left_its_way(self, cast, as_, wish_in):
        left = [wish_in(state) for state in ("referred", "declined", "unreached", "ended")]
        codes = codes_on(text_of(as_(cast.worker).get("/wishes/desk/?tab=left")))
        assert sorted(codes) == sorted(wish.code for wish in left)


def test_erasing_a_resident_reaches_what_was_told_and_the_receipt(cast, wish_in):
    wish = wish_in("referred")
    actions.erase_on_request(wish=wish, by=cast.worker)
    wish = after(wish)
    assert (wish.told, wish.receipt, wish.state) == ("", "—", "referred")
    assert not list(trail.verify())
