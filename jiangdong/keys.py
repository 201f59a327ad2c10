"""The keys of residents' details: versioned, newest first, each text saying which one sealed it.

A sealed text reads `version:token`. Texts from before keys had versions are a bare token, called version 0.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

UNVERSIONED = 0
LEAST_INDEX_KEY = 32  # characters
# Fernet itself reads past characters that do not belong there.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


def parse(text: str, *, name: str, unversioned: bool = False) -> dict[int, str]:
    """Return keys by version, as they stand in `2:key,1:key` (commas or line breaks between), newest first.

    With `unversioned`, a single key without a version is version 1: so development knew it.

    Raises:
        ImproperlyConfigured: none, malformed, or not in falling order; the text names no key.
    """
    words = [word.strip() for line in text.splitlines() for word in line.split(",") if word.strip()]
    if not words:
        raise ImproperlyConfigured(f"{name} must hold a key, such as 1:{'k' * 8}…")
    if unversioned and len(words) == 1 and ":" not in words[0]:
        words = [f"1:{words[0]}"]
    pairs = [_pair(word, name) for word in words]
    versions = [version for version, _key in pairs]
    if versions != sorted(set(versions), reverse=True):
        raise ImproperlyConfigured(f"{name} must name each version once, the newest first")
    keys = dict(pairs)
    if len(set(keys.values())) < len(keys):
        raise ImproperlyConfigured(f"{name} holds one key under two versions")
    return keys


def _pair(word: str, name: str) -> tuple[int, str]:
    version, _colon, key = word.partition(":")
    if not version.isdecimal() or int(version) < 1:
        raise ImproperlyConfigured(f"{name} must read version:key, with versions from 1")
    if not _KEY.fullmatch(key):
        raise ImproperlyConfigured(f"version {version} in {name} is no key: 32 bytes in base64 are")
    return int(version), key


def check_index_key(key: str, sealing: Mapping[int, str]) -> None:
    """Refuse a key of the blind index that is short, or that seals details too.

    Raises:
        ImproperlyConfigured: it is.
    """
    if len(key) < LEAST_INDEX_KEY or key in sealing.values():
        raise ImproperlyConfigured(
            f"INDEX_KEY must be {LEAST_INDEX_KEY} characters or more, and none of RESIDENT_KEYS"
        )


@lru_cache(maxsize=16)
def _fernet(key: str) -> Fernet:
    return Fernet(key)


def newest() -> int:
    """Return the version that seals."""
    return next(iter(settings.RESIDENT_KEYS))


def version_of(sealed: str) -> int:
    """Return the version of the key that sealed a text."""
    version, colon, _token = sealed.partition(":")
    return int(version) if colon and version.isdecimal() else UNVERSIONED


def encrypt(plain: bytes) -> str:
    """Return bytes sealed with the newest key."""
    version = newest()
    return f"{version}:{_fernet(settings.RESIDENT_KEYS[version]).encrypt(plain).decode()}"


def decrypt(sealed: str) -> bytes:
    """Return what `encrypt` was given.

    Raises:
        cryptography.fernet.InvalidToken: the text was altered, or its key is gone.
    """
    version = version_of(sealed)
    if version == UNVERSIONED:
        every = MultiFernet([_fernet(key) for key in settings.RESIDENT_KEYS.values()])
        return every.decrypt(sealed.encode())
    if version not in settings.RESIDENT_KEYS:
        raise InvalidToken
    return _fernet(settings.RESIDENT_KEYS[version]).decrypt(sealed.partition(":")[2].encode())


def blind(space: int, text: str) -> str:
    """Return a digest by which equal texts are found again within a space (a community), and only with the key.

    The space goes in first: digests of two spaces cannot be joined.
    """
    return hmac.new(
        settings.INDEX_KEY.encode(), f"{space}:{text}".encode(), hashlib.sha256
    ).hexdigest()
