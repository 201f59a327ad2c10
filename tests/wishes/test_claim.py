"""Claiming: the days of first offer, who may, whom it is offered to, and what the others read."""

import datetime as dt

import pytest

from jiangdong import clock
from notices.models import Notice
from pairing.models import Pairing
from tests.cast import NOW
from tests.wishes.doors import act, course_of, moves_on, text_of
from wishes.models import Wish


def at(text: str):
    """Hold the clock at ten o'clock of a day."""
    return clock.at(dt.datetime.fromisoformat(f"{text} 10:00").replace(tzinfo=NOW.tzinfo))


def test_one_tap_takes_it_and_the_writer_is_told_who(cast, as_, wish_in):
    wish = wish_in("open")
    answer = act(as_(cast.cadre), wish, "claim")
    assert answer.status_code == 302
    assert answer["Location"] == wish.get_absolute_url()
    wish.refresh_from_db()
    assert (wish.state, wish.agency, wish.handler, wish.claimed_by, wish.origin) == (
        "claimed",
        cast.places.jy,
        cast.cadre,
        cast.cadre,
        "self",
    )
    assert (wish.claimed_at, wish.first_claimed_on) == (NOW, NOW.date())
    assert course_of(wish)[-1] == ("claim", "open", "claimed")
    notice = Notice.objects.get(kind="claimed")
    assert (notice.recipient, notice.title) == (cast.worker, f"区教育局认领了：{wish.title}")


def test_htmx_gets_the_card_it_asked_from_or_the_whole_wish(cast, as_, wish_in):
    client = as_(cast.cadre, headers={"HX-Request": "true"})
    card = act(client, wish_in("open"), "claim", piece="card")
    assert text_of(card).lstrip().startswith('<article class="card wish"')
    whole = act(client, wish_in("open"), "claim")
    assert "<html" not in text_of(whole)
    assert "已认领。先打个电话，约个时间。" in text_of(whole)


def test_who_comes_second_reads_whose_it_is(cast, as_, wish_in):
    wish = wish_in("claimed")
    for headers in ({}, {"HX-Request": "true"}):
        answer = act(as_(cast.cadre2, headers=headers), wish, "claim")
        assert answer.status_code == 409
        assert "刚刚由区教育局认领了，看看别的心愿吧。" in text_of(answer)


def test_claiming_twice_is_refused_without_a_second_event(cast, as_, wish_in):
    wish = wish_in("open")
    client = as_(cast.cadre)
    act(client, wish, "claim")
    assert act(client, wish, "claim").status_code == 409
    assert len(course_of(wish)) == 3


class TestFirstOffer:
    """For three working days after publishing the paired agency's staff alone may claim."""

    @pytest.mark.parametrize(
        ("published", "last_day", "opens"),
        [
            ("2026-03-10", "2026-03-13", "2026-03-14"),  # Tuesday to Friday
            ("2026-03-13", "2026-03-18", "2026-03-19"),  # over a weekend
            ("2026-03-14", "2026-03-18", "2026-03-19"),  # published on a Saturday
            ("2026-04-02", "2026-04-08", "2026-04-09"),  # over 清明, 4 to 6 April
            ("2026-02-13", "2026-02-25", "2026-02-26"),  # over 春节 with its made-up Saturday
            ("2026-09-30", "2026-10-10", "2026-10-11"),  # over 国庆; 10 October is worked
        ],
    )
    def test_the_days_are_working_days(self, published, last_day, opens, cast, as_, wish_in):
        with at(published):
            wish = wish_in("open")
        assert str(wish.open_to_all_on) == opens
        with at(last_day):
            refused = act(as_(cast.cadre2), wish, "claim")
            assert refused.status_code == 409
            day = f"{opens[5:7].lstrip('0')}月{opens[8:].lstrip('0')}日"
            assert f"先问区教育局，{day}起大家都可以认领" in text_of(
                as_(cast.cadre2).get(wish.get_absolute_url())
            )
        with at(opens):
            assert act(as_(cast.cadre2), wish, "claim").status_code == 302

    @pytest.mark.parametrize("who", ["cadre2", "liaison2", "member", "member_liaison", "street"])
    def test_others_are_told_from_which_day(self, who, cast, as_, wish_in):
        wish = wish_in("open")
        client = as_(getattr(cast, who))
        answer = act(client, wish, "claim")
        assert answer.status_code == 409
        assert "2026-03-14" in text_of(answer) or "3月14日" in text_of(answer)
        assert "claim" not in moves_on(text_of(client.get(wish.get_absolute_url())), wish)
        assert "3月14日起可认领" in text_of(client.get("/wishes/?tab=all"))
        wish.refresh_from_db()
        assert wish.state == "open"

    def test_a_member_of_an_association_that_is_paired_waits_all_the_same(
        self, cast, as_, wish_in, places
    ):
        Pairing.objects.filter(community=places.qt).update(agency=places.cx)
        wish = wish_in("open")
        assert wish.offered_to == places.cx
        assert act(as_(cast.member), wish, "claim").status_code == 409

    def test_without_a_pairing_it_is_open_to_all_at_once(self, cast, as_, wish_in, places):
        Pairing.objects.filter(community=places.qt).delete()
        wish = wish_in("open")
        assert (wish.offered_to, wish.open_to_all_on) == (None, NOW.date())
        assert act(as_(cast.member), wish, "claim").status_code == 302

    def test_a_pairing_that_ended_meanwhile_does_not_take_the_offer_back(
        self, cast, as_, wish_in, places
    ):
        wish = wish_in("open")
        Pairing.objects.filter(community=places.qt).update(agency=places.wb)
        assert act(as_(cast.cadre2), wish, "claim").status_code == 409
        assert act(as_(cast.cadre), wish, "claim").status_code == 302


