"""How often somebody unknown may say something, without knowing who it is.

Kept are two kinds of numbers in the cache, for an hour each and nowhere else: how many came in all, and how many
from one address, under a digest salted with bytes that each process draws for itself every day, never writes down
and forgets. So a digest leads back to no address, not even for whoever runs the portal; the price is that each
process counts for itself.
"""

import datetime as dt
import hashlib
import secrets

from django.core.cache import cache
from django.http import HttpRequest

from jiangdong import clock
from jiangdong.clients import address_of

HOUR = 60 * 60
# From one address an hour: an office or a housing estate may share one.
PER_ADDRESS = {"say": 10, "ask": 20, "follow": 30}
IN_ALL = {"say": 300, "ask": 1500, "follow": 1500}

_salts: dict[dt.date, bytes] = {}


def is_too_often(request: HttpRequest, what: str) -> bool:
    """Count one more, and say whether that is too many."""
    in_all = _one_more(f"voices:{what}")
    here = _one_more(f"voices:{what}:{_digest(address_of(request))}")
    return in_all > IN_ALL[what] or here > PER_ADDRESS[what]


def _one_more(key: str) -> int:
    if cache.add(key, 1, HOUR):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the hour was over just now
        return 1


def _digest(address: str) -> str:
    today = clock.today()
    if today not in _salts:
        _salts.clear()
        _salts[today] = secrets.token_bytes(32)
    return hashlib.sha256(_salts[today] + address.encode()).hexdigest()[:32]
