"""Many people at the same moment, each on a connection of their own and in real time."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import trail
from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import unseal
from jiangdong.refusals import NotNow
from notices.models import Notice
from pairing import actions as pairing
from pairing.models import Cadre, Resident
from tests.cast import SINCE, fresh, hashed_password, signed_in
from tests.wishes.doors import act, course_of, text_of
from wishes import actions
from wishes.actions import gate
from wishes.models import CallBack, Draft, ResidentLink, Wish

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 40


def together(*acts: Callable[[], object]) -> list:
    """Do all of these at the same moment, and return what came of each: a result or the exception."""
    start = threading.Barrier(len(acts))
    outcomes: list = [None] * len(acts)

    def run(place: int, do: Callable[[], object]) -> None:
        try:
            start.wait(timeout=60)
            outcomes[place] = do()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def long_ago():
    """Hold the clock a month before the real now, so that what was published then is open to all today."""
    with clock.at(timezone.now() - dt.timedelta(days=30)):
        yield


@pytest.fixture
def open_wish(long_ago, wish_in) -> Wish:
    return wish_in("open")


def crowd(cast, size: int) -> list[User]:
    """Make people of four agencies."""
    agencies = (cast.places.jy, cast.places.wb, cast.places.cx, cast.places.dso)
    people = User.objects.bulk_create(
        User(username=f"p{n}", name=f"示例{n}", password=hashed_password()) for n in range(size)
    )
    Cadre.objects.bulk_create(
        Cadre(user=person, agency=agencies[n % 4], term=SINCE) for n, person in enumerate(people)
    )
    return people


def in_turn(clients: Iterable[Client], wish: Wish) -> Callable[[], list]:
    """Return an act that claims the wish for each of these people, one after the other."""
    return lambda: [act(client, wish, "claim") for client in clients]


def test_of_two_hundred_who_claim_at_once_one_gets_it_and_the_others_read_who(cast, open_wish):
    clients = [signed_in(person) for person in crowd(cast, 200)]
    outcomes = together(*(in_turn(clients[n::AT_ONCE], open_wish) for n in range(AT_ONCE)))
    answers = [answer for outcome in outcomes for answer in outcome]
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 199}
    wish = Wish.objects.select_related("agency").get()
    said = f"刚刚由{wish.agency.name}认领了，看看别的心愿吧。"
    assert all(said in text_of(answer) for answer in answers if answer.status_code == 409)
    assert course_of(wish) == [
        ("log", "", "draft"),
        ("publish", "draft", "open"),
        ("claim", "open", "claimed"),
    ]
    assert trail.events_of(wish).last().by_id == wish.handler_id == wish.claimed_by_id
    assert Notice.objects.filter(kind="claimed").count() == 1
    assert not list(trail.verify())


def test_without_the_lock_many_pass_the_check_for_one_wish(cast, open_wish, monkeypatch):
    """The control: what the row lock prevents.

    Everybody reads "open" and is let through. That the trail cannot fork is the second line, and the last:
    it turns the losers away with a fault of the server, and none of them reads who won.
    """
    people = [fresh(person) for person in crowd(cast, 8)]
    everybody_has_read = threading.Barrier(len(people))

    def unlocked(wish: Wish) -> Wish:
        wish = Wish.objects.select_related("community").get(pk=wish.pk)
        everybody_has_read.wait(timeout=60)
        return wish

    monkeypatch.setattr(gate, "locked", unlocked)
    outcomes = together(*(lambda by=by: actions.claim(wish=open_wish, by=by) for by in people))
    assert Counter(type(outcome) for outcome in outcomes) == {Wish: 1, IntegrityError: 7}


def test_with_the_lock_the_same_eight_are_told(cast, open_wish):
    people = [fresh(person) for person in crowd(cast, 8)]
    outcomes = together(*(lambda by=by: actions.claim(wish=open_wish, by=by) for by in people))
    assert Counter(type(outcome) for outcome in outcomes) == {Wish: 1, NotNow: 7}
    agency = Wish.objects.get().agency.name
    told = [outcome.facts for outcome in outcomes if isinstance(outcome, NotNow)]
    assert told == [{"state": "claimed", "agency": agency}] * 7


def test_a_claim_and_a_withdrawal_at_once_leave_one_of_the_two_stories(cast, open_wish, long_ago):
    cadre, worker = signed_in(cast.cadre), signed_in(cast.worker)
    for _ in range(5):
        wish = actions.log(
            draft=Draft(title="想要一副老花镜", kind="goods", consents=frozenset({"publish"})),
            community=cast.places.qt,
            by=fresh(cast.worker),
        )
        wish = actions.publish(wish=wish, by=fresh(cast.worker), visibility="public")
        claimed, withdrawn = together(
            lambda wish=wish: act(cadre, wish, "claim"),
            lambda wish=wish: act(worker, wish, "withdraw", reason="不要了"),
        )
        assert withdrawn.status_code == 302
        assert claimed.status_code in (302, 404, 409)
        moves = [move for move, _from, _to in course_of(wish)][2:]
        assert moves == (["claim", "withdraw"] if claimed.status_code == 302 else ["withdraw"])


def test_the_residents_answer_pressed_many_times_at_once_counts_once(cast, wish_in, long_ago):
    with clock.at(timezone.now()):
        wish = wish_in("fulfilled")
    token = unseal(ResidentLink.objects.get().sealed_token)["token"]

    def yes():
        return Client().post(f"/r/{token}/confirm/", {"rating": "satisfied"})

    def no():
        return Client().post(f"/r/{token}/reopen/", {"reason": "还差一半"})

    answers = together(yes, yes, yes, yes, no, no, no, no)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 7}
    assert len(course_of(wish)) == 5
    assert not list(trail.verify())


def test_the_resident_and_the_worker_answering_at_once_close_it_once(cast, wish_in, long_ago):
    with clock.at(timezone.now()):
        wish = wish_in("fulfilled")
    token = unseal(ResidentLink.objects.get().sealed_token)["token"]
    worker = signed_in(cast.worker)
    answers = together(
        lambda: Client().post(f"/r/{token}/confirm/", {"rating": "fair"}),
        lambda: act(worker, wish, "confirm", rating="satisfied", how="phone"),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    wish.refresh_from_db()
    assert CallBack.objects.count() == (wish.how == "phone")


def test_workers_who_write_down_at_once_get_numbers_of_their_own(cast):
    clients = [signed_in(person) for person in (cast.worker, cast.colleague, cast.warden) * 4]
    words = {"title": "想要一副老花镜", "kind": "goods"}
    answers = together(*(lambda c=c: c.post("/wishes/log/", words) for c in clients))
    assert Counter(getattr(answer, "status_code", answer) for answer in answers) == {302: 12}
    codes = sorted(Wish.objects.values_list("code", flat=True))
    assert codes == [f"QT-{n:04d}" for n in range(1, 13)]


def test_the_same_form_sent_many_times_at_once_writes_one_wish(cast):
    words = {
        "title": "想要一副老花镜",
        "kind": "goods",
        "key": "6f1b1f6e-3f57-4c3e-9d7d-2f0b6a1f7a77",
    }
    clients = [signed_in(cast.worker) for _ in range(6)]
    answers = together(*(lambda c=c: c.post("/wishes/log/", words) for c in clients))
    assert {answer["Location"] for answer in answers} == {"/wishes/QT-0001/preview/"}
    assert Wish.objects.count() == ResidentLink.objects.count() == 1


def test_of_two_who_publish_at_once_one_does(cast, wish_in):
    wish = wish_in("draft")
    clients = [signed_in(person) for person in (cast.worker, cast.colleague)]
    answers = together(*(lambda c=c: act(c, wish, "publish", visibility="public") for c in clients))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert len(course_of(wish)) == 2
    assert Notice.objects.filter(kind="offered").count() == 1


def test_an_erasure_and_a_closing_at_once_both_come_to_an_end(cast, wish_in):
    with clock.at(timezone.now()):
        wish = wish_in("fulfilled")
    worker, colleague = signed_in(cast.worker), signed_in(cast.colleague)
    answers = together(
        lambda: worker.post(f"/wishes/{wish.code}/erase/"),
        lambda: act(colleague, wish, "confirm", rating="fair", how="door", words="还好"),
    )
    assert [getattr(answer, "status_code", answer) for answer in answers] == [302, 302]
    wish.refresh_from_db()
    assert wish.state == "closed"
    assert wish.resident.erased_at
    assert not list(trail.verify())


def test_the_nights_erasure_holds_nothing_that_a_move_under_way_still_needs(cast, wish_in):
    """The move has the wish and comes to the resident last: who came the other way round would wait for ever."""
    with clock.at(timezone.now()):
        wish = wish_in("fulfilled")
    erasing = threading.Thread(
        target=together, args=[lambda: pairing.erase(resident=wish.resident)]
    )
    with transaction.atomic():
        Wish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
        erasing.start()
        wait_until_somebody_waits_for_a_lock()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        pairing.keep_until(resident=wish.resident, closed_on=clock.today())
    erasing.join()
    assert Resident.objects.get(pk=wish.resident_id).erased_at


def wait_until_somebody_waits_for_a_lock() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _each in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody waits")