@pytest.mark.parametrize(
    "who",
    [
        "worker", "warden", "worker2", "supervisor", "supervision_group", "inspector", "leader", "admin", "stranger",
    ],
)  # fmt: skip
def test_who_acts_for_no_agency_claims_nothing(who, cast, as_, wish_in, later):
    wish = wish_in("open")
    with later(days=8):
        answer = act(as_(getattr(cast, who)), wish, "claim")
    assert answer.status_code == 403
    assert "只有单位里的人可以认领" in text_of(answer)


def test_what_is_kept_to_the_paired_agency_stays_there_after_the_days_of_offer(
    cast, as_, wish_in, later
):
    wish = wish_in("open", visibility="paired")
    with later(days=30):
        assert act(as_(cast.cadre2), wish, "claim").status_code == 404
        assert act(as_(cast.member), wish, "claim").status_code == 404
        assert act(as_(cast.street), wish, "claim").status_code == 403
        assert act(as_(cast.cadre), wish, "claim").status_code == 302


def test_what_is_private_is_claimed_by_nobody(cast, as_, wish_in):
    wish = wish_in("open", visibility="private")
    assert act(as_(cast.cadre), wish, "claim").status_code == 404
    assert act(as_(cast.street), wish, "claim").status_code == 403


def test_whose_account_or_term_has_ended_claims_nothing(cast, as_, wish_in):
    from jiangdong.terms import DateRange
    from pairing.models import Cadre

    wish = wish_in("open")
    Cadre.objects.filter(user=cast.cadre).update(
        term=DateRange(dt.date(2014, 1, 1), NOW.date(), "[)")
    )
    assert act(as_(cast.cadre), wish, "claim").status_code == 403
    client = as_(cast.cadre_b)
    cast.cadre_b.is_active = False
    cast.cadre_b.save()
    assert act(client, wish, "claim")["Location"].startswith("/accounts/login/")
    assert Wish.objects.get().state == "open"


class TestForTheBranch:
    """支部认领: the liaison claims for the party branch and names the handler later."""

    def test_the_liaison_claims_and_nobody_handles_it_yet(self, cast, as_, wish_in):
        wish = wish_in("open")
        client = as_(cast.liaison)
        assert "替支部认领" in text_of(client.get(wish.get_absolute_url()))
        assert act(client, wish, "claim", for_branch="on").status_code == 302
        wish.refresh_from_db()
        assert (wish.state, wish.origin, wish.handler, wish.claimed_by) == (
            "claimed",
            "branch",
            None,
            cast.liaison,
        )
        assert "等联络员定人" in text_of(client.get(wish.get_absolute_url()))
        assert wish.title in text_of(client.get("/wishes/desk/?tab=unnamed"))

    @pytest.mark.parametrize("who", ["cadre", "street"])
    def test_only_a_liaison_can(self, who, cast, as_, wish_in, later):
        wish = wish_in("open")
        client = as_(getattr(cast, who))
        with later(days=8):
            assert "替支部认领" not in text_of(client.get(wish.get_absolute_url()))
            answer = act(client, wish, "claim", for_branch="on")
        assert answer.status_code == 403
        assert "只有联络员可以替支部认领。" in text_of(answer)
        wish.refresh_from_db()
        assert wish.state == "open"

    def test_nobody_can_say_done_before_a_handler_is_named(self, cast, as_, wish_in):
        wish = wish_in("branch")
        for who in ("cadre", "liaison"):
            assert act(as_(getattr(cast, who)), wish, "fulfil", note="办好了").status_code == 403

    def test_the_named_handler_is_told_and_does_it(self, cast, as_, wish_in):
        from pairing.models import Cadre

        wish = wish_in("branch")
        handler = Cadre.objects.get(user=cast.cadre_b)
        assert act(as_(cast.liaison), wish, "assign", handler=handler.pk).status_code == 302
        wish.refresh_from_db()
        assert (wish.handler, wish.origin) == (cast.cadre_b, "branch")
        assert Notice.objects.get(kind="assigned").recipient == cast.cadre_b
        assert act(as_(cast.cadre_b), wish, "fulfil", note="办好了").status_code == 302
