"""Photos made small and harmless, beside what the pages show (tests/wishes/test_fulfil.py)."""

import io
import warnings

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jiangdong.photos import EDGE, TooLarge, cleaned
from jiangdong.refusals import NotValid


def sent(image: Image.Image, format_: str = "JPEG", **kwargs) -> SimpleUploadedFile:
    out = io.BytesIO()
    image.save(out, format_, **kwargs)
    return SimpleUploadedFile("photo", out.getvalue())


def opened(upload: SimpleUploadedFile) -> Image.Image:
    return Image.open(io.BytesIO(cleaned(upload).read()))


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_every_kind_of_colour_comes_out_as_rgb(mode):
    assert opened(sent(Image.new(mode, (20, 10)))).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "P", "1", "I;16", "LA"])
def test_what_png_knows_comes_out_as_rgb_too(mode):
    assert opened(sent(Image.new(mode, (20, 10)), "PNG")).mode == "RGB"


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1600, 900), (1600, 900)),
        ((3200, 800), (1600, 400)),
        ((10, 6400), (3, 1600)),
        ((1, 1), (1, 1)),
    ],
)
def test_the_longer_side_is_at_most_1600_and_nothing_is_made_larger(size, small):
    assert opened(sent(Image.new("RGB", size))).size == small
    assert max(small) <= EDGE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_telephone_comes_out_upright(orientation):
    image = Image.new("RGB", (40, 20), "white")
    for x in range(20):
        for y in range(10):
            image.putpixel((x, y), (255, 0, 0))  # red where the picture's first corner is
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = opened(sent(image, exif=exif, quality=95))
    assert shown.size == ((40, 20) if orientation < 5 else (20, 40))
    corner = {
        1: (2, 2),
        2: (-3, 2),
        3: (-3, -3),
        4: (2, -3),
        5: (2, 2),
        6: (-3, 2),
        7: (-3, -3),
        8: (2, -3),
    }
    x, y = corner[orientation]
    red, green, _blue = shown.getpixel((x % shown.width, y % shown.height))
    assert red > 200
    assert green < 80


def test_nothing_but_the_pixels_is_left():
    exif = Image.Exif()
    exif[0x0132] = "2026:03:10 10:00:00"
    data = {"exif": exif, "comment": b"secret", "icc_profile": b"secret" * 50}
    clean = cleaned(sent(Image.new("RGB", (20, 10)), **data)).read()
    assert b"secret" not in clean
    assert b"2026:03:10" not in clean


def test_a_file_may_weigh_as_much_as_is_said_and_no_more(settings):
    upload = sent(Image.effect_noise((200, 200), 99))
    settings.PHOTO_MAX_BYTES = upload.size
    cleaned(upload)
    settings.PHOTO_MAX_BYTES = upload.size - 1
    upload.seek(0)
    with pytest.raises(TooLarge) as refusal:
        cleaned(upload)
    assert (refusal.value.status, refusal.value.code) == (413, "photo_too_large")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"\x00" * 1000, "照片".encode()])
def test_what_is_no_photo_is_said_to_be_none(data):
    with pytest.raises(NotValid) as refusal:
        cleaned(SimpleUploadedFile("photo.jpg", data))
    assert (refusal.value.status, refusal.value.code) == (400, "photo_unreadable")


def test_a_photo_cut_off_anywhere_is_refused_or_read_and_never_a_fault():
    whole = sent(Image.effect_noise((64, 64), 50).convert("RGB")).read()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for length in range(0, len(whole), 97):
            try:
                cleaned(SimpleUploadedFile("photo.jpg", whole[:length]))
            except NotValid:
                continue
