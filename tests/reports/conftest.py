"""Compile the messages where `make` has not done so yet: the tests here read the theme's words in Chinese."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import trans_real


def _compile(source: Path) -> None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    with source.open("rb") as po, target.open("wb") as mo:
        write_mo(mo, read_po(po, locale="zh_Hans"))
    # Django has read what was there when it started.
    trans_real._translations.clear()
    trans_real._default = None


_compile(Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.po")
