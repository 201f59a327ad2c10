"""The drill: back up under load, lose everything, restore, and find what was there; and all that may go wrong."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from accounts import heartbeats
from accounts.models import User
from jiangdong import clock, erasures
from jiangdong.backup import counting, photos, taking
from jiangdong.backup.manifest import Manifest
from pairing import actions as pairing
from pairing.models import Resident
from tests.cast import CONSENTS, NOW, RESIDENT
from wishes import actions
from wishes.models import Draft, Evidence, Wish

# A photo of nothing: what is kept was made small and harmless before.
JPEG = b"\xff\xd8\xff\xe0 a photo of a mended tap \xff\xd9"


@pytest.fixture
def district(transactional_db, request) -> Iterator[None]:
    """A database of this test's own, beside the one that all share: it is going to be lost."""
    shared = connection.settings_dict["NAME"]
    own = f"{shared}_drill"
    connection.close()
    with other_database("postgres", shared) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{own}"')
        # A thread of an earlier test may have left its connection behind; a template bears no company.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [shared]
        )
        cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{shared}"')
    connections["default"].settings_dict["NAME"] = own
    connections.settings["default"]["NAME"] = own  # for threads
    try:
        yield
    finally:
        connection.close()
        connections["default"].settings_dict["NAME"] = shared
        connections.settings["default"]["NAME"] = shared
        with other_database("postgres", shared) as cursor:
            cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


@contextmanager
def other_database(name: str, back_to: str) -> Iterator:
    """Speak to another database of the same server."""
    connection.settings_dict["NAME"] = name
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
        connection.settings_dict["NAME"] = back_to


@pytest.fixture
def season(district, cast, wish_in) -> list[Wish]:
    """A few wishes in several states, with a photo."""
    made = [wish_in(state) for state in ("draft", "open", "claimed", "fulfilled", "closed")]
    add_photo(made[3], cast.cadre)
    return made


def add_photo(wish: Wish, by: User) -> Evidence:
    """Keep a photo of the thing done."""
    evidence = Evidence(wish=wish, sha256=photos.hashlib.sha256(JPEG).hexdigest(), added_by=by)
    evidence.photo.save("photo.jpg", ContentFile(JPEG))
    return evidence


def back_up(folder: Path) -> Manifest:
    """Take a backup by its command."""
    call_command("backup", to=folder)
    return Manifest.read(folder)


def restore(folder: Path, **words) -> None:
    """Restore one by its command."""
    call_command("restore", folder=folder, **words)


def lose_everything(settings) -> None:
    """Lose the database and the photos."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def everything() -> dict[str, counting.Count]:
    """Count every table that a backup holds."""
    with transaction.atomic():
        return dict(counting.counted(sorted(set(counting.tables()) - counting.left_out())))


class Load(threading.Thread):
    """Somebody who logs and claims without a pause."""

    def __init__(self, community, worker: User, cadre: User) -> None:
        """Describe the work."""
        super().__init__(daemon=True)
        self.community, self.worker, self.cadre = community, worker, cadre
        self.done = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Log, publish, claim, and again."""
        try:
            while not self.over.is_set():
                draft = Draft(title="想有人修一下水龙头", kind="repair", consents=CONSENTS)
                wish = actions.log(draft=draft, community=self.community, by=self.worker)
                wish = actions.publish(wish=wish, by=self.worker, visibility="public")
                actions.claim(wish=wish, by=self.cadre)
                self.done += 1
        finally:
            connections.close_all()


def test_what_was_backed_up_under_load_comes_back_whole(season, cast, settings, tmp_path, capsys):
    load = Load(cast.places.qt, cast.worker, cast.cadre)
    load.start()
    try:
        wait_for(lambda: load.done > 2)
        before = Wish.objects.count()
        manifest = back_up(tmp_path / "backup")
        wait_for(lambda: Wish.objects.count() > manifest.tables["wishes_wish"].rows)
    finally:
        load.over.set()
        load.join()
    restore(tmp_path / "backup", check=True)
    assert "whole, as of" in capsys.readouterr().out
    assert before <= manifest.tables["wishes_wish"].rows < Wish.objects.count()

    lose_everything(settings)
    restore(tmp_path / "backup")
    assert everything() == manifest.tables
    assert counting.heads() == manifest.heads
    assert photos.missing_or_altered().kept == 1
    said = capsys.readouterr().out
    assert "erased again since then: 0 residents" in said
    assert "every chain whole" in said
    wish = actions.log(
        draft=Draft(title="还能记新的", kind="other"), community=cast.places.qt, by=cast.worker
    )
    assert wish.pk > max(Wish.objects.exclude(pk=wish.pk).values_list("pk", flat=True))


