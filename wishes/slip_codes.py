"""The short code on a slip, by which a resident without a phone asks at the community's desk how far their wish is.

Eight characters out of 31 that nobody takes for another: 31^8, some 850 thousand million. With 5 000 living links a
guess hits one time in 170 million: GUESSES_OVERALL wrong ones an hour, from anywhere, need twenty years for one hit,
GUESSES from one address a thousand. What is found is a wish's title and how far it is: no name, nothing to press.

Kept are the code itself, sealed, and its digest under SECRET_KEY: a plain digest of so few codes could be tried
through by whoever holds the database. A code dies with the key that made it, once that is no fallback any more.
"""

import secrets
import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L
LENGTH = 8
GUESSES = 10  # wrong ones from one address in half an hour
GUESSES_OVERALL = 1000  # wrong ones from everywhere in an hour


def new() -> str:
    """Return a code. Two wishes may draw the same, once in a blue moon; then it opens neither."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spaced(code: str) -> str:
    """Return a code as it is printed and read out: in two halves."""
    return f"{code[:4]} {code[4:]}".strip()


def cleaned(typed: str) -> str:
    """Return what somebody typed as a code: whatever the width, the case and the gaps; "" where it is none."""
    text = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(char for char in text if char.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def digest_of(code: str, secret: str | None = None) -> str:
    """Return the digest under which a code is kept from now on."""
    return salted_hmac("wishes.slip_code", code, secret=secret, algorithm="sha256").hexdigest()


def digests_of(code: str) -> list[str]:
    """Return every digest under which a code may be kept: one for each secret that still counts."""
    return [
        digest_of(code, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
