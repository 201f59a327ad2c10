"""Headers and addresses made to mislead: whose site this is, where to go next, which method is meant."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as in_force
from django.test import Client

from tests.cast import PASSWORD, signed_in

EVIL = [
    "//evil.example/",
    "https://evil.example/",
    "http:evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "https:///evil.example",
    " //evil.example",
    "/%0d%0aLocation:%20//evil.example",
]
HOSTS = ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80:80"]
OVERRIDES = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]


def leads_away(response) -> bool:
    place = response.get("Location", "/")
    return not place.startswith("/") or place.startswith(("//", "/\\"))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/accounts/password/reset/", "/api/v1/wishes/", "/admin/"])
def test_a_host_that_is_not_ours_is_refused(path, host, db):
    client = Client(raise_request_exception=False)
    assert client.get(path, headers={"Host": host}).status_code == 400


def test_a_forwarded_host_is_not_believed(db):
    answer = Client().get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("to", EVIL)
def test_no_next_leads_away(to, cast):
    answer = Client().post("/elder/", {"elder": "1", "next": to})
    assert answer.status_code == 302
    assert not leads_away(answer), answer["Location"]
    given = {"login": "cadre", "password": PASSWORD, "next": to}
    answer = Client().post("/accounts/login/", given)
    assert answer.status_code == 302
    assert not leads_away(answer), answer["Location"]
    for page in ("/accounts/login/", "/accounts/logout/", "/admin/login/"):
        answer = signed_in(cast.admin).get(page, {"next": to})
        assert not leads_away(answer), answer.get("Location")
    answer = signed_in(cast.admin).post("/accounts/logout/", {"next": to})
    assert not leads_away(answer), answer["Location"]


@pytest.mark.parametrize("header", OVERRIDES)
def test_a_header_never_changes_the_method(header, cast, wish_in):
    wish = wish_in("open")
    client = signed_in(cast.cadre)
    for path in (f"/wishes/{wish.code}/claim/", f"/api/v1/wishes/{wish.code}/claim/"):
        assert client.get(path, headers={header: "POST"}).status_code == 405
        assert client.get(f"{path}?_method=POST").status_code == 405
    wish.refresh_from_db()
    assert wish.state == "open"
    answer = client.post("/elder/", {"_method": "DELETE"}, headers={header: "DELETE"})
    assert answer.status_code == 302


def test_cookies_are_kept_from_scripts_and_other_sites(cast):
    answer = Client().post("/accounts/login/", {"login": "cadre", "password": PASSWORD})
    cookie = answer.cookies[in_force.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    elder = Client().post("/elder/", {"elder": "1"}, secure=True).cookies["elder"]
    assert elder["secure"]
    assert elder["httponly"]


ASKED = (
    "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY SECURE_SSL_REDIRECT "
    "SECURE_HSTS_INCLUDE_SUBDOMAINS SECOND_FACTOR_REQUIRED"
)


def test_production_sends_its_cookies_over_tls_alone():
    ask = (
        "import json; from jiangdong import settings as s; "
        f"print(json.dumps([name for name in {ASKED.split()} if getattr(s, name) is not True]))"
    )
    secrets = {
        "PRODUCTION": "1",
        "ALLOWED_HOSTS": "portal.example",
        "SITE_URL": "https://portal.example",
        "SECRET_KEY": "kQ8wZr5tYp2LmX9cVb3NhJ7gFd4SaE6uRi1oTyWqPzMxKvCbGf0",
        "RESIDENT_KEYS": "1:c2l4dGVlbi1ieXRlcy1hbmQtc2l4dGVlbi1tb3JlISE=",
        "INDEX_KEY": "hT5vBn8mKj2LqWe4Rt6Yu9IoPa3Sd7FgZx1Cv0",
        "DATABASE_URL": "postgres://portal:Xq7wNf3kLp9vRt2m@db/portal",
        "REDIS_URL": "redis://:Xq7wNf3kLp9vRt2m@broker/0",
    }
    environment = {"PATH": os.environ["PATH"], **secrets}
    told = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == []
