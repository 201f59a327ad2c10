"""The event trail: rows that are only added, chains that prove themselves, a command that says where they do not."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import trail
from accounts.models import Event, EventNote
from tests.cast import NOW, fresh
from wishes import actions
from wishes.models import Wish


@pytest.fixture
def wish(wish_in) -> Wish:
    """Make a wish with five events, one of them with two words to it."""
    return wish_in("closed")


@pytest.fixture
def unprotected(db):
    """Take the database's guard off, to do what an attacker with its password would."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_event DISABLE TRIGGER USER")
        yield cursor


def faults() -> list[tuple[int, int, str]]:
    return [(fault.thing_id, fault.n, fault.what) for fault in trail.verify()]


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_event SET by_label = 'x'",
            "UPDATE accounts_event SET at = at + interval '1 day' WHERE n = 1",
            "DELETE FROM accounts_event",
            "DELETE FROM accounts_event WHERE n = 3",
        ],
    )
    def test_changing_and_deleting_events(self, statement, wish):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            connection.cursor().execute(statement)
        assert Event.objects.count() == 5

    def test_changing_them_through_the_models_too(self, wish):
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.update(move="confirm")
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.filter(note=None).delete()
        event = Event.objects.first()
        event.by_label = "x"
        with pytest.raises(DatabaseError), transaction.atomic():
            event.save()

    def test_emptying_the_table(self, wish):
        # Test databases are emptied between tests, so this one guard is off in them.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'accounts_event'::regclass"
                " AND tgname LIKE 'pgtrigger_no_truncate%'"
            )
            ((name,),) = cursor.fetchall()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE accounts_event ENABLE TRIGGER {name}")
            try:
                with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
                    cursor.execute("TRUNCATE accounts_event CASCADE")
            finally:
                cursor.execute(f"ALTER TABLE accounts_event DISABLE TRIGGER {name}")
        assert Event.objects.count() == 5

    def test_two_events_with_one_number(self, wish):
        twin = Event.objects.get(n=3)
        twin.pk, twin._state.adding = None, True
        with pytest.raises(DatabaseError, match="event_chain_does_not_fork"), transaction.atomic():
            twin.save(force_insert=True)

    def test_an_event_numbered_nothing(self, wish):
        event = Event.objects.get(n=1)
        event.pk, event.n, event._state.adding = None, 0, True
        with pytest.raises(DatabaseError, match="event_n_starts_at_one"), transaction.atomic():
            event.save(force_insert=True)


class TestProving:
    def test_an_untouched_trail_proves(self, wish, wish_in):
        for state in ("draft", "open", "branch", "withdrawn"):
            wish_in(state)
        assert faults() == []

    def test_each_event_carries_the_hash_of_the_one_before(self, wish):
        events = list(trail.events_of(wish))
        assert [event.n for event in events] == [1, 2, 3, 4, 5]
        assert [event.previous for event in events] == ["", *(event.hash for event in events[:-1])]
        assert len({event.hash for event in events}) == 5
        assert (wish.trail_n, wish.trail_head) == (5, events[-1].hash)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("at", "2026-03-11 10:00+08"),
            ("move", "withdraw"),
            ("from_state", "draft"),
            ("to_state", "withdrawn"),
            ("by_id", "1"),
            ("by_label", "别的单位"),
            ("note_digest", "0" * 64),
        ],
    )
    def test_a_changed_column_is_named(self, column, value, wish, unprotected):
        unprotected.execute(f"UPDATE accounts_event SET {column} = %s WHERE n = 3", [value])
        assert faults() == [(wish.pk, 3, "changed")]

    def test_a_changed_row_with_a_new_hash_breaks_at_the_next(self, wish, unprotected):
        event = Event.objects.get(n=3)
        event.by_label = "别的单位"
        event.hash = trail.hash_of(event)
        event.save()
        assert faults() == [(wish.pk, 4, "does not follow the one before")]

    def test_a_chain_forged_to_its_end_still_differs_from_the_head_the_wish_keeps(
        self, wish, unprotected
    ):
        previous = ""
        for event in trail.events_of(wish):
            event.by_label, event.previous = "别的单位", previous
            previous = event.hash = trail.hash_of(event)
            event.save()
        assert faults() == [(wish.pk, 6, "the chain's end was cut off or added to")]

    def test_a_removed_row_is_named(self, wish, unprotected):
        EventNote.objects.all().delete()
        unprotected.execute("DELETE FROM accounts_event WHERE n = 2")
        assert faults() == [(wish.pk, 2, "missing")]

    def test_removed_and_closed_up_is_named_too(self, wish, unprotected):
        EventNote.objects.all().delete()
        unprotected.execute("DELETE FROM accounts_event WHERE n = 2")
        for n in (3, 4, 5):
            unprotected.execute("UPDATE accounts_event SET n = n - 1 WHERE n = %s", [n])
        assert faults() == [(wish.pk, 2, "does not follow the one before")]

    def test_two_rows_changed_round_are_named(self, wish, unprotected):
        for old, new in ((2, 90), (3, 2), (90, 3)):
            unprotected.execute("UPDATE accounts_event SET n = %s WHERE n = %s", [new, old])
        assert faults() == [(wish.pk, 2, "does not follow the one before")]

    def test_a_tail_cut_off_is_seen_from_the_wish(self, wish, unprotected):
        EventNote.objects.all().delete()
        unprotected.execute("DELETE FROM accounts_event WHERE n > 3")
        assert faults() == [(wish.pk, 4, "the chain's end was cut off or added to")]

    def test_an_event_added_past_the_gate_is_seen_from_the_wish(self, wish):
        forged = fresh_of(wish)
        trail.record(thing=forged, move="confirm", from_state="closed", to_state="closed")
        assert faults() == [(wish.pk, 6, "the chain's end was cut off or added to")]

    def test_a_whole_chain_removed_is_seen(self, wish, unprotected):
        EventNote.objects.all().delete()
        unprotected.execute("DELETE FROM accounts_event")
        assert faults() == [(wish.pk, 1, "the chain's end was cut off or added to")]

    def test_a_wish_removed_with_its_events_left_is_seen(self, wish, wish_in):
        other = wish_in("draft")
        with connection.cursor() as cursor:
            for table in ("wishes_residentlink", "wishes_callback"):
                cursor.execute(f"DELETE FROM {table} WHERE wish_id = %s", [wish.pk])
            cursor.execute("DELETE FROM wishes_wish WHERE id = %s", [wish.pk])
        assert faults() == [(wish.pk, 1, "events of a thing that is gone")]
        assert other.pk

    def test_a_note_that_was_reworded_is_seen(self, wish):
        EventNote.objects.filter(event__move="fulfil").update(text="什么也没做")
        assert faults() == [(wish.pk, 4, "its note was changed")]

    def test_a_note_given_to_an_event_that_had_none_is_seen(self, wish):
        event = trail.events_of(wish).get(move="claim")
        EventNote.objects.create(event=event, text="收了红包", salt="0" * 32)
        assert faults() == [(wish.pk, 3, "its note was changed")]

    def test_erased_notes_leave_the_chain_proving(self, wish):
        assert trail.erase_notes(wish) == 2
        assert faults() == []
        assert not EventNote.objects.exists()

    def test_the_first_fault_of_every_chain_is_named(self, wish, wish_in, unprotected):
        other = wish_in("claimed")
        unprotected.execute("UPDATE accounts_event SET by_label = 'x' WHERE n IN (2, 3)")
        assert faults() == [(wish.pk, 2, "changed"), (other.pk, 2, "changed")]

    def test_a_short_note_cannot_be_guessed_from_its_digest(self, wish_in, cast):
        for _ in range(2):
            wish = wish_in("claimed")
            actions.release(wish=wish, by=fresh(cast.cadre), reason="忙")
        digests = list(Event.objects.filter(move="release").values_list("note_digest", flat=True))
        assert len(set(digests)) == 2


