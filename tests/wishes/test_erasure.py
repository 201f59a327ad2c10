"""Erasing what is kept of a resident: on request, and by the task after the term. Figures and events stay."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from accounts import trail
from accounts.models import Event, EventNote
from jiangdong import clock
from jiangdong.privacy import unseal
from pairing import tasks
from pairing.models import Consent, Look, Resident
from tests.cast import NOW, RESIDENT, fresh
from tests.wishes.doors import act, dump, text_of
from wishes import actions
from wishes.models import Evidence, ResidentLink, Wish

WORDS = {"first": "窗还是漏风", "note": "换好了密封条", "thanks": "小王师傅手很巧"}


@pytest.fixture
def told(cast, as_, wish_in, client):
    """Make a wish with everything that can be kept: words, notes, a photo, a no and a yes, and looks."""
    wish = wish_in("claimed", title="想修一修阳台的窗", kind="repair")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    handler, worker = as_(cast.cadre), as_(cast.worker)
    handler.post(f"/wishes/{wish.code}/resident/")
    act(handler, wish, "fulfil", note="看过了")
    token = unseal(ResidentLink.objects.get(wish=wish).sealed_token)["token"]
    client.post(f"/r/{token}/reopen/", {"reason": WORDS["first"]})
    photo = SimpleUploadedFile("a.jpg", out.getvalue())
    act(handler, wish, "fulfil", note=WORDS["note"], photo=photo)
    act(worker, wish, "confirm", rating="satisfied", how="phone", words=WORDS["thanks"])
    wish.refresh_from_db()
    wish.token = token
    return wish


def files(settings) -> list:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def erase(client, wish):
    return client.post(f"/wishes/{wish.code}/erase/")


def assert_nothing_is_left(wish, settings) -> None:
    rows = dump()
    for fact in (*vars(RESIDENT).values(), *WORDS.values(), wish.token):
        assert fact not in rows
    assert files(settings) == []
    assert (EventNote.objects.count(), Evidence.objects.count(), ResidentLink.objects.count()) == (
        0,
        0,
        0,
    )
    resident = Resident.objects.get()
    assert (resident.sealed, resident.erased_at is not None) == ("", True)


class TestOnRequest:
    def test_before_it_everything_is_there(self, told, settings):
        rows = dump()
        for words in WORDS.values():
            assert words in rows
        assert unseal(told.resident.sealed)["phone"] == RESIDENT.phone
        assert len(files(settings)) == 1

    def test_details_words_notes_photos_and_link_are_gone_from_database_and_disk(
        self, told, cast, as_, settings, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            assert erase(as_(cast.worker), told).status_code == 302
        assert_nothing_is_left(told, settings)

    def test_figures_and_events_stay_and_the_trail_still_proves(self, told, cast, as_):
        kept = ("code", "title", "state", "rating", "how", "reopened", "agency", "closed_at")
        before = Wish.objects.values(*kept).get()
        events = list(Event.objects.order_by("pk").values_list())
        erase(as_(cast.worker), told)
        assert Wish.objects.values(*kept).get() == before
        assert list(Event.objects.order_by("pk").values_list())[: len(events)] == events
        assert trail.events_of(told).last().move == "erase"
        call_command("verify_trail", stdout=io.StringIO())

    def test_consents_and_looks_stay_as_proof(self, told, cast, as_):
        erase(as_(cast.worker), told)
        assert (Consent.objects.count(), Look.objects.count()) == (2, 1)

    def test_a_second_request_is_noted_and_changes_nothing_more(
        self, told, cast, as_, settings, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            erase(as_(cast.worker), told)
        erased_at = Resident.objects.get().erased_at
        with clock.at(NOW + dt.timedelta(days=1)):
            assert erase(as_(cast.worker), told).status_code == 302
            tasks.erase_expired()
        assert Resident.objects.get().erased_at == erased_at
        assert not list(trail.verify())
        assert_nothing_is_left(told, settings)

    def test_the_pages_say_so_and_the_link_is_dead(self, told, cast, as_, client):
        erase(as_(cast.worker), told)
        html = text_of(as_(cast.worker).get(told.get_absolute_url()))
        assert "已经删去。" in html
        assert "删去了居民信息" in html
        assert client.get(f"/r/{told.token}/").status_code == 404
        assert as_(cast.worker).get(f"/wishes/{told.code}/slip/").status_code == 404
        shown = as_(cast.worker).post(f"/wishes/{told.code}/resident/")
        assert RESIDENT.name not in text_of(shown)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("worker", 302), ("colleague", 302), ("street", 302), ("warden", 403), ("worker2", 403), ("cadre", 403),
         ("liaison", 403), ("street2", 403), ("supervisor", 403), ("admin", 403)],
    )  # fmt: skip
    def test_the_community_or_the_street_does_it(self, who, status, told, cast, as_):
        assert erase(as_(getattr(cast, who)), told).status_code == status
        assert bool(Resident.objects.get().erased_at) == (status == 302)

    def test_opening_the_address_erases_nothing(self, told, cast, as_):
        assert as_(cast.worker).get(f"/wishes/{told.code}/erase/").status_code == 405
        assert Resident.objects.get().erased_at is None


class TestUnderWay:
    """A resident may ask at any moment; the wish goes on without details."""

    @pytest.mark.parametrize(
        "state", ["draft", "checking", "open", "claimed", "branch", "fulfilled"]
    )
    def test_the_wish_goes_on(self, state, cast, as_, wish_in):
        wish = wish_in(state)
        assert erase(as_(cast.worker), wish).status_code == 302
        wish.refresh_from_db()
        assert wish.resident.erased_at == NOW
        assert as_(cast.worker).get(wish.get_absolute_url()).status_code == 200
        if state == "claimed":
            assert act(as_(cast.cadre), wish, "fulfil", note="好了").status_code == 302
            act(as_(cast.worker), wish, "confirm", rating="fair", how="door")
            assert Wish.objects.get().state == "closed"
        assert not list(trail.verify())


class TestAfterTheTerm:
    def at_the_end(self, days: int):
        return clock.at(NOW + dt.timedelta(days=days))

    def test_the_task_erases_the_day_after_the_term(self, wish_in, settings):
        wish_in("closed")
        with self.at_the_end(days=180):
            tasks.erase_expired()
            assert Resident.objects.get().erased_at is None
        with self.at_the_end(days=181):
            tasks.erase_expired()
            assert Resident.objects.get().sealed == ""

    def test_what_is_still_under_way_stays(self, wish_in):
        for state in ("draft", "open", "claimed", "fulfilled"):
            wish_in(state)
        with self.at_the_end(days=1000):
            tasks.erase_expired()
        assert not Resident.objects.filter(erased_at__isnull=False).exists()

    def test_running_it_twice_is_safe(self, wish_in):
        for _ in range(3):
            wish_in("closed")
        with self.at_the_end(days=181):
            tasks.erase_expired()
        first = list(Resident.objects.order_by("pk").values_list("pk", "erased_at"))
        with self.at_the_end(days=182):
            tasks.erase_expired()
        assert list(Resident.objects.order_by("pk").values_list("pk", "erased_at")) == first
        assert not list(trail.verify())

    def test_the_term_is_the_districts_to_set(self, wish_in, settings):
        settings.RESIDENT_DETAILS_DAYS = 10
        wish_in("withdrawn")
        with self.at_the_end(days=11):
            tasks.erase_expired()
        assert Resident.objects.get().erased_at is not None


def test_words_that_came_after_an_early_erasure_go_at_the_end_of_the_term(cast, as_, wish_in):
    wish = wish_in("claimed")
    erase(as_(cast.worker), wish)
    act(as_(cast.cadre), wish, "fulfil", note=WORDS["note"])
    act(as_(cast.worker), wish, "confirm", rating="fair", how="door", words=WORDS["thanks"])
    assert WORDS["thanks"] in dump()
    with clock.at(NOW + dt.timedelta(days=181)):
        tasks.erase_expired()
    rows = dump()
    assert WORDS["thanks"] not in rows
    assert WORDS["note"] not in rows


def test_a_draft_whose_resident_was_erased_takes_no_new_details(cast, as_, wish_in):
    wish = wish_in("draft")
    client = as_(cast.worker)
    erase(client, wish)
    words = {"title": "想有人来理发", "kind": "other", "contact": "on", "publish": "on"}
    refused = client.post(f"/wishes/{wish.code}/edit/", {**words, "name": RESIDENT.name})
    assert refused.status_code == 400
    assert "居民要求删去了" in text_of(refused)
    assert client.post(f"/wishes/{wish.code}/edit/", words).status_code == 302
    wish.refresh_from_db()
    assert wish.title == "想有人来理发"


def test_what_was_erased_is_not_written_again_by_what_happens_later(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    actions.erase_on_request(wish=wish, by=fresh(cast.worker))
    act(as_(cast.worker), wish, "confirm", rating="satisfied", how="phone")
    resident = Resident.objects.get()
    assert (resident.sealed, resident.erased_at) == ("", NOW)
    assert not ResidentLink.objects.exists()
