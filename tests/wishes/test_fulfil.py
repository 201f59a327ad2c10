"""Saying it is done: the note the resident reads, and a photo that nobody is forced to take."""

import io
import re
from pathlib import Path

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import trail
from notices.models import Notice
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import act, course_of, text_of
from wishes.models import Evidence

NOTE = "周五上午陪着去配好了药"


def photo_of(size=(80, 60), format_="JPEG", **kwargs) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, format_, **kwargs)
    return out.getvalue()


def upload(data: bytes, name="photo.jpg", kind="image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def fulfil(client, wish, photo=None, note=NOTE):
    return act(client, wish, "fulfil", note=note, **({"photo": photo} if photo else {}))


def stored(wish) -> bytes:
    """Return the one photo that was kept."""
    return Path(Evidence.objects.get(wish=wish).photo.path).read_bytes()


def kept(wish) -> Image.Image:
    return Image.open(io.BytesIO(stored(wish)))


def test_a_sentence_is_enough_and_the_worker_is_asked_to_ring(cast, as_, wish_in):
    wish = wish_in("claimed")
    assert fulfil(as_(cast.cadre), wish).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.fulfil_note, wish.fulfilled_by, wish.fulfilled_at) == (
        "fulfilled",
        NOTE,
        cast.cadre,
        NOW,
    )
    assert course_of(wish)[-1] == ("fulfil", "claimed", "fulfilled")
    assert trail.events_of(wish).last().note.text == NOTE
    assert Notice.objects.get(kind="fulfilled").recipient == cast.worker
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("note", ["", "  \n ", "字" * 501, "好了\x00", "好了\u202e"])
def test_without_a_note_or_with_an_impossible_one_it_stays(note, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = fulfil(as_(cast.cadre), wish, note=note)
    assert answer.status_code == 400
    assert len(course_of(wish)) == 3


@pytest.mark.parametrize(
    "note",
    [
        f"给{RESIDENT.name}送到了",
        "打13800000077问过了",
        "送到二单元302室",
        f"在{RESIDENT.address}装好了",
    ],
)
def test_the_note_gives_nobody_away_because_the_residents_page_shows_it(note, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = fulfil(as_(cast.cadre), wish, note=note)
    assert answer.status_code == 400
    assert "不要写姓名、电话、住处" in text_of(answer)
    assert len(course_of(wish)) == 3


@pytest.mark.parametrize("who", ["cadre_b", "liaison", "worker", "street", "supervisor", "member"])
def test_only_the_handler_says_so(who, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = fulfil(as_(getattr(cast, who)), wish)
    assert answer.status_code == 403
    assert "只有经办人可以说办好了。" in text_of(answer)


class TestPhoto:
    """A photo is made small and harmless before it is kept; what is none is refused and nothing happens."""

    def test_it_is_kept_under_a_name_that_says_nothing(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        assert fulfil(as_(cast.cadre), wish, upload(photo_of(), "张示例家.jpg")).status_code == 302
        evidence = Evidence.objects.get()
        assert re.fullmatch(r"evidence/\d{4}/\d{2}/[0-9a-f]{24}\.jpg", evidence.photo.name)
        assert (evidence.added_by, evidence.added_at) == (cast.cadre, NOW)

    def test_a_large_one_is_made_small(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        fulfil(as_(cast.cadre), wish, upload(photo_of((4000, 3000))))
        assert (kept(wish).format, kept(wish).size) == ("JPEG", (1600, 1200))

    def test_where_it_was_taken_and_with_what_is_gone(self, cast, as_, wish_in):
        exif = Image.Exif()
        exif[0x010F] = "HUAWEI"
        exif[0x8825] = {1: "N", 2: (29.0, 52.0, 7.0), 3: "E", 4: (121.0, 33.0, 2.0)}
        data = photo_of(exif=exif, comment=b"GPS 29.868", xmp=b"<x:xmpmeta>GPS 29.868</x:xmpmeta>")
        assert b"HUAWEI" in data
        wish = wish_in("claimed")
        fulfil(as_(cast.cadre), wish, upload(data))
        image = kept(wish)
        assert dict(image.getexif()) == {}
        assert "comment" not in image.info
        for trace in (b"HUAWEI", b"GPS", b"Exif", b"xmp"):
            assert trace not in stored(wish)

    def test_one_taken_sideways_stands_upright(self, cast, as_, wish_in):
        exif = Image.Exif()
        exif[0x0112] = 6
        wish = wish_in("claimed")
        fulfil(as_(cast.cadre), wish, upload(photo_of((80, 60), exif=exif)))
        assert kept(wish).size == (60, 80)

    @pytest.mark.parametrize("format_", ["PNG", "WEBP", "HEIF"])
    def test_what_phones_make_is_taken(self, format_, cast, as_, wish_in):
        if format_ == "HEIF":
            out = io.BytesIO()
            pillow_heif.from_pillow(Image.new("RGB", (80, 60), "red")).save(out, quality=60)
            data = out.getvalue()
        else:
            data = photo_of(format_=format_)
        wish = wish_in("claimed")
        assert fulfil(as_(cast.cadre), wish, upload(data, "IMG_0001.heic")).status_code == 302
        assert kept(wish).format == "JPEG"

    @pytest.mark.parametrize(
        "data",
        [
            b"MZ\x90\x00" + b"\x00" * 400,
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<html><script>alert(1)</script></html>",
            b"\xff\xd8\xff\xe0" + b"\x00" * 64,
            photo_of((400, 300), quality=95)[:900],
            photo_of(format_="GIF"),
            photo_of(format_="TIFF"),
            photo_of(format_="BMP"),
            b"",
        ],
        ids=["program", "svg", "html", "head-only", "cut-off", "gif", "tiff", "bmp", "empty"],
    )
    def test_what_is_no_photo_is_refused(self, data, cast, as_, wish_in, settings):
        wish = wish_in("claimed")
        answer = fulfil(as_(cast.cadre), wish, upload(data))
        assert answer.status_code == 400
        wish.refresh_from_db()
        assert (wish.state, Evidence.objects.count()) == ("claimed", 0)
        assert not list(settings.MEDIA_ROOT.rglob("*.jpg"))

    @pytest.mark.parametrize("size", [(8_000, 8_000), (10_000, 10_000), (20_000, 20_000)])
    def test_a_bomb_is_refused_before_it_is_unpacked(self, size, cast, as_, wish_in):
        import struct
        import zlib

        def chunk(kind: bytes, data: bytes) -> bytes:
            crc = struct.pack(">I", zlib.crc32(kind + data))
            return struct.pack(">I", len(data)) + kind + data + crc

        head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
        row = zlib.compress(b"\x00" * 100_000, 9)
        bomb = (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")
        )
        wish = wish_in("claimed")
        answer = fulfil(as_(cast.cadre), wish, upload(bomb, "bomb.png"))
        assert answer.status_code == 400
        assert "这不是能打开的照片" in text_of(answer)

    def test_thirty_megabytes_are_too_many(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        answer = fulfil(as_(cast.cadre), wish, upload(b"\xff" * 30_000_000))
        assert answer.status_code == 413
        assert "照片太大了，请选一张 12 MB 以内的。" in text_of(answer)
        assert len(course_of(wish)) == 3

    def test_a_strangers_photo_is_refused_for_being_a_strangers(self, cast, as_, wish_in):
        wish = wish_in("claimed")
        assert fulfil(as_(cast.cadre2), wish, upload(b"no photo")).status_code == 403
