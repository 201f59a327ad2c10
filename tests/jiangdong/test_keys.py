"""Keys of residents' details: read strictly, versioned, and changed while the portal runs."""

import base64
import os
import subprocess
import sys
import threading
from io import StringIO

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from jiangdong import env, keys
from jiangdong.privacy import seal, unseal
from jiangdong.running import sealed
from pairing import actions as pairing_actions
from pairing.models import Details, Resident
from tests.cast import RESIDENT
from wishes.models import ResidentLink

FIRST, SECOND = (base64.urlsafe_b64encode(byte * 32).decode() for byte in (b"1", b"2"))
OLD, BOTH, NEW = {1: FIRST}, {2: SECOND, 1: FIRST}, {2: SECOND}


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"1:{FIRST}", OLD),
        (f"2:{SECOND},1:{FIRST}", BOTH),
        (f" 2:{SECOND} \n1:{FIRST}\n", BOTH),
    ],
)
def test_keys_are_read_newest_first(text, read):
    assert keys.parse(text, name="RESIDENT_KEYS") == read
    assert list(keys.parse(text, name="RESIDENT_KEYS")) == list(read)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must hold a key"),
        (FIRST, "must read version:key"),
        (f"0:{FIRST}", "versions from 1"),
        (f"two:{FIRST}", "must read version:key"),
        ("1:short", "version 1 in RESIDENT_KEYS is no key"),
        (f"1:{FIRST}x", "is no key"),
        (f"1:{FIRST},2:{SECOND}", "the newest first"),
        (f"2:{SECOND},2:{FIRST}", "each version once"),
        (f"2:{FIRST},1:{FIRST}", "one key under two versions"),
    ],
)
def test_malformed_keys_are_refused_and_not_shown(text, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint) as refused:
        keys.parse(text, name="RESIDENT_KEYS")
    assert FIRST not in str(refused.value)


def test_development_knows_a_single_key_without_version_still():
    assert keys.parse(FIRST, name="RESIDENT_KEYS", unversioned=True) == OLD


@pytest.mark.parametrize("key", ["short", FIRST])
def test_the_index_has_a_key_of_its_own(key):
    with pytest.raises(ImproperlyConfigured, match="INDEX_KEY"):
        keys.check_index_key(key, OLD)


def test_keys_may_stand_in_a_file(tmp_path, monkeypatch):
    path = tmp_path / "keys"
    path.write_text(f"2:{SECOND}\n1:{FIRST}\n")
    monkeypatch.delenv("RESIDENT_KEYS", raising=False)
    monkeypatch.setenv("RESIDENT_KEYS_FILE", str(path))
    assert keys.parse(env.secret("RESIDENT_KEYS"), name="RESIDENT_KEYS") == BOTH
    monkeypatch.setenv("RESIDENT_KEYS", f"1:{FIRST}")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.secret("RESIDENT_KEYS")
    monkeypatch.delenv("RESIDENT_KEYS")
    path.unlink()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.secret("RESIDENT_KEYS")


def test_production_does_not_start_with_a_key_without_version():
    given = {
        "PRODUCTION": "1",
        "SECRET_KEY": "s" * 50,
        "RESIDENT_KEYS": FIRST,
        "INDEX_KEY": "i" * 40,
        "SITE_URL": "https://portal.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import jiangdong.settings"],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RESIDENT_KEYS must read version:key" in done.stderr
    assert FIRST not in done.stderr


def test_a_sealed_text_says_which_key_it_needs(settings):
    settings.RESIDENT_KEYS = OLD
    first = seal({"name": "张示例"})
    settings.RESIDENT_KEYS = BOTH
    second = seal({"name": "张示例"})
    assert (keys.version_of(first), keys.version_of(second)) == (1, 2)
    assert unseal(first) == unseal(second) == {"name": "张示例"}
    settings.RESIDENT_KEYS = NEW
    assert unseal(second) == {"name": "张示例"}
    with pytest.raises(InvalidToken):
        unseal(first)


def test_a_text_from_before_versions_is_opened(settings):
    settings.RESIDENT_KEYS = BOTH
    before = Fernet(FIRST).encrypt(b'{"name": "x"}').decode()
    assert keys.version_of(before) == keys.UNVERSIONED
    assert unseal(before) == {"name": "x"}


