"""People and liaisons set up robots; whose they are is checked, and their tokens are shown to nobody."""

import logging

import pytest
from cryptography.fernet import Fernet

from accounts import trail
from jiangdong.celery import app
from jiangdong.privacy import unseal
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from notices import actions, robots, tasks
from notices.models import Channel
from pairing.models import Cadre
from tests.cast import NOW, fresh
from tests.notices.robots import (
    ADDRESSES,
    PLACES,
    agency_of,
    robot,
    tell,
)

LIST = "/inbox/channels/"


# Setting up


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ab12" * 16,
        "http://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16,
        "https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 15,
        "https://oapi.dingtalk.com/robot/send?access_token=" + "zz12" * 16,
        "https://oapi.dingtalk.com.evil.example/robot/send?access_token=" + "ab12" * 16,
        "https://evil.example/https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16,
        "https://oapi.dingtalk.com@127.0.0.1/robot/send?access_token=" + "ab12" * 16,
        ADDRESSES["dingtalk"] + "&redirect=http://127.0.0.1/",
        ADDRESSES["wecom"] + "\n",
        ADDRESSES["wecom"].replace("6", "６"),
        ADDRESSES["feishu"] + "/../../x",
        "http://127.0.0.1:8000/admin/",
        "file:///etc/passwd",
        "jsons://127.0.0.1/",
        "https://example.org/" + "a" * 400,
        "\x00",
    ],
)
def test_what_is_no_robots_address_is_none(address):
    assert robots.read_address(address) is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "请把机器人的地址贴进来"),
        ("http://127.0.0.1:8000/admin/", "这不是钉钉、企业微信或飞书群机器人的地址"),
        (ADDRESSES["wecom"][:-1], "这不是钉钉、企业微信或飞书群机器人的地址"),
        ("https://example.org/" + "a" * 400, "300"),
        ("\x00", "空字符"),
    ],
)
def test_a_wrong_address_is_refused_in_chinese_and_not_shown_again(cast, as_, address, said):
    with pytest.raises(NotValid):
        actions.add_channel(address=address, by=cast.worker)
    response = as_(cast.worker).post(LIST, {"whose": "me", "address": address})
    assert response.status_code == 400
    html = response.content.decode()
    assert said in html
    assert not address or address not in html
    assert not Channel.objects.exists()


@pytest.mark.parametrize("kind", PLACES)
def test_a_person_adds_tries_and_removes_their_own(cast, as_, receiver, kind):
    client = as_(cast.cadre)
    response = client.post(LIST, {"whose": "me", "address": f" {ADDRESSES[kind]} "}, follow=True)
    assert "发一条试试" in response.content.decode()
    channel = Channel.objects.get()
    assert (channel.kind, channel.user, channel.added_by) == (kind, cast.cadre, cast.cadre)
    assert client.post(f"{LIST}{channel.pk}/try/").status_code == 302
    assert receiver.heard == []
    assert "正在试" in client.get(LIST).content.decode()
    tasks.send_pending()
    assert "发出过一条" in client.get(LIST).content.decode()
    tell(cast.cadre)
    assert client.post(f"{LIST}{channel.pk}/remove/").status_code == 302
    channel.refresh_from_db()
    assert (channel.sealed, channel.fingerprint, channel.removed_at) == ("", "", NOW)
    tasks.send_pending()
    assert len(receiver.heard) == 1
    assert client.post(f"{LIST}{channel.pk}/remove/").status_code == 404
    assert [event.move for event in trail.events_of(channel)] == ["add_channel", "remove_channel"]


def test_a_removed_one_may_be_added_again_and_the_same_twice_may_not(cast, as_):
    first = robot(cast.worker)
    with pytest.raises(NotNow):
        robot(cast.worker)
    assert (
        as_(cast.worker)
        .post(LIST, {"whose": "me", "address": ADDRESSES["dingtalk"][:-1] + "0"})
        .status_code
        == 409
    )
    actions.remove_channel(channel=first, by=cast.worker)
    robot(cast.worker)
    robot(cast.colleague)


def test_five_are_enough(cast):
    for n in range(5):
        robot(cast.worker, n=n)
    with pytest.raises(NotNow) as refusal:
        robot(cast.worker, n=6)
    assert refusal.value.code == "too_many"


def test_liaisons_of_an_agency_keep_its_robots_together(cast, as_):
    client = as_(cast.liaison)
    assert "本单位的群机器人" in client.get(LIST).content.decode()
    client.post(LIST, {"whose": "agency", "address": ADDRESSES["feishu"]})
    channel = Channel.objects.get()
    assert (channel.group_kind, channel.group_id) == ("agency", cast.places.jy.pk)
    Cadre.objects.filter(user=cast.cadre_b).update(is_liaison=True)
    other = as_(fresh(cast.cadre_b))
    assert "钱示例" in other.get(LIST).content.decode()
    assert other.post(f"{LIST}{channel.pk}/remove/").status_code == 302


