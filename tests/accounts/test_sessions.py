"""Where one is signed in: listed, ended, and ended by themselves."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import devices
from accounts.models import Session
from accounts.tasks import clear_expired
from tests.accounts.sign_in import AGENT, enter, is_in
from tests.cast import PASSWORD

LIST = "/me/sessions/"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0"


def handles(client: Client) -> list[str]:
    return re.findall(r"/me/sessions/(\w{16})/end/", client.get(LIST).content.decode())


def age(client: Client, **seen_before: float) -> None:
    """Let a session have been seen last so long ago, as if nothing had happened since."""
    session = Session.objects.get(pk=client.session.session_key)
    away = dt.timedelta(**seen_before)
    Session.objects.filter(pk=session.pk).update(
        last_seen_at=session.last_seen_at - away, expire_date=session.expire_date - away
    )


def test_each_is_listed_with_its_device_and_this_one_first(cast):
    desk, phone = enter(cast.cadre, agent=DESK), enter(cast.cadre)
    enter(cast.worker)
    page = phone.get(LIST).content.decode()
    assert page.index("安卓，Chrome") < page.index("Windows，Edge")
    assert page.count("就是这里") == 1
    assert len(handles(phone)) == len(handles(desk)) == 1


def test_no_page_gives_a_session_away(cast):
    enter(cast.cadre)
    client = enter(cast.cadre)
    page = client.get(LIST).content.decode()
    for session in Session.objects.all():
        assert session.pk not in page


def test_one_is_ended_from_another(cast):
    lost, phone = enter(cast.cadre, agent=DESK), enter(cast.cadre)
    response = phone.post(f"{LIST}{handles(phone)[0]}/end/")
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert lost.get("/me/").status_code == 302
    assert phone.get("/me/").status_code == 200


def test_all_others_are_ended_at_once(cast):
    others = [enter(cast.cadre) for _ in range(3)]
    phone, colleague = enter(cast.cadre), enter(cast.worker)
    phone.post(f"{LIST}others/end/")
    assert [client.get("/me/").status_code for client in others] == [302] * 3
    assert phone.get("/me/").status_code == colleague.get("/me/").status_code == 200


def test_nobody_ends_anothers(cast):
    theirs, mine = enter(cast.cadre), enter(cast.worker)
    enter(cast.cadre)
    mine.post(f"{LIST}{handles(theirs)[0]}/end/")
    assert theirs.get("/me/").status_code == 200
    assert len(handles(theirs)) == 1


@pytest.mark.parametrize("path", ["", "others/end/", "0123456789abcdef/end/"])
def test_passers_by_are_asked_to_sign_in(db, path):
    client = Client()
    response = client.post(LIST + path) if path else client.get(LIST)
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["others/end/", "0123456789abcdef/end/"])
def test_reading_ends_nothing(cast, path):
    assert enter(cast.cadre).get(LIST + path).status_code == 405


def test_one_that_is_idle_for_two_hours_ends(cast):
    client = enter(cast.cadre)
    age(client, minutes=119)
    assert client.get("/me/").status_code == 200
    age(client, minutes=121)
    assert client.get("/me/").status_code == 302


def test_one_that_opens_the_admin_ends_after_half_an_hour(cast):
    client = enter(cast.supervisor)
    age(client, minutes=31)
    assert client.get("/me/").status_code == 302


def test_one_in_use_ends_after_twelve_hours_all_the_same(cast):
    client = enter(cast.cadre)
    began = timezone.now() - dt.timedelta(hours=11, minutes=59)
    Session.objects.update(began_at=began, last_seen_at=timezone.now() - dt.timedelta(minutes=2))
    client.get("/me/")
    assert Session.objects.get().expire_date == began + dt.timedelta(hours=12)


def test_being_seen_is_written_once_a_minute(cast):
    client = enter(cast.cadre)
    client.get("/me/")
    before = Session.objects.get(pk=client.session.session_key)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert not [query for query in asked if not query["sql"].startswith("SELECT")]
    assert Session.objects.get(pk=before.pk).last_seen_at == before.last_seen_at
    age(client, minutes=1)
    client.get("/me/")
    seen = Session.objects.get(pk=before.pk).last_seen_at
    assert timezone.now() - seen < dt.timedelta(seconds=30)


def test_a_password_changed_ends_all_but_this_one(cast):
    other, this = enter(cast.cadre), enter(cast.cadre)
    new = {"oldpassword": PASSWORD, "password1": "yi-ju-hua-365", "password2": "yi-ju-hua-365"}
    response = this.post("/accounts/password/change/", new)
    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert this.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    assert Session.objects.filter(user=cast.cadre).count() == 1


def test_signing_out_leaves_no_session(cast):
    client = enter(cast.cadre)
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert not Session.objects.filter(user=cast.cadre).exists()


def test_those_whose_time_is_over_are_swept(cast):
    old, young = enter(cast.cadre), enter(cast.worker)
    age(old, hours=3)
    clear_expired()
    clear_expired()
    assert list(Session.objects.values_list("user", flat=True)) == [cast.worker.pk]
    assert young.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (AGENT, "安卓，Chrome"),
        (DESK, "Windows，Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0", "iPhone，微信"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) HuaweiBrowser/5 Chrome/114", "鸿蒙，华为浏览器"),
        ("Mozilla/5.0 (X11; Linux x86_64; Kylin) Firefox/128.0", "麒麟，Firefox"),
        ("curl/8", "认不出的设备"),
        ("", "认不出的设备"),
    ],
)
def test_devices_have_names_that_people_know(agent, name):
    assert devices.named(agent) == name