def wait_for(condition) -> None:
    """Wait until it holds, but not for ever."""
    for _each in range(600):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("waited in vain")


def test_who_was_erased_since_the_backup_stays_erased(season, settings, tmp_path, capsys):
    erased, other = season[3].resident, season[1].resident
    back_up(tmp_path / "backup")
    pairing.erase(resident=erased)
    lose_everything(settings)
    restore(tmp_path / "backup")
    assert "erased again since then: 1 residents" in capsys.readouterr().out
    erased = Resident.objects.get(pk=erased.pk)
    assert (erased.sealed, erased.erased_at) == ("", NOW)
    assert not Evidence.objects.filter(wish=season[3]).exists()
    assert list(files_in(settings.MEDIA_ROOT)) == []
    assert (
        pairing.look(resident=Resident.objects.get(pk=other.pk), by=season[1].logged_by, why="复核")
        == RESIDENT
    )


def files_in(folder: Path) -> Iterator[Path]:
    """Return the files below a folder."""
    return (path for path in folder.rglob("*") if path.is_file())


def test_an_erasure_is_not_anothers_who_later_got_the_same_number(season, later):
    resident = season[1].resident
    erasures.note([erasures.Erasure(resident.pk, resident.recorded_at - clock.dt.timedelta(1))])
    assert pairing.erase_again() == 0
    erasures.note([erasures.Erasure(resident.pk, resident.recorded_at)])
    assert pairing.erase_again() == 1


def test_a_journal_that_missed_an_erasure_is_made_good_at_the_next_backup(
    season, settings, tmp_path, caplog
):
    resident = season[1].resident
    journal = settings.ERASURE_JOURNAL
    settings.ERASURE_JOURNAL = Path("/proc/nowhere/erasures.log")
    pairing.erase(resident=resident)
    assert Resident.objects.get(pk=resident.pk).erased_at == NOW
    settings.ERASURE_JOURNAL = journal
    assert erasures.noted() == ([], 0)
    back_up(tmp_path / "backup")
    assert erasures.noted() == ([erasures.Erasure(resident.pk, NOW)], 0)


def test_a_line_that_a_crash_cut_short_spoils_no_other(settings):
    first, second = erasures.Erasure(1, NOW), erasures.Erasure(2, NOW)
    erasures.note([first])
    with settings.ERASURE_JOURNAL.open("a") as file:
        file.write('{"resident": 105, "at": "2026-')
    erasures.note([second])
    assert erasures.noted() == ([first, second], 1)
    assert settings.ERASURE_JOURNAL.stat().st_mode & 0o777 == 0o600


def test_a_backup_never_overwrites_and_appears_whole_or_not_at_all(season, tmp_path, monkeypatch):
    back_up(tmp_path / "backup")
    with pytest.raises(CommandError, match="exists already"):
        back_up(tmp_path / "backup")
    monkeypatch.setattr(taking.photos, "pack", fail)
    with pytest.raises(CommandError, match="disk is full"):
        back_up(tmp_path / "another")
    assert [path.name for path in tmp_path.iterdir() if "another" in path.name] == []


def fail(*_arguments) -> None:
    """Fail as a full disk does."""
    raise OSError("disk is full")


@pytest.mark.parametrize("name", ["database.dump", "photos.tar"])
def test_an_altered_file_is_refused_before_anything_is_touched(season, tmp_path, name):
    back_up(tmp_path / "backup")
    with (tmp_path / "backup" / name).open("r+b") as file:
        file.seek(300)
        file.write(b"altered")
    before = everything()
    with pytest.raises(CommandError, match=f"{name} was altered"):
        restore(tmp_path / "backup", check=True)
    with pytest.raises(CommandError, match=f"{name} was altered"):
        restore(tmp_path / "backup", replace=True)
    (tmp_path / "backup" / name).unlink()
    with pytest.raises(CommandError, match=f"{name} is missing"):
        restore(tmp_path / "backup", replace=True)
    assert everything() == before


def test_whoever_alters_a_file_cannot_alter_the_sheet_to_fit(season, tmp_path):
    manifest = back_up(tmp_path / "backup")
    sheet = tmp_path / "backup" / "manifest.json"
    altered = json.loads(sheet.read_text())
    altered["body"]["files"]["database.dump"] = "0" * 64
    sheet.write_text(json.dumps(altered))
    with pytest.raises(CommandError, match="seal does not fit"):
        restore(tmp_path / "backup", replace=True)
    assert manifest.files["database.dump"] != "0" * 64


