"""What is measured at scale is measured on rows that could be real, and with nothing in between."""

from django.db import connection

from accounts.models import Event
from jiangdong.bench.scale import chores, filling
from jiangdong.bench.scale.cpu import mine, spent
from pairing.models import Resident
from wishes.models import Wish


def test_wishes_made_with_copy_keep_every_constraint_and_are_found(cast, as_, wish_in):
    kept = wish_in("open")
    filling.add(300)
    made = Wish.objects.exclude(pk=kept.pk)
    assert made.count() == 300
    assert set(made.values_list("state", flat=True)) == {state for state, _n in filling.SHARES}
    assert set(made.values_list("community__code", flat=True)) == {"QT", "HC"}
    assert made.search("轮椅").count() == made.filter(title__contains="轮椅").count() > 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_wishes_under_way_have_their_course_and_their_resident(cast, as_):
    filling.add(300)
    under_way = Wish.objects.filter(state="claimed")
    assert under_way
    for wish in under_way:
        events = Event.objects.filter(thing_kind="wishes.wish", thing_id=wish.pk).order_by("n")
        assert [event.move for event in events] == ["log", "publish", "claim"]
        assert (wish.trail_n, wish.trail_head) == (3, events.last().hash)
        assert wish.resident.phone_index
    assert Resident.objects.count() == Wish.objects.filter(resident__isnull=False).count()
    assert as_(cast.worker).get(f"/wishes/{under_way[0].code}/").status_code in (200, 404)


def test_more_wishes_are_numbered_on_from_those_there(cast):
    filling.add(30)
    filling.add(30)
    for code in ("QT", "HC"):
        serials = list(
            Wish.objects.filter(community__code=code)
            .order_by("serial")
            .values_list("serial", flat=True)
        )
        assert serials == list(range(1, len(serials) + 1))


def test_the_list_that_comes_in_has_distinct_rows():
    lines = chores._list_of(500).splitlines()
    assert len(set(lines)) == 501


def test_processor_time_is_counted_of_this_process_and_its_backend(db):
    def work():
        sum(range(2_000_000))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 500000)")

    assert spent(work, mine) > 0
