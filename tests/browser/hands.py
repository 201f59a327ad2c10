"""What people do with a page: press, choose, write, go through it with Tab, take a photo."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page

# The ring is drawn round what has the focus, or round what stands for it.
RINGLESS = """() => {
  const drawn = element => element && getComputedStyle(element).outlineStyle !== "none"
    && parseFloat(getComputedStyle(element).outlineWidth) >= 2;
  const has = document.activeElement;
  return [has, has.nextElementSibling, has.closest(".search")].some(drawn) ? [] : [has.outerHTML.slice(0, 160)];
}"""


def photo() -> dict:
    """Return a photo as a phone would send it."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 160, 140)).save(data, "JPEG")
    return {"name": "wheelchair.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def press(page: Page, words: str) -> None:
    """Tap the button, link or fold with exactly these words."""
    pressed = page.locator("main :is(a, button, summary)")
    pressed.filter(has_text=re.compile(rf"^\s*{words}\s*$"), visible=True).first.tap()


def choose(page: Page, words: str) -> None:
    """Tap the chip or the box whose label begins with these words."""
    page.locator("main label").filter(has_text=re.compile(rf"^\s*{words}")).tap()


def write(page: Page, name: str, words: str) -> None:
    """Write into the field with this label."""
    page.get_by_role("textbox", name=name).fill(words)


def go_to(page: Page, selector: str, *, steps: int = 40) -> list[str]:
    """Press Tab until this has the focus, and return what else had it on the way and showed no ring."""
    ringless = []
    for _ in range(steps):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return ringless
        page.keyboard.press("Tab")
        ringless += page.evaluate(RINGLESS)
    return pytest.fail(f"Tab does not come to {selector}")
