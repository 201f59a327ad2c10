"""提醒一下 on the portal's own pages: who may, once a day, and what it leaves."""

import pytest

from accounts import trail
from notices.models import Notice


@pytest.mark.parametrize("who", ["worker", "street", "supervisor", "liaison"])
def test_who_answers_for_a_wish_nudges_its_handler(cast, as_, wish_in, who):
    wish = wish_in("claimed")
    client = as_(getattr(cast, who))
    assert "提醒一下" in client.get(wish.get_absolute_url()).content.decode()

    response = client.post(f"{wish.get_absolute_url()}remind/", follow=True)

    assert "已经提醒对方" in response.content.decode()
    assert [event.move for event in trail.events_of(wish)][-1] == "remind"
    assert Notice.objects.filter(kind="reminded").get().recipient == cast.cadre


@pytest.mark.parametrize("who", ["cadre", "cadre_b", "member", "worker2", "admin"])
def test_others_are_neither_offered_nor_allowed_to(cast, as_, wish_in, who):
    wish = wish_in("claimed")
    client = as_(getattr(cast, who))
    assert "提醒一下" not in client.get(wish.get_absolute_url()).content.decode()
    assert client.post(f"{wish.get_absolute_url()}remind/").status_code == 403
    assert not Notice.objects.filter(kind="reminded").exists()


def test_a_wish_is_nudged_once_a_working_day(cast, as_, wish_in):
    wish = wish_in("claimed")
    as_(cast.worker).post(f"{wish.get_absolute_url()}remind/")
    again = as_(cast.street).post(f"{wish.get_absolute_url()}remind/")
    assert again.status_code == 409
    assert "今天已经提醒过了" in again.content.decode()
    assert Notice.objects.filter(kind="reminded").count() == 1


def test_looking_at_the_address_nudges_nobody(cast, as_, wish_in):
    wish = wish_in("claimed")
    assert as_(cast.worker).get(f"{wish.get_absolute_url()}remind/").status_code == 405
    assert not Notice.objects.exclude(kind="claimed").filter(kind="reminded").exists()
