"""Many at once through the API. The row lock's own control is beside the actions."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts import trail
from pairing.models import Cadre
from tests.api import V1, api, wish_url
from tests.cast import SINCE, person
from wishes.models import Wish

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 20


def at_once(calls):
    """Run calls in threads that start together, each under this test's stopped clock."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(contextvars.copy_context().run, run, call) for call in calls]
        return [future.result() for future in futures]


def test_of_many_who_claim_at_once_one_gets_it_and_the_others_read_who(cast, wish_in):
    wish = wish_in("open")
    clients = []
    for n in range(THREADS):
        user = person(f"runner{n}", f"示例{n}")
        Cadre.objects.create(user=user, agency=cast.places.jy, term=SINCE)
        clients.append(api(user))
    answers = at_once([lambda c=client: c.post(wish_url(wish, "claim")) for client in clients])
    won = [answer for answer in answers if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, THREADS - 1)
    for answer in lost:
        body = answer.json()
        assert (body["code"], body["state"]) == ("already_claimed", "claimed")
        assert body["agency"] == "区教育局"
        assert "区教育局" in body["detail"]
    wish = Wish.objects.get(pk=wish.pk)
    assert wish.handler.name == won[0].json()["handler_name"]
    assert [event.move for event in trail.events_of(wish)] == ["log", "publish", "claim"]
    assert list(trail.verify()) == []


def test_of_many_requests_with_one_key_one_wish_comes(cast):
    body = {"title": "想要一盏台灯", "kind": "goods"}
    headers = {"Idempotency-Key": "doorstep"}
    clients = [api(cast.worker) for _ in range(10)]
    answers = at_once(
        [lambda c=client: c.post(f"{V1}wishes/", body, headers=headers) for client in clients]
    )
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert {answer.json()["code"] for answer in answers} == {"QT-0001"}
    assert Wish.objects.count() == 1


def test_wishes_logged_at_once_are_numbered_without_a_gap(cast):
    body = {"title": "想要一盏台灯", "kind": "goods"}
    clients = [api(cast.worker) for _ in range(10)]
    answers = at_once([lambda c=client: c.post(f"{V1}wishes/", body) for client in clients])
    codes = sorted(answer.json()["code"] for answer in answers)
    assert codes == [f"QT-{n:04d}" for n in range(1, 11)]
