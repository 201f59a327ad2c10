"""Anchors: what a night kept of the trail, inside the database and outside, shows whoever changed it since."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import InternalError

from accounts import anchors, heartbeats, trail
from accounts.models import Anchor, Event
from accounts.tasks import anchor_trail
from jiangdong import clock
from wishes import actions
from wishes.models import Wish

TODAY = dt.date(2026, 3, 10)


def verify() -> str:
    """Return what `verify_trail` says of a trail that proves."""
    out = StringIO()
    call_command("verify_trail", stdout=out, stderr=out)
    return out.getvalue()


def first_fault() -> str:
    """Return the first place that `verify_trail` names, and see that it fails."""
    err = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("verify_trail", stdout=StringIO(), stderr=err)
    first = err.getvalue().splitlines()[0]
    assert str(raised.value).endswith(f"first {first}")
    return first


@pytest.fixture
def nights(wish_in, later):
    """Two wishes and two nights: the first was anchored up to its claim, the second up to its closing."""
    first, second = wish_in("claimed"), wish_in("open", title="想要一台收音机")
    anchors.anchor(day=TODAY)
    with later(days=1):
        first.refresh_from_db()
        actions.fulfil(wish=first, by=first.handler, note="周五上午陪着去配好了药")
        anchors.anchor(day=clock.today())
    return first, second


@pytest.fixture
def tampering(nights):
    """Return a function that runs statements as somebody who can do anything in the database."""

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("accounts_event", "accounts_anchor"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def run(statement: str, *values) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def event(wish: Wish, n: int) -> Event:
    return Event.objects.get(thing_kind="wishes.wish", thing_id=wish.pk, n=n)


def write_anew(wish: Wish, tampering) -> None:
    """Rehash a wish's chain from its rows, and set its head: what a clever forger does."""
    previous = ""
    for row in trail.events_of(wish):
        row.previous = previous
        previous = trail.hash_of(row)
        tampering(
            "UPDATE accounts_event SET previous = %s, hash = %s WHERE id = %s",
            row.previous,
            previous,
            row.pk,
        )
    tampering(
        "UPDATE wishes_wish SET trail_n = %s, trail_head = %s WHERE id = %s",
        trail.events_of(wish).count(),
        previous,
        wish.pk,
    )


def test_what_nobody_touched_proves_and_says_what_to_compare_with_the_mail(nights):
    said = verify()
    newest = Anchor.objects.get(day=TODAY + dt.timedelta(days=1))
    assert f"2 anchors, the newest of 2026-03-11: {newest.digest}" in said


def test_an_anchor_speaks_of_every_chain_and_follows_the_one_before(nights):
    first, second = Anchor.objects.order_by("day")
    chains = Event.objects.values("thing_kind", "thing_id").distinct().count()
    assert first.things == second.things == chains
    assert (first.previous, second.previous) == ("", first.digest)
    assert first.heads != second.heads
    assert second.last_event > first.last_event


def test_the_heads_are_those_that_the_things_themselves_keep(nights):
    head = Wish.objects.get(pk=nights[0].pk).trail_head
    assert f"{head}\n" in anchors.file_of(TODAY + dt.timedelta(days=1)).read_text()


def test_anchoring_twice_a_day_changes_nothing(nights, later):
    with later(days=1, hours=5):
        again = anchors.anchor(day=clock.today())
    assert Anchor.objects.count() == 2
    assert again.at == clock.now() + dt.timedelta(days=1)


