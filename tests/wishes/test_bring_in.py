"""Entering many wishes at once leaves what single moves would have left, under the same constraints."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from accounts.models import Event, EventNote
from jiangdong import clock
from jiangdong.privacy import unseal
from jiangdong.refusals import NotNow, NotValid
from notices.models import Notice
from pairing.models import Consent, Details, Pairing
from tests.cast import CONSENTS, NOW, RESIDENT, fresh
from wishes import actions
from wishes.actions import Brought, Step
from wishes.models import Campaign, Draft, ResidentLink, Wish

DRAFT = Draft(
    title="想有人陪着去医院配一次药",
    kind="companionship",
    detail="最好是周五上午",
    details=RESIDENT,
    consents=CONSENTS,
)
HOURS = [NOW + dt.timedelta(hours=n) for n in range(6)]
NOTE = "周五上午陪着去配好了药"
OF_ITS_OWN = {"id", "serial", "code", "trail_head", "resident_id"}


def columns(wish: Wish) -> dict:
    """Return every column but those that no two wishes share."""
    row = Wish.objects.filter(pk=wish.pk).values().get()
    return {name: value for name, value in row.items() if name not in OF_ITS_OWN}


def events(wish: Wish) -> list[tuple]:
    return [
        (e.n, e.at, e.move, e.from_state, e.to_state, e.by_id, e.by_label,
         e.note.text if hasattr(e, "note") else "")
        for e in trail.events_of(wish)
    ]  # fmt: skip


def singly(cast, upto: str) -> Wish:
    """Move a wish by single actions, an hour apart."""
    worker, cadre = fresh(cast.worker), fresh(cast.cadre)
    colleague = fresh(cast.colleague)
    course = {
        "log": lambda w: actions.log(draft=DRAFT, community=cast.places.qt, by=worker),
        "submit": lambda w: actions.submit(wish=w, by=worker),
        "publish": lambda w: actions.publish(wish=w, by=colleague, visibility="public"),
        "claim": lambda w: actions.claim(wish=w, by=cadre),
        "fulfil": lambda w: actions.fulfil(wish=w, by=cadre, note=NOTE),
    }
    wish = None
    for hour, (move, act) in zip(HOURS, course.items(), strict=False):
        with clock.at(hour):
            wish = act(wish)
        if move == upto:
            break
    return wish


def brought(cast, upto: str) -> Brought:
    """Return the same course as one row."""
    p = cast.places
    course = {
        "submit": Step(move="submit", at=HOURS[1], by=cast.worker, label="七塔社区"),
        "publish": Step(move="publish", at=HOURS[2], by=cast.colleague, label="七塔社区"),
        "claim": Step(move="claim", at=HOURS[3], by=cast.cadre, label="区教育局", agency=p.jy),
        "fulfil": Step(move="fulfil", at=HOURS[4], by=cast.cadre, label="区教育局", note=NOTE),
    }
    names = list(course)
    steps = tuple(course[name] for name in names[: names.index(upto) + 1]) if upto != "log" else ()
    return Brought(draft=DRAFT, community=p.qt, by=cast.worker, at=HOURS[0], steps=steps)


@pytest.mark.parametrize("upto", ["log", "submit", "publish", "claim", "fulfil"])
def test_a_wish_brought_in_equals_the_same_wish_moved_singly(upto, cast):
    single = singly(cast, upto)
    assert actions.bring_in(rows=[brought(cast, upto)]) == 1
    together = Wish.objects.get(serial=2)
    assert columns(together) == columns(single)
    assert events(together) == events(single)
    assert kept_of(together) == kept_of(single)
    assert not list(trail.verify())


def kept_of(wish: Wish) -> tuple:
    """Return what is kept of the resident, and what their link will do."""
    link = ResidentLink.objects.get(wish=wish)
    consents = Consent.objects.filter(resident=wish.resident_id).order_by("kind")
    return (
        unseal(wish.resident.sealed),
        list(consents.values_list("kind", "taken_by")),
        (link.expires_at, link.answered_at),
        len(unseal(link.sealed_token)["token"]),
    )


def test_nobody_is_told(cast):
    actions.bring_in(rows=[brought(cast, "fulfil")])
    assert not Notice.objects.exists()


def test_the_resident_answers_what_was_brought_in_as_any_other(cast, client):
    actions.bring_in(rows=[brought(cast, "fulfil")])
    token = unseal(ResidentLink.objects.get().sealed_token)["token"]
    with clock.at(HOURS[5]):
        answer = client.post(f"/r/{token}/confirm/", {"rating": "satisfied"})
    assert answer.status_code == 302
    assert Wish.objects.get().state == "closed"
    assert not list(trail.verify())


def test_the_rows_of_an_archived_campaign_hold_no_resident_and_no_link(cast):
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    actions.bring_in(rows=[brought(cast, "claim")], campaign=campaign)
    wish = Wish.objects.get()
    assert (wish.archived, wish.resident, wish.campaign) == (True, None, campaign)
    assert not ResidentLink.objects.exists()


def test_numbers_run_on_over_batches_and_beside_single_ones(cast, wish_in):
    wish_in("draft")
    rows = [brought(cast, "publish") for _ in range(7)]
    assert actions.bring_in(rows=rows, batch=3) == 7
    wish_in("draft")
    assert list(Wish.objects.order_by("serial").values_list("serial", flat=True)) == [*range(1, 10)]
    assert not list(trail.verify())


def test_a_hundred_cost_little_more_than_one(cast, django_assert_max_num_queries):
    campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
    with django_assert_max_num_queries(16):
        actions.bring_in(rows=[brought(cast, "claim") for _ in range(100)], campaign=campaign)
    assert Event.objects.count() == 400


class TestWhatCannotBe:
    """One impossible row, and nothing at all is brought in."""

    def refused(self, cast, *steps: Step, as_: type[Exception], **facts) -> None:
        good = brought(cast, "claim")
        bad = Brought(**{**vars(good), "steps": steps, **facts})
        with pytest.raises(as_), transaction.atomic():
            actions.bring_in(rows=[good, bad])
        assert (Wish.objects.count(), Event.objects.count(), EventNote.objects.count()) == (0, 0, 0)

    def test_a_move_from_a_state_that_does_not_know_it(self, cast):
        claim = Step(move="claim", at=NOW, by=cast.cadre, label="", agency=cast.places.jy)
        self.refused(cast, claim, as_=NotNow)

    @pytest.mark.parametrize("move", ["confirm", "reopen", "release", "withdraw", "assign"])
    def test_a_move_that_is_not_brought_in(self, move, cast):
        state = {"confirm": "fulfil", "reopen": "fulfil"}.get(move, "claim")
        steps = (*brought(cast, state).steps, Step(move=move, at=NOW, by=cast.worker, label="x"))
        self.refused(cast, *steps, as_=NotValid)

    def test_details_without_the_residents_nod(self, cast):
        draft = Draft(title="想要一把伞", kind="goods", details=Details(name="张示例"))
        self.refused(cast, draft=draft, as_=NotValid)

    def test_a_kind_that_nobody_knows(self, cast):
        self.refused(cast, draft=Draft(title="想要一把伞", kind="money"), as_=IntegrityError)

    def test_a_title_that_is_too_long(self, cast):
        from django.db import DataError

        self.refused(cast, draft=Draft(title="字" * 41, kind="goods"), as_=DataError)


def test_without_a_pairing_it_is_open_to_all_as_a_single_one_would_be(cast):
    Pairing.objects.all().delete()
    single = singly(cast, "publish")
    actions.bring_in(rows=[brought(cast, "publish")])
    assert columns(Wish.objects.get(serial=2)) == columns(single)
