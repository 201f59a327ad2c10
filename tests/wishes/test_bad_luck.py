"""What breaks around the portal does not break a person's step."""

import socket

import pytest
from celery import current_app
from django.core import mail

from notices import actions as notices
from notices.models import Notice
from tests.wishes.doors import act, course_of


@pytest.fixture
def broker_down():
    """Point the broker at a port of this machine where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    before = current_app.conf.broker_url, current_app.conf.broker_transport_options
    current_app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    current_app.conf.broker_transport_options = {
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    current_app.pool.force_close_all()
    current_app._pool = None
    current_app.amqp._producer_pool = None
    yield
    current_app.conf.broker_url, current_app.conf.broker_transport_options = before
    current_app._pool = None
    current_app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_a_claim_succeeds_and_the_message_waits(
    cast, as_, wish_in, broker_down, caplog
):
    wish = wish_in("open")
    assert act(as_(cast.cadre), wish, "claim").status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.handler) == ("claimed", cast.cadre)
    assert course_of(wish)[-1] == ("claim", "open", "claimed")
    assert "broker unreachable" in caplog.text
    notice = Notice.objects.get(kind="claimed")
    assert notice.mail_state == Notice.Mail.PENDING
    assert mail.outbox == []
    notices.deliver_pending()
    assert [message.to for message in mail.outbox if "认领了" in message.subject] == [
        [cast.worker.email]
    ]


@pytest.mark.django_db(transaction=True)
def test_with_the_cache_down_pages_and_moves_work(cast, as_, wish_in, settings):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"}
    }
    wish = wish_in("open")
    client = as_(cast.cadre)
    assert client.get("/wishes/").status_code == 200
    assert act(client, wish, "claim").status_code == 302
    assert client.get("/").status_code == 200


def test_a_move_that_fails_half_way_leaves_nothing(cast, as_, wish_in, monkeypatch):
    from wishes import letters

    wish = wish_in("open")
    before = course_of(wish), Notice.objects.count()

    def broken(*args, **kwargs):
        raise RuntimeError("the last step of a claim")

    monkeypatch.setattr(letters, "claimed", broken)
    client = as_(cast.cadre, raise_request_exception=False)
    assert act(client, wish, "claim").status_code == 500
    wish.refresh_from_db()
    assert (wish.state, wish.handler, wish.trail_n) == ("open", None, 2)
    assert (course_of(wish), Notice.objects.count()) == before
