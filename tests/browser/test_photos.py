"""Photos are made small on the phone; where that goes wrong they are sent as they are."""

import io
import os

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.hands import press, write
from wishes.models import Evidence

# What the form would send, once the phone has had its time.
CHOSEN = """async field => {
  const [file] = field.files;
  const image = await createImageBitmap(file).catch(() => ({}));
  return {name: file.name, size: file.size, width: image.width, height: image.height};
}"""


def large_photo() -> dict:
    """Return a photo of 12 megapixels, as a phone takes them."""
    noise = Image.frombytes("RGB", (200, 150), os.urandom(200 * 150 * 3))
    data = io.BytesIO()
    noise.resize((4000, 3000)).save(data, "JPEG", quality=95)
    return {"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": data.getvalue()}


@pytest.fixture
def form(window, cast, wish_in) -> Page:
    wish = wish_in("claimed")
    page = window(cast.cadre)
    page.goto(f"/wishes/{wish.code}/")
    press(page, "办好了")
    write(page, "办了什么", "周五上午送到了")
    return page


def test_a_large_photo_is_sent_small(form):
    photo = large_photo()
    field = form.get_by_label("照片")
    field.set_input_files(photo)
    form.wait_for_function(
        "() => document.querySelector('[type=file]').files[0].name === 'IMG_1.jpg'"
    )
    chosen = field.evaluate(CHOSEN)
    assert (chosen["width"], chosen["height"]) == (1600, 1200)
    assert chosen["size"] < len(photo["buffer"]) / 4
    press(form, "记下来，请居民点头")
    expect(form.get_by_role("status")).to_have_text("记下了。接下来请居民点头。")
    with Evidence.objects.get().photo.open() as file, Image.open(file) as kept:
        assert kept.size == (1600, 1200)


def test_where_the_phone_cannot_do_it_the_photo_goes_as_it_is(form):
    form.evaluate("() => { window.createImageBitmap = () => Promise.reject(new Error('no')) }")
    photo = large_photo()
    field = form.get_by_label("照片")
    field.set_input_files(photo)
    press(form, "记下来，请居民点头")
    expect(form.get_by_role("status")).to_have_text("记下了。接下来请居民点头。")
    assert Evidence.objects.count() == 1
