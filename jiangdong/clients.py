"""Who really asks, where proxies of ours stand in front."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever asked: as the outermost of our NUM_PROXIES proxies saw it.

    Each proxy adds at the right of X-Forwarded-For whom it saw; what stands further left was sent along by
    the asker, who may write there what they like.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = seen[-settings.NUM_PROXIES :] if settings.NUM_PROXIES else []
    try:
        return str(ipaddress.ip_address(trusted[0].strip()))
    except (IndexError, ValueError):
        return direct
