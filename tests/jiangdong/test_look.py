"""The look's promises that a machine can hold: contrast, one file of colours, no weight, nothing inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
BASE = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
# What the portal's own pages load; the admin's sheets speak the admin theme's language.
SHEETS = [CSS / name for name in re.findall(r"css/(\w+\.css)", BASE)]
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|color)a?\(", re.IGNORECASE)

# text on ground: everything that is written on something
READ = [
    *[(text, ground) for text in ("ink", "soft") for ground in ("paper", "card", "field", "wash")],
    *[(text, ground) for text in ("red", "green", "amber", "blue") for ground in ("paper", "card")],
    *[("ink", f"{tone}-wash") for tone in ("red", "green", "amber")],
    *[(tone, f"{tone}-wash") for tone in ("red", "green", "amber")],
    ("on-act", "act"),
    ("on-act", "act-over"),
    ("paper", "ink"),
]
# edges of what is filled in or pressed, and the ring of the focus
SEEN = [
    (edge, ground)
    for edge in ("edge", "blue", "green", "red")
    for ground in ("paper", "card", "field")
]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
    dark = dark[: dark.index("@media")]
    return {"light": _colours(light), "dark": _colours(light) | _colours(dark)}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ)
def test_everything_written_reaches_four_and_a_half_to_one(scheme, text, ground):
    colours = _schemes()[scheme]
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), SEEN)
def test_every_edge_that_matters_reaches_three_to_one(scheme, edge, ground):
    colours = _schemes()[scheme]
    assert _contrast(colours[edge], colours[ground]) >= 3


def test_colours_are_named_in_tokens_and_nowhere_else():
    others = [path for path in SHEETS if path.name != "tokens.css"]
    assert {path.name: COLOUR.findall(path.read_text(encoding="utf-8")) for path in others} == {
        path.name: [] for path in others
    }


def test_every_token_that_is_used_is_named():
    named = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
    used = {
        name
        for path in SHEETS
        for name in re.findall(r"var\((--[a-z0-9-]+)\)", path.read_text(encoding="utf-8"))
    }
    assert used - named == set()


def test_the_browser_frame_takes_the_card_colour():
    frames = dict(
        re.findall(
            r'name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)"', BASE
        )
    )
    assert {scheme: colour for colour, scheme in frames.items()} == {
        scheme: colours["card"] for scheme, colours in _schemes().items()
    }


def test_the_styles_weigh_less_than_thirty_two_kilobytes():
    assert len(SHEETS) == 4
    assert sum(path.stat().st_size for path in SHEETS) < 32 * 1024


def test_there_are_no_shadows_and_no_gradients():
    text = "".join(path.read_text(encoding="utf-8") for path in SHEETS)
    assert re.findall(r"shadow|gradient", text) == []


def test_no_template_of_ours_carries_inline_style_or_script():
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", re.IGNORECASE)
    found = {
        str(path.relative_to(ROOT)): inline.findall(path.read_text(encoding="utf-8"))
        for path in (ROOT / "templates").rglob("*.html")
    }
    assert {path: hits for path, hits in found.items() if hits} == {}
