"""Mail leaves at least once, with one Message-ID, and never at night."""

import datetime as dt
import smtplib
import threading
from itertools import pairwise

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from jiangdong import clock
from jiangdong.celery import app
from notices import actions, tasks
from notices.actions import delivering
from notices.models import Notice
from tests.notices.moments import moment

pytestmark = pytest.mark.usefixtures("working_hours")


@pytest.fixture
def tell(person):
    """Write a message that waits for its mail."""

    def write(name: str = "ling", **facts) -> Notice:
        (notice,) = actions.notify(
            to=[person(name, **facts)],
            kind="claimed",
            title="有人接了",
            body="区教育局接了“想学会用手机挂号”。",
            url="/wishes/QT-0001/",
        )
        return notice

    return write


@pytest.fixture
def mail_server(monkeypatch, settings):
    """Stand in for a mail server that can be down or refuse."""

    class Server(EmailBackend):
        down = False
        refuses: tuple[str, ...] = ()

        def open(self):
            if Server.down:
                raise ConnectionRefusedError

        def send_messages(self, messages):
            if set(messages[0].to) & set(Server.refuses):
                raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"unknown")})
            return super().send_messages(messages)

    monkeypatch.setattr(delivering, "get_connection", Server)
    return Server


def state_of(notice: Notice) -> tuple:
    notice.refresh_from_db()
    return notice.mail_state, notice.mail_attempts


def later(**time) -> clock.at:
    return clock.at(clock.now() + dt.timedelta(**time))


def test_a_message_says_what_happened_and_where_to_look(tell, settings):
    settings.SITE_URL = "https://portal.example"
    notice = tell()
    assert actions.deliver(ids=[notice.pk]) == 1
    (message,) = mail.outbox
    assert message.subject == "有人接了"
    assert message.to == ["ling@example.com"]
    assert "区教育局接了“想学会用手机挂号”。" in message.body
    assert "去看看：https://portal.example/wishes/QT-0001/" in message.body
    assert message.message()["Message-ID"] == f"<{notice.message_id}@jiangdong365.example>"
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert state_of(notice) == ("sent", 1)
    assert notice.sent_at == clock.now()


def test_handed_over_twice_it_leaves_once(tell):
    notice = tell()
    tasks.deliver([notice.pk])
    tasks.deliver([notice.pk])
    tasks.deliver_pending()
    assert len(mail.outbox) == 1


def test_a_worker_that_read_the_row_before_another_took_it_does_not_send_it_again(tell):
    notice = tell()
    stale = Notice.objects.select_related("recipient").get(pk=notice.pk)
    assert delivering._take(stale)
    assert not delivering._take(stale)


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once(tell):
    ids = [tell(f"p{n}").pk for n in range(10)]
    gate, moment_now = threading.Barrier(4), clock.now()

    def work() -> None:
        with clock.at(moment_now):
            gate.wait()
            actions.deliver(ids=ids)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        f"p{n}@example.com" for n in range(10)
    )


def test_a_worker_killed_between_sending_and_noting_it_sends_again_with_the_same_message_id(
    tell, monkeypatch
):
    notice = tell()

    def killed(notice):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.deliver(ids=[notice.pk])
    assert state_of(notice) == ("pending", 1)
    assert actions.deliver_pending() == 0, "another worker may still be at it"
    with later(minutes=3):
        assert actions.deliver_pending() == 1
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert state_of(notice) == ("sent", 2)


def test_a_mail_server_that_is_down_costs_no_attempt_and_the_next_minute_sends(tell, mail_server):
    notice = tell()
    mail_server.down = True
    assert actions.deliver_pending() == 0
    assert state_of(notice) == ("pending", 0)
    mail_server.down = False
    assert actions.deliver_pending() == 1


def test_one_refused_address_does_not_hold_up_the_others_and_stays_out_of_the_log(
    tell, mail_server, caplog
):
    mail_server.refuses = ("ling@example.com",)
    refused, good = tell("ling"), tell("zhu")
    assert actions.deliver_pending() == 1
    assert state_of(refused) == ("pending", 1)
    assert state_of(good) == ("sent", 1)
    assert f"notice {refused.pk} was not sent (SMTPRecipientsRefused)" in caplog.text
    assert "ling@example.com" not in caplog.text


def test_tries_come_further_and_further_apart_and_end(tell, mail_server):
    mail_server.refuses = ("ling@example.com",)
    notice = tell()
    waits = []
    while state_of(notice)[0] == "pending" and len(waits) < 30:
        waits.append(notice.not_before)
        with clock.at(notice.not_before):
            actions.deliver_pending()
    assert state_of(notice) == ("failed", delivering.MOST_ATTEMPTS)
    apart = [later - sooner for sooner, later in pairwise(waits)]
    assert apart[:4] == [dt.timedelta(minutes=each) for each in (2, 4, 8, 16)]


def test_what_could_not_leave_for_days_is_no_news_and_is_given_up(tell):
    notice = tell()
    with later(days=4):
        assert actions.deliver(ids=[notice.pk]) == 0
        assert actions.deliver_pending() == 0
    assert state_of(notice) == ("failed", 0)
    assert mail.outbox == []


@pytest.mark.parametrize("text", ["2026-03-09 20:00", "2026-03-10 03:00", "2026-03-10 07:59"])
def test_nothing_leaves_at_night_whoever_asks(tell, text):
    notice = tell()
    with clock.at(moment(text)):
        assert actions.deliver(ids=[notice.pk]) == 0
        assert actions.deliver_pending() == 0
    assert state_of(notice) == ("pending", 0)
    with clock.at(moment("2026-03-10 08:00")):
        assert actions.deliver_pending() == 1


def test_a_try_that_fails_in_the_evening_is_repeated_in_the_morning(tell, mail_server):
    mail_server.refuses = ("ling@example.com",)
    notice = tell()
    with clock.at(moment("2026-03-09 19:59")):
        actions.deliver(ids=[notice.pk])
    assert state_of(notice) == ("pending", 1)
    assert notice.not_before == moment("2026-03-10 08:00")


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_lost_their_address_or_left_meanwhile_gets_no_mail(tell, change):
    notice = tell()
    type(notice.recipient).objects.filter(pk=notice.recipient.pk).update(**change)
    assert actions.deliver_pending() == 0
    assert state_of(notice) == ("none", 0)


def test_many_messages_are_sent_with_as_many_reads_as_one(tell, django_assert_num_queries):
    notices = [tell(f"p{n}") for n in range(5)]
    # Two to find them and their lines, then take and note each.
    with django_assert_num_queries(2 + 2 * 5):
        assert actions.deliver(ids=[notice.pk for notice in notices]) == 5


def test_the_worker_knows_the_tasks_by_the_names_they_are_handed_over_under():
    names = {f"notices.tasks.{name}" for name in ("deliver", "deliver_pending", "sweep_reminders")}
    assert names <= set(app.tasks)