def test_a_version_put_in_another_texts_place_opens_nothing(settings):
    settings.RESIDENT_KEYS = BOTH
    with pytest.raises(InvalidToken):
        unseal("1:" + seal({"name": "x"}).partition(":")[2])


@pytest.fixture
def kept(wish_in, settings):
    """Three wishes under the first key, one of them from before versions; the second key is there now."""
    settings.RESIDENT_KEYS = OLD
    wishes = [wish_in("open"), wish_in("draft"), wish_in("claimed")]
    bare = wishes[0].resident.sealed.partition(":")[2]
    Resident.objects.filter(pk=wishes[0].resident_id).update(sealed=bare, phone_index="")
    settings.RESIDENT_KEYS = BOTH
    return wishes


def details(wish) -> dict[str, str]:
    return unseal(Resident.objects.get(pk=wish.resident_id).sealed)


def test_rotating_seals_everything_anew_and_says_that_the_old_key_may_go(kept, settings):
    links = {link.pk: unseal(link.sealed_token) for link in ResidentLink.objects.all()}
    assert sealed.in_use() == {0: 1, 1: 5}
    said = rotate()
    assert "key 2: 6 texts" in said
    assert "key 1: no text needs it" in said
    settings.RESIDENT_KEYS = NEW
    assert [details(wish) for wish in kept] == [vars(RESIDENT)] * 3
    assert {link.pk: unseal(link.sealed_token) for link in ResidentLink.objects.all()} == links


def test_rotating_again_touches_nothing(kept):
    rotate()
    before = list(Resident.objects.order_by("pk").values_list("sealed", flat=True))
    rotate()
    assert list(Resident.objects.order_by("pk").values_list("sealed", flat=True)) == before


def test_rotating_goes_on_where_it_was_stopped(kept, monkeypatch):
    monkeypatch.setattr(sealed, "BATCH", 1)
    next(sealed.reseal(sealed.COLUMNS[0]))
    assert sealed.in_use() == {2: 1, 1: 5}
    rotate()
    assert sealed.in_use() == {2: 6}


def test_a_text_that_no_key_opens_is_named_and_every_key_is_to_be_kept(kept):
    lost = kept[1].resident_id
    stranger = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    Resident.objects.filter(pk=lost).update(sealed=f"1:{stranger}")
    out = StringIO()
    with pytest.raises(CommandError, match=f"first pairing.Resident {lost}: keep every key"):
        call_command("rotate_keys", stdout=out)
    assert "key 1: still 1 texts" in out.getvalue()
    assert "may" not in out.getvalue()


def test_rotating_fills_the_index_of_who_was_recorded_before_there_was_one(kept):
    first, _draft, third = kept
    rotate()
    assert (
        Resident.objects.get(pk=first.resident_id).phone_index
        == Resident.objects.get(pk=third.resident_id).phone_index
        != ""
    )


def test_a_new_index_key_is_brought_in_by_going_through_everything(kept, settings):
    rotate()
    before = set(Resident.objects.values_list("phone_index", flat=True))
    settings.INDEX_KEY = "another-index-key-of-at-least-32-characters"
    rotate("--index")
    after = set(Resident.objects.values_list("phone_index", flat=True))
    assert len(before) == len(after) == 1
    assert before != after


@pytest.mark.django_db(transaction=True)
def test_what_somebody_changes_while_keys_are_rotated_is_neither_lost_nor_left_behind(kept, cast):
    """A worker holds a row and changes it; rotating goes around it, comes back, and keeps the change."""
    resident, held, go = kept[1].resident, threading.Event(), threading.Event()

    def change() -> None:
        try:
            with transaction.atomic():
                mine = Resident.objects.select_for_update().get(pk=resident.pk)
                held.set()
                go.wait(10)
                pairing_actions.change_resident(
                    resident=mine,
                    details=Details(name="李示例", phone="13900000088"),
                    consents={"contact"},
                    by=cast.worker,
                )
        finally:
            connection.close()

    worker = threading.Thread(target=change)
    worker.start()
    held.wait(10)
    assert sum(done.rows for done in sealed.reseal(sealed.COLUMNS[0])) == 2
    go.set()
    worker.join()
    assert "key 1: no text needs it" in rotate()
    assert details(kept[1])["name"] == "李示例"
