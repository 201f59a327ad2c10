"""Who may open what: every address of the portal, for everybody, as `routes.txt` says it; and nothing breaks one.

A new address is not let in before somebody has said there who may open it.
"""

import logging
import os
from collections import defaultdict
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from tests.attack.routes import (
    ELSEWHERE,
    ROLES,
    addresses,
    all_routes,
    client_of,
    make_things,
    word_of,
)

TABLE = Path(__file__).with_name("routes.txt")
SECTIONS = [
    "admin/accounts",
    "admin/notices",
    "admin/pairing",
    "admin/voices",
    "admin",
    "api",
    "wishes",
    "voices",
    "accounts",
]
# Forms are sent by these; by everybody in the long run.
LONG = bool(os.environ.get("FUZZ"))
SENDERS = [*ROLES, *ELSEWHERE] if LONG else ["passer_by", "worker", "supervisor", "admin"]
TEXTS = ["reason", "note", "words", "detail", "title", "name", "phone", "login", "password", "code"]
HOSTILE = dict.fromkeys(TEXTS, "\x00龘'\"%s") | {
    "handler": "9" * 30,
    "due_on": "0000-00-00",
    "estimate": "NaN",
    "visibility": "all",
    "kind": "\x00",
    "rating": "[]",
    "how": "{}",
    "up_to": "-1",
    "next": "//evil.example/",
    "credential": "{",
}
SENDINGS = [("post", HOSTILE), ("post", {}), ("put", {}), ("patch", {}), ("delete", {})]


@pytest.fixture(autouse=True)
def _quick(db):
    """Of thousands of requests write no line, and let the database take joins as they stand: pondering takes longer."""
    logging.disable(logging.CRITICAL)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 1")
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def things(cast, wish_in):
    return make_things(cast, wish_in)


def section_of(route: str) -> str:
    return next((name for name in SECTIONS if route.startswith(f"{name}/")), "else")


def expected() -> dict[str, list[str]]:
    """Return the lines of the table by their route."""
    lines = defaultdict(list)
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            lines[line.split()[0].lstrip("/")].append(line)
    return lines


def line_of(answers: dict[str, str]) -> str:
    """Return who is answered how; the answer most people get stands last, without their names."""
    people = defaultdict(list)
    for who, word in answers.items():
        people[word].append(who)
    *few, (most, _them) = sorted(people.items(), key=lambda item: len(item[1]))
    return "; ".join([*(f"{word} {' '.join(them)}" for word, them in few), f"{most} everybody"])


def lines_of(route: str, things, clients: dict) -> list[str]:
    """Try a route as everybody, at each of its addresses, and return what the table should say of it."""
    found = defaultdict(list)
    for name, address in addresses(route, things).items():
        people = [*ROLES, *ELSEWHERE] if name else ROLES
        only_sent = clients["supervisor"].get(address).status_code == 405
        ask = posted if only_sent else opened
        answers = {who: word_of(ask(clients[who], address)) for who in people}
        found[" POST" if only_sent else "", line_of(answers)].append(name)
    return [
        f"/{route}{sent}{' @' + ','.join(names) if len(found) > 1 else ''} | {line}"
        for (sent, line), names in found.items()
    ]


def opened(client, address: str):
    if "token" in address:
        cache.clear()  # and with it the counter of the throttle
    return client.get(address)


def posted(client, address: str, body: dict | None = None, method: str = "post"):
    """Send a form, take back what came of it, and leave the client signed in as it was."""
    cache.clear()
    cookies = client.cookies.output(header="").replace("Set-Cookie: ", "")
    with transaction.atomic():
        answer = getattr(client, method)(address, body or {})
        transaction.set_rollback(True)
    client.cookies.load(cookies)
    return answer


def test_every_route_is_in_the_table_and_the_table_names_no_other():
    assert sorted(expected()) == all_routes()


@pytest.mark.parametrize("section", [*SECTIONS, "else"])
def test_everybody_opens_what_the_table_says(section, cast, things):
    clients = {who: client_of(who, cast) for who in [*ROLES, *ELSEWHERE]}
    routes = [route for route in all_routes() if section_of(route) == section]
    found = [line for route in routes for line in lines_of(route, things, clients)]
    said = expected()
    assert found == [line for route in routes for line in said[route]]


@pytest.mark.parametrize("who", SENDERS)
def test_whatever_is_sent_to_any_address_breaks_nothing(who, cast, things):
    broken = []
    client = client_of(who, cast)
    for route in all_routes():
        address = list(addresses(route, things).values())[-1]
        for method, body in SENDINGS if LONG or who == "worker" else SENDINGS[:1]:
            if posted(client, address, body, method).status_code >= 500:
                broken.append((method, route, bool(body)))
    assert broken == []
