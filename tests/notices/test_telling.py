"""A message is a row in the transaction of what it tells of; nothing outside can hurt that."""

import runpy
import time

import pytest
from celery import Celery
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import User
from jiangdong import clock
from notices import actions
from notices.actions import telling
from notices.models import Notice
from tests.notices.moments import moment

pytestmark = pytest.mark.usefixtures("working_hours")


@pytest.fixture
def handed_over(monkeypatch) -> list[tuple]:
    """Collect what is handed to the worker."""
    calls = []

    class App:
        @staticmethod
        def send_task(name, args):
            calls.append((name, args))

    monkeypatch.setattr(telling, "current_app", App)
    return calls


def tell(*people: User, **facts) -> list[Notice]:
    return actions.notify(**{"to": people, "kind": "claimed", "title": "有人接了", **facts})


def test_a_message_is_written_for_each_person_and_handed_over_after_the_commit(
    person, handed_over, django_capture_on_commit_callbacks
):
    first, second = person("ling"), person("zhu")
    with django_capture_on_commit_callbacks(execute=True):
        notices = tell(first, second, body="区教育局接了。", url="/wishes/QT-0001/", thing=first)
        assert handed_over == []
    assert handed_over == [("notices.tasks.deliver", [[notice.pk for notice in notices]])]
    rows = Notice.objects.values_list("recipient", "title", "body", "url", "thing_kind", "thing_id")
    assert sorted(rows) == [
        (each.pk, "有人接了", "区教育局接了。", "/wishes/QT-0001/", "accounts.user", first.pk)
        for each in (first, second)
    ]


def test_nobody_is_told_twice_and_people_who_have_ended_are_not_told(person, handed_over):
    ling = person("ling")
    tell(ling, User.objects.get(pk=ling.pk), person("gone", is_active=False))
    assert [notice.recipient for notice in Notice.objects.all()] == [ling]


def test_a_person_without_address_reads_it_in_the_portal_and_no_worker_is_asked(
    person, handed_over, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        (notice,) = tell(person(email=""))
    assert notice.mail_state == "none"
    assert handed_over == []


def test_at_night_the_row_is_written_and_waits_for_eight_o_clock(
    person, handed_over, django_capture_on_commit_callbacks
):
    with (
        clock.at(moment("2026-03-09 21:30")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        (notice,) = tell(person())
    assert notice.mail_state == "pending"
    assert notice.not_before == moment("2026-03-10 08:00")
    assert handed_over == []


@pytest.mark.django_db(transaction=True)
def test_what_is_told_in_a_transaction_that_fails_leaves_no_row_and_no_task(person, handed_over):
    ling = person()

    @transaction.atomic
    def claim() -> None:
        tell(ling)
        raise RuntimeError("something else went wrong")

    with pytest.raises(RuntimeError):
        claim()
    assert not Notice.objects.exists()
    assert handed_over == []


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_the_request_succeeds_quickly_and_the_sweep_sends_later(
    person, monkeypatch, caplog
):
    # The settings as they stand in production, but for a port where nobody listens.
    as_written = runpy.run_path(settings.BASE_DIR / "jiangdong" / "settings.py")
    app = Celery("nobody", broker="redis://127.0.0.1:9/0", set_as_current=False)
    app.conf.broker_transport_options = as_written["CELERY_BROKER_TRANSPORT_OPTIONS"]
    app.conf.task_publish_retry = as_written["CELERY_TASK_PUBLISH_RETRY"]
    monkeypatch.setattr(telling, "current_app", app)
    ling = person()
    begun = time.monotonic()
    with transaction.atomic():
        (notice,) = tell(ling)
    assert time.monotonic() - begun < 2
    assert "broker unreachable: 1 notices wait for the sweep" in caplog.text
    notice.refresh_from_db()
    assert notice.mail_state == "pending"
    assert actions.deliver_pending() == 1
    assert [message.to for message in mail.outbox] == [["ling@example.com"]]


def test_a_title_of_several_lines_or_too_many_words_becomes_one_line_that_fits(person, handed_over):
    (notice,) = tell(person(), title="第一行\r\nBcc: all@example.com\n" + "长" * 300)
    assert "\n" not in notice.title
    assert len(notice.title) == 200
    assert notice.title.endswith("…")


@pytest.mark.parametrize(
    "url", ["https://example.com/", "//example.com/", "/\\example.com", "wishes/"]
)
def test_an_address_outside_the_portal_is_refused_by_the_database(person, handed_over, url):
    ling = person()
    with pytest.raises(IntegrityError, match="notice_url_is_a_path_of_ours"):
        tell(ling, url=url)
