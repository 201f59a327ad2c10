"""The short code by which somebody without an account comes back: shown once, and kept only as a digest.

Twelve characters without those that look alike: about 59 bits. Stretched before it is kept, so that trying codes
against a stolen database costs more than a second of a processor for every few dozen.
"""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWX"
LENGTH = 12
_ROUNDS = 100_000
_SALT = b"jiangdong365.voices.codes"


def new() -> str:
    """Draw a code, as it is shown: ABCD-EFGH-JKLM."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[n : n + 4] for n in range(0, LENGTH, 4))


def plain(code: str) -> str:
    """Return the characters that count, however somebody typed them."""
    return "".join(char for char in code.upper() if char in ALPHABET)


def looks_like_one(code: str) -> bool:
    return len(plain(code)) == LENGTH


def digest(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.pbkdf2_hmac("sha256", plain(code).encode(), _SALT, _ROUNDS).hex()