def test_without_its_keys_a_backup_is_refused(season, settings, tmp_path):
    back_up(tmp_path / "backup")
    keys = settings.RESIDENT_KEYS
    for path in files_in(tmp_path / "backup"):
        assert keys[1].encode() not in path.read_bytes()
        assert settings.SECRET_KEY.encode() not in path.read_bytes()
    settings.RESIDENT_KEYS = {1: Fernet.generate_key().decode()}
    with pytest.raises(CommandError, match="no key at hand opens this backup"):
        restore(tmp_path / "backup", replace=True)
    settings.RESIDENT_KEYS = {2: Fernet.generate_key().decode(), **keys}
    restore(tmp_path / "backup", replace=True)


def test_nothing_is_replaced_unasked_and_no_database_that_somebody_uses(season, tmp_path):
    back_up(tmp_path / "backup")
    with pytest.raises(CommandError, match="say --replace"):
        restore(tmp_path / "backup")
    other = connection.copy()
    other.ensure_connection()
    try:
        with pytest.raises(CommandError, match="1 others use the database"):
            restore(tmp_path / "backup", replace=True)
    finally:
        other.close()
    restore(tmp_path / "backup", replace=True)


def test_an_empty_schema_counts_as_nothing(season, settings, tmp_path):
    manifest = back_up(tmp_path / "backup")
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT)
    restore(tmp_path / "backup")
    assert everything() == manifest.tables


def test_a_load_that_breaks_off_leaves_what_was_there(season, tmp_path, monkeypatch):
    back_up(tmp_path / "backup")
    Wish.objects.filter(pk=season[0].pk).update(title="后来改过")
    before = everything()
    monkeypatch.setattr("jiangdong.backup.restoring.AS_SCRIPT", ("--schema-only", "--file=-"))
    with pytest.raises(CommandError, match="is not as it was when the backup was taken"):
        restore(tmp_path / "backup", replace=True)
    assert everything() == before
    assert photos.missing_or_altered().kept == 1


def test_a_backup_of_a_newer_release_or_server_is_refused(season, tmp_path):
    manifest = back_up(tmp_path / "backup")
    manifest.migrations.append("wishes.9999_from_tomorrow")
    manifest.write(tmp_path / "backup")
    with pytest.raises(
        CommandError, match=r"newer release, which knows wishes\.9999_from_tomorrow"
    ):
        restore(tmp_path / "backup", replace=True)
    manifest.postgresql = 99
    manifest.write(tmp_path / "backup")
    with pytest.raises(CommandError, match="from PostgreSQL 99"):
        restore(tmp_path / "backup", replace=True)


def test_missing_and_altered_photos_are_named_and_hold_nothing_up(
    season, cast, settings, tmp_path, capsys
):
    gone, altered = add_photo(season[4], cast.cadre), add_photo(season[2], cast.cadre)
    (settings.MEDIA_ROOT / gone.photo.name).unlink()
    (settings.MEDIA_ROOT / altered.photo.name).write_bytes(b"something else")
    back_up(tmp_path / "backup")
    said = capsys.readouterr().err
    assert said.splitlines() == [
        f"missing photo: {gone.photo.name}",
        f"altered photo: {altered.photo.name}",
    ]
    noted = heartbeats.last()[heartbeats.BACKUP]
    assert noted.detail == "backup, 1 photos missing, 1 photos altered"
    lose_everything(settings)
    restore(tmp_path / "backup")
    assert capsys.readouterr().err == said


def test_nobody_goes_on_as_somebody_who_was_signed_in(season, as_, cast, settings, tmp_path):
    client = as_(cast.worker)
    assert client.get("/inbox/").status_code == 200
    back_up(tmp_path / "backup")
    lose_everything(settings)
    restore(tmp_path / "backup")
    assert client.get("/inbox/").status_code == 302


def test_old_backups_go_when_told_so(season, later, tmp_path, capsys):
    for days in (0, 20, 40):
        with later(days=days):
            call_command("backup", into=tmp_path / "all", keep_days=30)
    (tmp_path / "all" / "not-a-backup").mkdir()
    kept = sorted(path.name for path in (tmp_path / "all").iterdir())
    assert kept == ["2026-03-30-100000", "2026-04-19-100000", "not-a-backup"]
    assert "removed" in capsys.readouterr().out