@pytest.mark.parametrize("who", ["cadre", "liaison2", "worker", "supervisor", "admin", "stranger"])
def test_others_neither_see_nor_touch_an_agencys_or_a_persons_robots(cast, as_, who):
    theirs = robot(cast.liaison, group=agency_of(cast)), robot(cast.colleague, n=1)
    user = getattr(cast, who)
    client = as_(user)
    assert "ab1" not in client.get(LIST).content.decode()
    for channel in theirs:
        for act in ("try", "remove"):
            assert client.post(f"{LIST}{channel.pk}/{act}/").status_code == 404
        with pytest.raises(NotAllowed):
            actions.remove_channel(channel=channel, by=user)
        with pytest.raises(NotAllowed):
            actions.ask_for_trial(channel=channel, by=user)
    with pytest.raises(NotAllowed):
        robot(user, group=agency_of(cast), n=2)
    if who != "liaison2":
        assert (
            client.post(LIST, {"whose": "agency", "address": ADDRESSES["wecom"]}).status_code == 404
        )
    assert Channel.objects.kept().count() == 2


def test_the_page_asks_to_sign_in_and_acts_are_posts(cast, as_):
    assert as_(None).get(LIST).status_code == 302
    channel = robot(cast.worker)
    assert as_(None).post(f"{LIST}{channel.pk}/remove/").status_code == 302
    assert as_(cast.worker).get(f"{LIST}{channel.pk}/remove/").status_code == 405
    assert as_(cast.worker).get(f"{LIST}{channel.pk}/try/").status_code == 405
    assert as_(cast.worker).put(LIST).status_code == 405


# Secrets


def test_a_token_is_sealed_and_on_no_page_and_in_no_log(cast, as_, dead, caplog):
    caplog.set_level(logging.DEBUG)
    token = PLACES["dingtalk"][1]
    client = as_(cast.liaison)
    typed = {"whose": "me", "address": ADDRESSES["dingtalk"]}
    pages = [client.post(LIST, typed, follow=True), client.post(LIST, typed), client.get(LIST)]
    channel = Channel.objects.get()
    assert token not in f"{channel.sealed} {channel.fingerprint}"
    assert unseal(channel.sealed) == {"token": token}
    tell(cast.liaison)
    actions.send_pending()
    pages += [client.get(LIST), as_(cast.admin).get("/admin/notices/channel/")]
    pages.append(as_(cast.admin).get(f"/admin/notices/channel/{channel.pk}/change/"))
    shown = " ".join(page.content.decode() for page in pages)
    assert "没有发出去：连不上对方" in shown
    for secret in (token, channel.sealed, channel.fingerprint):
        assert secret not in shown
        assert secret not in caplog.text
    assert f"robot {channel.pk} (dingtalk) took nothing: unreachable" in caplog.text


def test_a_token_stays_out_of_the_log_when_all_goes_well_and_when_it_is_refused(
    cast, receiver, caplog
):
    caplog.set_level(logging.DEBUG)
    for kind in PLACES:
        robot(cast.worker, kind)
    tell(cast.worker)
    actions.send_pending()
    receiver.status = 500
    tell(cast.worker)
    actions.send_pending()
    assert len(receiver.heard) == 6
    for _place, token in PLACES.values():
        assert token[:-1] not in caplog.text


def test_a_token_whose_key_is_gone_is_a_failure_like_another(cast, receiver, settings):
    channel = robot(cast.worker)
    tell(cast.worker)
    settings.RESIDENT_KEYS = {9: Fernet.generate_key().decode()}
    assert actions.send_pending() == 0
    channel.refresh_from_db()
    assert channel.problem == "sealed"


# For the operator


def test_an_administrator_sees_in_one_list_which_robots_take_nothing(cast, as_, dead):
    robot(cast.worker, n=1)
    robot(cast.liaison, group=agency_of(cast))
    tell(cast.worker)
    actions.send_pending()
    client = as_(cast.admin)
    html = client.get("/admin/notices/channel/").content.decode()
    for words in ("林示例", "区教育局", "连不上对方", "还没有发过"):
        assert words in html
    assert html.index("连不上对方") < html.index("还没有发过")
    assert "1 个发不出去" in client.get("/admin/running/").content.decode()
    for act in ("add/", f"{Channel.objects.first().pk}/delete/"):
        assert client.get(f"/admin/notices/channel/{act}").status_code == 403


def test_the_worker_knows_the_tasks_by_the_names_they_are_handed_over_under():
    names = {f"notices.tasks.{name}" for name in ("send_out", "send_pending", "try_channel")}
    assert names <= set(app.tasks)
    assert "notices.tasks.send_pending" in {
        entry["task"] for entry in app.conf.beat_schedule.values()
    }
