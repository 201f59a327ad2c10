"""Requests made up from the API's own description, good and bad, by several people: none is answered with 5xx."""

import json
import logging
import os
import random
from collections.abc import Iterator

import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.api import api

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
LONG = "FUZZ_EXAMPLES" in os.environ
PEOPLE = ["passer_by", "worker", "cadre", "supervisor"]
if LONG:
    PEOPLE += ["liaison", "street", "admin", "stranger"]
BASE = "http://testserver"
# Headers that the server in front settles, and that Django's test client writes itself.
SETTLED = {"content-type", "content-length", "host", "cookie", "authorization", "transfer-encoding"}


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def operations() -> Iterator:
    """Yield every operation of the API, as schemathesis reads our description."""
    described = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        yield found.ok()


def send(client, case):
    """Send a made-up request through Django's test client, and undo what it wrote."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    headers = {k: v for k, v in prepared.headers.items() if k.lower() not in SETTLED}
    with transaction.atomic():
        answer = client.generic(
            prepared.method,
            prepared.url.removeprefix(BASE),
            prepared.body or b"",
            content_type=prepared.headers.get("Content-Type", "application/json"),
            headers=headers,
        )
        transaction.set_rollback(True)
    return answer


def attack(operation, client, codes: list[str]) -> int:
    """Try one operation with EXAMPLES requests; half of them name a wish that is there. Return how many."""
    tried = 0
    kinds = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(kinds), code=st.sampled_from([*codes, None]))
    def try_it(case, code):
        nonlocal tried
        if code and "code" in (case.path_parameters or {}) and "wishes" in operation.path:
            case.path_parameters["code"] = code
        cache.clear()
        tried += 1
        answer = send(client, case)
        assert answer.status_code < 500, (case.as_curl_command(), answer.content[:300])

    try_it()
    return tried


@pytest.mark.parametrize("who", PEOPLE)
def test_no_request_breaks_the_api(who, cast, wish_in):
    codes = [wish_in(state).code for state in ("draft", "open", "claimed", "fulfilled")]
    client = api(None if who == "passer_by" else getattr(cast, who))
    client.raise_request_exception = False
    state = random.getstate()
    tried = [attack(operation, client, codes) for operation in operations()]
    random.setstate(state)
    assert len(tried) >= 20
    assert all(tried)
