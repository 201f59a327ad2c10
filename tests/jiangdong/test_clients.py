"""Who asks, as told by our own proxies and by nobody else."""

import pytest
from axes.helpers import get_client_ip_address
from django.test import RequestFactory
from rest_framework.throttling import UserRateThrottle

from jiangdong.clients import address_of

PROXY, ASKER, FORGED = "172.18.0.5", "203.0.113.9", "198.51.100.7"


def asked(forwarded: str | None):
    """Make a request as the web server sees it, coming from the proxy."""
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, **more)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, ASKER, PROXY),
        (1, None, PROXY),
        (1, ASKER, ASKER),
        (1, f"{FORGED}, {ASKER}", ASKER),
        (1, f"{FORGED}, {FORGED},{ASKER}", ASKER),
        (2, f"{FORGED}, {ASKER}, 10.0.0.1", ASKER),
        (2, ASKER, ASKER),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "nonsense", PROXY),
        (1, "", PROXY),
    ],
)
def test_the_address_is_counted_from_the_right(settings, proxies, forwarded, address):
    settings.NUM_PROXIES = proxies
    assert address_of(asked(forwarded)) == address


def test_lock_out_and_throttles_count_the_same_address(settings):
    settings.NUM_PROXIES = 1
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    request = asked(f"{FORGED}, {ASKER}")
    assert get_client_ip_address(request) == ASKER
    assert UserRateThrottle().get_ident(request) == ASKER