def fresh_of(wish: Wish) -> Wish:
    return Wish.objects.get(pk=wish.pk)


class TestTheCommand:
    def test_it_says_how_many_events_are_whole(self, wish):
        out = io.StringIO()
        call_command("verify_trail", stdout=out)
        assert "5 events, every chain whole" in out.getvalue()

    def test_it_fails_and_names_the_first_fault(self, wish, unprotected):
        unprotected.execute("UPDATE accounts_event SET by_label = 'x' WHERE n = 2")
        err = io.StringIO()
        with pytest.raises(CommandError) as failed:
            call_command("verify_trail", stdout=io.StringIO(), stderr=err)
        assert failed.value.returncode == 1
        assert f"wishes.wish:{wish.pk} #2: changed" in str(failed.value)
        assert f"wishes.wish:{wish.pk} #2: changed" in err.getvalue()

    def test_an_empty_district_proves(self, db):
        call_command("verify_trail", stdout=io.StringIO())


def test_every_act_leaves_exactly_one_event(cast, wish_in):
    """Walk a wish through everything that can happen to it."""
    from pairing.models import Cadre, Consent
    from wishes.models import Draft

    worker, colleague, cadre = fresh(cast.worker), fresh(cast.colleague), fresh(cast.cadre)
    colleague_of_cadre = Cadre.objects.get(user=cast.cadre_b)
    draft = Draft(
        title="想要一副老花镜",
        kind="goods",
        sensitive=True,
        consents=frozenset({Consent.Kind.PUBLISH}),
    )
    wish = actions.log(draft=draft, community=cast.places.qt, by=worker)
    walk = [
        lambda: actions.submit(wish=wish, by=worker),
        lambda: actions.return_(wish=wish, by=colleague, reason="请补一句"),
        lambda: actions.submit(wish=wish, by=worker),
        lambda: actions.publish(wish=wish, by=colleague, visibility="public"),
        lambda: actions.remind(wish=wish, by=worker),
        lambda: actions.claim(wish=wish, by=cadre),
        lambda: actions.release(wish=wish, by=cadre, reason="出差"),
        lambda: actions.claim(wish=wish, by=fresh(cast.liaison), for_branch=True),
        lambda: actions.assign(wish=wish, by=fresh(cast.liaison), handler=colleague_of_cadre),
        lambda: actions.fulfil(wish=wish, by=fresh(cast.cadre_b), note="送到了"),
        lambda: actions.note_no_answer(wish=wish, by=worker),
        lambda: actions.reopen(wish=wish, by=worker, reason="度数不对"),
        lambda: actions.fulfil(wish=wish, by=fresh(cast.cadre_b), note="换好了"),
        lambda: actions.confirm(wish=wish, by=worker, rating="fair", how="door"),
        lambda: actions.erase_on_request(wish=wish, by=worker),
    ]
    for done, step in enumerate(walk, start=1):
        step()
        assert trail.events_of(wish).count() == done + 1
        assert faults() == []
    assert [event.at for event in trail.events_of(wish)] == [NOW] * 16
    labels = list(trail.events_of(wish).values_list("by_label", flat=True))
    assert set(labels) == {"七塔社区", "区教育局"}