def test_an_anchors_file_is_written_once_and_for_reading_only(nights):
    path = anchors.file_of(TODAY)
    assert path.stat().st_mode & 0o777 == 0o400
    kept = path.read_text()
    told = json.loads(kept.splitlines()[0])
    assert told["digest"] == Anchor.objects.get(day=TODAY).digest
    assert len(kept.splitlines()) == 1 + Event.objects.filter(pk__lte=told["last_event"]).count()
    path.unlink()
    path.write_text("another")
    with clock.at(Anchor.objects.get(day=TODAY).at):
        anchors.anchor(day=TODAY)
    assert path.read_text() == "another"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_anchor SET heads = ''", "DELETE FROM accounts_anchor"],
)
def test_the_database_refuses_to_change_anchors(nights, statement):
    with (
        pytest.raises(InternalError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_row_changed_is_named(nights, tampering):
    wish, _other = nights
    tampering("UPDATE accounts_event SET move = 'assign' WHERE id = %s", event(wish, 3).pk)
    assert first_fault() == f"wishes.wish:{wish.pk} #3: changed"


def test_a_row_changed_and_its_chain_written_anew_is_named(nights, tampering):
    wish, _other = nights
    tampering("UPDATE accounts_event SET by_label = '区委办公室' WHERE id = %s", event(wish, 2).pk)
    write_anew(wish, tampering)
    assert not list(trail.verify())
    assert first_fault() == f"wishes.wish:{wish.pk} #2: changed after it was anchored on 2026-03-10"


def test_a_row_removed_is_named(nights, tampering):
    wish, _other = nights
    tampering("DELETE FROM accounts_event WHERE id = %s", event(wish, 2).pk)
    assert first_fault() == f"wishes.wish:{wish.pk} #2: missing"


def test_a_thing_removed_with_all_its_rows_is_named(nights, tampering):
    _wish, other = nights
    tampering("DELETE FROM wishes_residentlink WHERE wish_id = %s", other.pk)
    tampering(
        "DELETE FROM accounts_event WHERE thing_kind = 'wishes.wish' AND thing_id = %s", other.pk
    )
    tampering("DELETE FROM wishes_wish WHERE id = %s", other.pk)
    assert not list(trail.verify())
    assert first_fault() == (
        f"wishes.wish:{other.pk} #1: removed after it was anchored on 2026-03-10"
    )


def test_rows_reordered_are_named(nights, tampering):
    wish, _other = nights
    second, third = event(wish, 2), event(wish, 3)
    for pk, n in ((second.pk, 99), (third.pk, 2), (second.pk, 3)):
        tampering("UPDATE accounts_event SET n = %s WHERE id = %s", n, pk)
    assert first_fault() == f"wishes.wish:{wish.pk} #2: does not follow the one before"
    write_anew(wish, tampering)
    assert not list(trail.verify())
    assert first_fault() == f"wishes.wish:{wish.pk} #2: changed after it was anchored on 2026-03-10"


def test_a_fork_is_named(nights, tampering):
    wish, _other = nights
    tampering("ALTER TABLE accounts_event DROP CONSTRAINT event_chain_does_not_fork")
    row = event(wish, 2)
    row.pk, row.by_label = None, "区委办公室"
    row.hash = trail.hash_of(row)
    row.save(force_insert=True)
    assert first_fault() == f"wishes.wish:{wish.pk} #2: forked: there are two with this number"


def test_a_tail_cut_off_is_named_even_where_the_head_was_set_back(nights, tampering):
    wish, _other = nights
    gone = event(wish, 4)
    tampering("DELETE FROM accounts_eventnote WHERE event_id = %s", gone.pk)
    tampering("DELETE FROM accounts_event WHERE id = %s", gone.pk)
    assert first_fault() == (f"wishes.wish:{wish.pk} #4: the chain's end was cut off or added to")
    write_anew(wish, tampering)
    assert not list(trail.verify())
    assert first_fault() == f"wishes.wish:{wish.pk} #4: removed after it was anchored on 2026-03-11"


def test_without_the_files_the_first_night_that_no_longer_holds_is_named(nights, tampering):
    wish, _other = nights
    tampering("UPDATE accounts_event SET by_label = '区委办公室' WHERE id = %s", event(wish, 4).pk)
    write_anew(wish, tampering)
    for path in anchors.file_of(TODAY).parent.iterdir():
        path.unlink()
    after = Anchor.objects.get(day=TODAY).last_event
    assert first_fault() == (
        "anchor 2026-03-11: the heads of that night are no longer there: an event between"
        f" {after + 1} and {event(wish, 4).pk}"
    )


def test_a_lost_file_is_told_and_is_no_fault(nights):
    anchors.file_of(TODAY).unlink()
    assert "no file for the anchor of 2026-03-10" in verify()


def test_an_anchor_changed_is_named(nights, tampering):
    tampering("UPDATE accounts_anchor SET things = things + 1 WHERE day = %s", TODAY)
    assert first_fault() == "anchor 2026-03-10: is not what its file says"


def test_anchors_made_anew_after_a_forgery_disagree_with_their_files(nights, tampering):
    wish, _other = nights
    tampering("UPDATE accounts_event SET by_label = '区委办公室' WHERE id = %s", event(wish, 2).pk)
    write_anew(wish, tampering)
    previous = ""
    for made in Anchor.objects.order_by("day"):
        made.things, made.heads = anchors.heads_up_to(made.last_event)
        made.previous, previous = previous, ""
        previous = anchors.digest_of(made)
        tampering(
            "UPDATE accounts_anchor SET heads = %s, previous = %s, digest = %s WHERE day = %s",
            made.heads,
            made.previous,
            previous,
            made.day,
        )
    assert first_fault() == f"wishes.wish:{wish.pk} #2: changed after it was anchored on 2026-03-10"


def test_an_anchor_removed_is_named(nights, tampering):
    tampering("DELETE FROM accounts_anchor WHERE day = %s", TODAY + dt.timedelta(days=1))
    assert first_fault() == "anchor 2026-03-11: removed: only its file is left"


def test_a_file_altered_is_named(nights):
    path = anchors.file_of(TODAY)
    kept = path.read_text()
    path.unlink()
    path.write_text(kept.replace('"things": ', '"things": 1'))
    assert first_fault() == "anchor 2026-03-10: is not what its file says"
    path.write_text("{}")
    assert first_fault() == "anchor 2026-03-10: its file is damaged"


def test_restoring_an_older_backup_sets_the_files_of_lost_nights_aside(nights, tampering):
    tampering("DELETE FROM accounts_anchor WHERE day = %s", TODAY + dt.timedelta(days=1))
    aside = anchors.set_aside()
    assert [path.name for path in aside.iterdir()] == ["2026-03-11.txt"]
    assert "1 anchors" in verify()
    assert anchors.set_aside() is None


def test_the_night_sends_its_anchor_out_once_and_tries_again_where_that_failed(
    wish_in, settings, monkeypatch, later
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ANCHOR_MAIL = ["archive@example.org"]
    wish_in("open")
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", lambda *args: 1 / 0)
        anchor_trail()
    assert heartbeats.last()["anchor"].detail == "2026-03-10, not mailed"
    for _hour in range(2):
        anchor_trail()
    assert heartbeats.last()["anchor"].detail == "2026-03-10"
    (sent,) = mail.outbox
    assert sent.to == ["archive@example.org"]
    assert Anchor.objects.get().digest in sent.body


def test_an_empty_portal_can_be_anchored(db):
    anchors.anchor(day=TODAY)
    assert Anchor.objects.get().things == 0
    assert "1 anchors" in verify()
