"""The provider on this machine that tests sign in at, and how a person does it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.test import Client

LOGIN = "/accounts/oidc/district/login/"
PROCESS = Path(__file__).with_name("provider_process.py")


@contextmanager
def serving(people: dict[str, dict]) -> Iterator[str]:
    """Serve a provider that knows these people by their numbers, and yield its address."""
    command = [sys.executable, "-W", "ignore", PROCESS, json.dumps(people)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def app_at(url: str, **others) -> dict:
    """Return the settings of a portal that signs people in at this address."""
    app = {
        "provider_id": "district",
        "name": "统一认证",
        "client_id": "portal",
        "secret": "portal-secret",
        "settings": {"server_url": url},
    }
    kept = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    return {"openid_connect": {**kept, "APPS": [app], **others}}


def sign_in(client: Client, sub: str, query: str = "", **form: str):
    """Sign in at the provider as a person would, and return what the portal answers at last."""
    to = client.post(LOGIN + query)["Location"]
    back = requests.post(to, data={"sub": sub, **form}, allow_redirects=False, timeout=10)
    where = urlsplit(back.headers["Location"])
    return client.get(f"{where.path}?{where.query}")
