"""街道抽查回访: the draw can be drawn again, each street asks its own, and nothing changes by itself."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from accounts.anchors import anchor
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow
from notices.models import DueLine
from notices.tasks import sweep_reminders
from pairing.models import Look
from tests.cast import NOW, RESIDENT
from wishes import actions
from wishes.actions.second_calls import drawn, pool, seed_of
from wishes.models import SecondCall, Wish
from wishes.tasks import draw_second_calls

WEEK = dt.date(2026, 3, 9)  # the Monday of NOW's week
MONDAY = NOW + dt.timedelta(days=6)
PAGE = "/wishes/second-calls/"


@pytest.fixture
def nodded(cast, wish_in) -> Callable[..., Wish]:
    """What makes a wish of 七塔 whose nod was heard in a way."""

    def make(how: str = "phone", **more) -> Wish:
        wish = wish_in("fulfilled", **more)
        return actions.confirm(wish=wish, by=cast.worker, rating="satisfied", how=how)

    return make


def draw() -> list[SecondCall]:
    with clock.at(MONDAY):
        draw_second_calls()
    return list(SecondCall.objects.order_by("pk"))


def on_monday():
    return clock.at(MONDAY)


def address(call: SecondCall) -> str:
    return f"{PAGE}{call.pk}/call_again/"


# --- the draw


def test_of_a_few_one_is_drawn(cast, nodded):
    wishes = [nodded() for _ in range(3)]
    (call,) = draw()
    assert call.wish in wishes
    assert (call.week, call.drawn_on, call.drawn_from) == (WEEK, MONDAY.date(), 3)


def test_one_in_twenty_is_drawn_rounded_up_and_the_number_is_the_supervisors(cast):
    codes = [f"QT-{n:04d}" for n in range(100)]
    assert len(drawn(codes, "seed", 5)) == 5
    assert len(drawn(codes[:21], "seed", 5)) == 2
    assert drawn([], "seed", 5) == drawn(codes, "seed", 0) == []
    assert len(drawn(codes, "seed", 100)) == 100


def test_every_wish_has_the_same_chance(cast):
    codes = [f"QT-{n:04d}" for n in range(10)]
    times = dict.fromkeys(codes, 0)
    for n in range(2000):
        for code in drawn(codes, f"seed {n}", 10):
            times[code] += 1
    assert sum(times.values()) == 2000
    assert all(140 < count < 260 for count in times.values())  # 200, and five deviations


def test_what_was_drawn_can_be_drawn_again_from_what_is_kept(cast, nodded):
    for _ in range(4):
        nodded()
    anchor(day=NOW.date())
    with on_monday():
        seed = seed_of(cast.places.bz, WEEK)
    (call,) = draw()
    assert call.seed == seed
    assert len(seed.split()) == 3  # the week, the street, and the trail's anchor
    codes = [wish.code for wish in pool(cast.places.bz, WEEK)]
    assert drawn(codes, call.seed, 5) == [call.wish.code]
    assert drawn(codes[::-1], call.seed, 5) == [call.wish.code]


def test_drawing_twice_draws_once(cast, nodded):
    nodded()
    first = draw()
    anchor(day=NOW.date())
    assert draw() == first


def test_a_scan_another_week_and_an_undone_wish_are_not_drawn_from(cast, nodded, wish_in):
    wish = wish_in("fulfilled")
    link = wish.link
    actions.confirm_by_link(link=link, rating="satisfied")
    wish_in("fulfilled")
    with clock.at(NOW - dt.timedelta(days=7)):
        nodded()
    assert draw() == []
    for how in ("door", "family"):
        nodded(how)
    assert len(draw()) == 1


def test_what_the_street_itself_held_is_not_its_own_to_ask_about(cast, wish_in):
    wish = wish_in("open")
    with clock.at(NOW + dt.timedelta(days=4)):
        wish = actions.claim(wish=wish, by=cast.street)
        wish = actions.fulfil(wish=wish, by=cast.street, note="配好了药")
        actions.confirm(wish=wish, by=cast.worker, rating="satisfied", how="phone")
    assert draw() == []


# --- the call


def test_the_street_asks_again_and_the_wish_stays_as_it_is(cast, as_, nodded):
    wish = nodded()
    (call,) = draw()
    before = Wish.objects.filter(pk=wish.pk).values("state", "rating", "closed_at", "words").get()
    with on_monday():
        client = as_(cast.street)
        assert wish.title in client.get(PAGE).content.decode()
        answer = client.post(address(call), {"outcome": "different", "note": "说只配到一半"})
        assert answer.status_code == 302
        assert wish.title not in client.get(PAGE).content.decode()
    call.refresh_from_db()
    assert (call.outcome, call.by, call.note) == ("different", cast.street, "说只配到一半")
    assert Wish.objects.filter(pk=wish.pk).values(*before).get() == before
    event = trail.events_of(wish).last()
    assert (event.move, event.from_state, event.to_state) == ("second_call", "closed", "closed")
    assert list(trail.verify()) == []


def test_the_residents_telephone_is_shown_once_and_the_look_recorded(cast, as_, nodded):
    wish = nodded()
    draw()
    with on_monday():
        client = as_(cast.street)
        page = client.get(PAGE).content.decode()
        assert RESIDENT.phone not in page
        assert f'action="{wish.get_absolute_url()}resident/"' in page
        html = client.post(f"{wish.get_absolute_url()}resident/", {"why": "街道抽查回访"})
    assert RESIDENT.phone in html.content.decode()
    assert Look.objects.get().why == f"{wish.code} 街道抽查回访"


def test_a_call_that_nobody_answered_comes_back(cast, as_, nodded):
    wish = nodded()
    (call,) = draw()
    with on_monday():
        client = as_(cast.street)
        client.post(address(call), {"outcome": "no_answer"})
        assert wish.title in client.get(PAGE).content.decode()
        client.post(address(call), {"outcome": "same"})
        again = client.post(address(call), {"outcome": "different", "note": "改口了"})
    assert again.status_code == 409
    assert SecondCall.objects.get().outcome == "same"


def test_whoever_heard_the_nod_does_not_ask_again(cast, wish_in):
    wish = wish_in("fulfilled")
    actions.confirm(wish=wish, by=cast.street, rating="satisfied", how="phone")
    (call,) = draw()
    with on_monday(), pytest.raises(NotNow) as refused:
        actions.call_again(call=call, by=cast.street, outcome="same")
    assert refused.value.code == "second_person"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "maybe"},
        {"outcome": "different"},
        {"outcome": "different", "note": f"{RESIDENT.name}说没办好"},
        {"outcome": "same", "note": "电话 13800000077"},
    ],
)
def test_what_is_not_fit_comes_back_with_a_complaint(cast, as_, nodded, body):
    nodded()
    (call,) = draw()
    with on_monday():
        assert as_(cast.street).post(address(call), body).status_code == 400
    assert SecondCall.objects.get().outcome == ""


@pytest.mark.parametrize(
    ("who", "page", "post"),
    [
        ("street2", 200, 404),
        ("supervisor", 200, 404),
        ("supervision_group", 200, 404),
        ("worker", 403, 404),
        ("cadre", 403, 404),
        ("liaison", 403, 404),
        ("admin", 403, 404),
    ],
)
def test_each_street_asks_its_own_and_who_watches_reads(cast, as_, nodded, who, page, post):
    wish = nodded()
    (call,) = draw()
    client = as_(getattr(cast, who))
    with on_monday():
        answer = client.get(PAGE)
        assert answer.status_code == page
        assert wish.title not in answer.content.decode()
        assert client.post(address(call), {"outcome": "same"}).status_code == post
        if who != "street2":
            with pytest.raises(NotAllowed):
                actions.call_again(call=call, by=getattr(cast, who), outcome="same")


def test_the_database_refuses_half_a_call_and_a_second_draw(cast, nodded):
    nodded()
    (call,) = draw()
    for change in ({"outcome": "same"}, {"at": NOW}, {"outcome": "maybe"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondCall.objects.filter(pk=call.pk).update(**change)
    call.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        call.save()


# --- what supervisors see


def test_supervisors_read_how_often_residents_say_the_same(cast, as_, nodded):
    actions.set_number(name="second_calls", value=100, by=cast.supervisor)
    for _ in range(3):
        nodded()
    calls = draw()
    with on_monday():
        for call, outcome in zip(calls, ("same", "same", "different"), strict=True):
            actions.call_again(call=call, by=cast.street, outcome=outcome, note="说只配到一半")
        html = as_(cast.supervisor).get(PAGE).content.decode()
    assert "3 件里 2 件一样" in html
    assert "件数太少，不作比较" in html
    assert "说只配到一半" in html
    assert f"/admin/wishes/wish/{calls[2].wish_id}/change/" in html


def test_a_differing_answer_opens_a_line_for_the_supervisor(cast, nodded):
    nodded()
    (call,) = draw()
    with on_monday():
        actions.call_again(call=call, by=cast.street, outcome="different", note="说只配到一半")
        sweep_reminders()
    line = DueLine.objects.get(reminder="wish-second-call")
    assert (line.recipient, line.url) == (cast.supervisor, call.wish.get_absolute_url())
