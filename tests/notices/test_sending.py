"""Robots say notices at least once, never at night, never in a request; a dead one holds up nobody."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotNow
from notices import actions, robots, tasks
from notices.actions import sending as saying
from notices.groups import Group
from notices.models import Channel, Notice, Sending
from pairing.models import Cadre
from tests.cast import NOW
from tests.notices.receiver import listening
from tests.notices.robots import (
    ADDRESSES,
    HEARD_AT,
    PLACES,
    agency_of,
    on_the_clock,
    robot,
    states,
    tell,
)
from wishes import actions as wishes

# What is said


@pytest.mark.parametrize("kind", PLACES)
def test_each_kind_says_the_title_and_where_to_look_and_nothing_else(
    cast, receiver, settings, kind
):
    settings.SITE_URL = "https://portal.example"
    channel = robot(cast.worker, kind)
    tell(cast.worker)
    assert receiver.heard == []
    assert actions.send_pending() == 1
    ((path, _payload),) = receiver.heard
    token = ADDRESSES[kind].removeprefix(PLACES[kind][0])[:-1] + "0"
    assert path == HEARD_AT[kind].format(token=token, key=token)
    assert receiver.texts == ["江东365：有人接了\nhttps://portal.example/wishes/QT-0001/"]
    assert states() == [("sent", 1)]
    channel.refresh_from_db()
    assert (channel.failures, channel.last_success_at) == (0, NOW)


@pytest.mark.parametrize("kind", PLACES)
def test_apprise_speaks_to_the_services_own_hosts_and_follows_nobody_elsewhere(kind):
    plugin = robots._plugin(kind)
    assert plugin.notify_url.startswith(PLACES[kind][0].partition("?")[0])
    assert plugin.notify_url.startswith("https://")


def test_only_ones_own_robots_hear_ones_messages(cast, receiver):
    robot(cast.worker, n=1)
    robot(cast.colleague, n=2)
    tell(cast.worker)
    assert actions.send_pending() == 1
    assert receiver.heard[0][0].endswith("1")


def test_a_digest_is_said_too(cast, receiver):
    robot(cast.worker)
    (digest,) = Notice.objects.bulk_create(
        [
            Notice(
                recipient=cast.worker,
                kind="digest",
                digest_day=clock.today(),
                title="今天要办的事：3 件",
                url="/inbox/digests/2026-03-10/",
                mail_state="none",
                not_before=NOW,
            )
        ]
    )
    with transaction.atomic():
        saying.queue([digest])
    assert actions.send_pending() == 1
    assert "今天要办的事：3 件" in receiver.texts[0]


def test_a_title_that_nobody_checked_and_one_not_meant_for_all_are_not_said(cast, receiver):
    robot(cast.worker)
    tell(cast.worker, title="请复核：请打 13800000077 找他")
    tell(cast.worker, title="想有人陪着说说话", discreet=True)
    assert actions.send_pending() == 2
    assert {text.partition("\n")[0] for text in receiver.texts} == {
        "江东365：有一条新消息，请到门户里看。"
    }


def test_an_agencys_robot_hears_what_is_meant_for_its_liaisons_once_a_move(cast, receiver, wish_in):
    second = Cadre.objects.get(user=cast.cadre_b)
    Cadre.objects.filter(pk=second.pk).update(is_liaison=True)
    robot(cast.liaison, group=agency_of(cast))
    robot(cast.liaison2, "wecom", group=Group("agency", cast.places.wb.pk))
    wish = wish_in("fulfilled")  # offered, claimed, fulfilled: the first of them is the liaisons'
    wishes.reopen(wish=wish, by=cast.worker, reason="药还没有配到")
    actions.send_pending()
    said = [text.partition("\n")[0] for text in receiver.texts]
    assert said == [
        "江东365：结对社区有新心愿：想有人陪着去医院配一次药",
        "江东365：居民说还没有办好：想有人陪着去医院配一次药",
    ]
    assert all(path.startswith("/robot/") for path, _payload in receiver.heard)
    assert Notice.objects.filter(kind="reopened").count() == 3


def test_of_a_wish_that_is_not_public_an_agencys_robot_says_only_that_there_is_something(
    cast, receiver, wish_in
):
    robot(cast.liaison, group=agency_of(cast))
    wish_in("open", visibility="paired")
    assert actions.send_pending() == 1
    assert "配一次药" not in receiver.texts[0]


# When and how often


def test_said_once_though_the_task_runs_twice(cast, receiver):
    robot(cast.worker)
    tell(cast.worker)
    ids = list(Sending.objects.values_list("pk", flat=True))
    tasks.send_out(ids)
    tasks.send_out(ids)
    tasks.send_pending()
    assert len(receiver.heard) == 1


@pytest.mark.django_db(transaction=True)
def test_three_workers_at_once_say_each_message_once(cast, receiver):
    robot(cast.worker)
    for n in range(6):
        tell(cast.worker, title=f"第 {n} 条")
    ids = list(Sending.objects.values_list("pk", flat=True))
    gate = threading.Barrier(3)

    def work() -> None:
        with clock.at(NOW):
            gate.wait()
            actions.send_out(ids=ids)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.texts) == len(set(receiver.texts)) == 6


def test_a_worker_killed_between_saying_and_noting_says_it_again(cast, receiver, monkeypatch):
    robot(cast.worker)
    tell(cast.worker)

    def killed(sending):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(saying, "_note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.send_pending()
    assert actions.send_pending() == 0, "another worker may still be at it"
    with on_the_clock(minutes=3):
        assert actions.send_pending() == 1
    assert len(receiver.heard) == 2


def test_nothing_is_said_at_night_whoever_asks(cast, receiver, later):
    channel = robot(cast.worker)
    with later(hours=11):
        tell(cast.worker)
        ids = list(Sending.objects.values_list("pk", flat=True))
        assert actions.send_pending() == actions.send_out(ids=ids) == 0
        with pytest.raises(NotNow):
            actions.ask_for_trial(channel=channel, by=cast.worker)
        Channel.objects.update(trial_asked_at=clock.now())
        assert not actions.try_channel(pk=channel.pk)
    assert receiver.heard == []
    with later(hours=22):
        assert actions.send_pending() == 1


# Receivers that are dead, hang or refuse


def test_a_dead_receiver_costs_one_try_and_waits_longer_each_time(cast, dead):
    channel = robot(cast.worker)
    for _ in range(5):
        tell(cast.worker)
    assert actions.send_pending() == 0
    assert states() == [("pending", 1)] + [("pending", 0)] * 4
    channel.refresh_from_db()
    assert (channel.failures, channel.problem) == (1, "unreachable")
    assert channel.not_before == NOW + dt.timedelta(minutes=2)
    assert actions.send_pending() == 0
    assert states()[0] == ("pending", 1), "left alone until then"
    with clock.at(channel.not_before):
        actions.send_pending()
        channel.refresh_from_db()
        assert channel.not_before == clock.now() + dt.timedelta(minutes=4)


def test_a_receiver_that_hangs_is_waited_for_briefly_and_holds_up_no_other(
    cast, receiver, monkeypatch
):
    monkeypatch.setattr(robots, "READ", 0.3)
    hanging = robot(cast.worker)
    with listening() as well:
        monkeypatch.setattr(robots._plugin("wecom"), "notify_url", well.base + "/{key}")
        robot(cast.worker, "wecom")
        receiver.hangs = True
        for _ in range(4):
            tell(cast.worker)
        begun = time.monotonic()
        assert actions.send_pending() == 4
        assert time.monotonic() - begun < 2
        assert (len(well.heard), len(receiver.heard)) == (4, 1)
    hanging.refresh_from_db()
    assert hanging.problem == "timeout"


def test_a_run_ends_though_every_receiver_hangs(cast, receiver, monkeypatch):
    monkeypatch.setattr(robots, "READ", 0.2)
    monkeypatch.setattr(saying, "LONGEST_RUN", 0.25)
    receiver.hangs = True
    for n in range(5):
        robot(cast.worker, n=n)
    tell(cast.worker)
    actions.send_pending()
    assert 1 <= len(receiver.heard) <= 2


def test_timeouts_are_short():
    assert robots.CONNECT <= 5
    assert robots.READ <= 5


@pytest.mark.parametrize(
    ("status", "answer", "problem"),
    [
        (500, {}, "http-500"),
        (302, {}, "http-302"),
        (200, {"errcode": 310000, "errmsg": "keywords not in content"}, "error-310000"),
        (200, {"code": 19024, "msg": "Key Words Not Found"}, "error-19024"),
        (200, [], "no-robot"),
        (200, None, "no-robot"),
    ],
)
def test_who_refuses_is_tried_again_later_and_hears_it_once_well(
    cast, receiver, status, answer, problem
):
    channel = robot(cast.worker)
    tell(cast.worker)
    receiver.status, receiver.answer = status, answer
    assert actions.send_pending() == 0
    channel.refresh_from_db()
    assert (channel.failures, channel.problem) == (1, problem)
    assert list(Channel.objects.failing()) == [channel]
    assert Sending.objects.oldest_pending() == NOW
    receiver.status, receiver.answer = 200, {"errcode": 0}
    with on_the_clock(minutes=3):
        assert actions.send_pending() == 1
    channel.refresh_from_db()
    assert (channel.failures, channel.problem, channel.not_before) == (0, "", None)
    assert not Channel.objects.failing().exists()
    assert Sending.objects.oldest_pending() is None
    assert len(receiver.heard) == 2


def test_one_that_never_answers_is_stopped_and_hears_of_nothing_more(cast, dead):
    channel = robot(cast.worker)
    for day in range(saying.MOST_FAILURES):
        with on_the_clock(days=day):
            tell(cast.worker)
            actions.send_pending()
    channel.refresh_from_db()
    assert (channel.enabled, channel.failures) == (False, saying.MOST_FAILURES)
    with on_the_clock(days=12):
        tell(cast.worker)
        actions.send_pending()
    assert set(Sending.objects.values_list("state", flat=True)) == {"failed"}
    assert Sending.objects.count() == saying.MOST_FAILURES


def test_a_stopped_robot_hears_again_after_a_good_trial(cast, receiver):
    channel = robot(cast.worker)
    Channel.objects.update(enabled=False, failures=12, problem="timeout", last_failure_at=NOW)
    actions.ask_for_trial(channel=channel, by=cast.worker)
    tasks.try_channel(channel.pk)
    tasks.try_channel(channel.pk)
    tasks.send_pending()
    assert receiver.texts == ["江东365：试一条：以后的消息会发到这里。"]
    tell(cast.worker)
    assert actions.send_pending() == 1


def test_the_sweep_sends_a_trial_that_a_dead_broker_lost(cast, receiver):
    actions.ask_for_trial(channel=robot(cast.worker), by=cast.worker)
    actions.send_pending()
    assert len(receiver.heard) == 1


def test_what_could_not_leave_for_days_is_no_news_and_is_given_up(cast, receiver):
    robot(cast.worker)
    tell(cast.worker)
    with on_the_clock(days=4):
        assert actions.send_pending() == 0
    assert states() == [("failed", 0)]
    assert receiver.heard == []


def test_who_left_hears_nothing_more_and_their_agencys_robot_does(cast, receiver):
    own = robot(cast.liaison)
    robot(cast.liaison, group=agency_of(cast), n=1)
    tell(cast.liaison, group=agency_of(cast))
    actions.ask_for_trial(channel=own, by=cast.liaison)
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    assert actions.send_pending() == 1
    assert [path[-1] for path, _payload in receiver.heard] == ["1"]
    assert not Sending.objects.pending().exists()


# In the request


def test_a_request_speaks_to_nobody_and_is_as_quick_with_a_hanging_receiver(
    cast, as_, receiver, wish_in, monkeypatch, django_capture_on_commit_callbacks
):
    receiver.hangs = True
    robot(cast.worker)
    wish = wish_in("open")
    monkeypatch.setattr(robots, "say", lambda **_: pytest.fail("a request spoke to a robot"))
    client = as_(cast.cadre)
    begun = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True) as handed_over:
        response = client.post(reverse("wishes:claim", args=[wish.code]))
    assert response.status_code == 302
    assert time.monotonic() - begun < 2
    assert receiver.heard == []
    assert handed_over
    assert Sending.objects.pending().get().notice.kind == "claimed"


def test_a_claim_that_is_rolled_back_leaves_nothing_to_say(cast, wish_in):
    robot(cast.worker)
    wish = wish_in("open")
    with transaction.atomic():
        wishes.claim(wish=wish, by=cast.cadre)
        transaction.set_rollback(True)
    assert not Sending.objects.exists()


def test_telling_costs_one_query_more_and_two_where_somebody_listens(
    cast, django_assert_num_queries
):
    with django_assert_num_queries(2):
        tell(cast.worker, cast.colleague)
    robot(cast.worker)
    with django_assert_num_queries(3):
        tell(cast.worker, cast.colleague)
