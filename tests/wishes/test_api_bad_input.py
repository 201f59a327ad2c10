"""What no door of the API may answer with a fault of ours."""

import json

import pytest
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from jiangdong.wsgi import application
from tests.api import V1, api, is_problem, wish_url

pytestmark = pytest.mark.django_db

LIST = f"{V1}wishes/"


@pytest.fixture
def post(cast):
    """Return a way to send raw bytes as the worker."""
    client = api(cast.worker)

    def send(body: bytes, content_type: str = "application/json", url: str = LIST, **headers):
        return client.generic("POST", url, body, content_type=content_type, **headers)

    return send


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe\x00",
        b'{"title": "\xff"}',
        b'{"title": NaN}',
        b"{} {}",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"\xef\xbb\xbf{}",
        b'{"estimate": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_is_400(post, body):
    assert is_problem(post(body), 400, "invalid")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"true", b"null", b"[{}]"])
@pytest.mark.parametrize("door", ["wishes", "claim", "token"])
def test_json_that_is_no_object_is_400(cast, post, wish_in, body, door):
    url = {"wishes": LIST, "token": f"{V1}token/"}.get(door)
    if url is None:
        url = wish_url(wish_in("open"), "withdraw")
    assert is_problem(post(body, url=url), 400, "invalid")


@pytest.mark.parametrize("charset", ["rot13", "hex", "base64", "utf-16", "none", "gbk"])
def test_a_body_is_utf_8_whatever_a_header_says(post, monkeypatch, charset):
    monkeypatch.setattr("django.test.client.WSGIRequest", application.request_class)
    body = json.dumps({"title": "台灯", "kind": "goods"}, ensure_ascii=False).encode()
    response = post(body, f"application/json; charset={charset}", f"{LIST}?q=%E7%81%AF")
    assert (response.status_code, response.json()["title"]) == (201, "台灯")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x", ""]
)
def test_other_formats_are_415(post, content_type):
    assert is_problem(post(b"title=a", content_type), 415, "wrong_media_type")


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xe9",
        "multipart/form-data; boundary=x; charset=rot13",
    ],
)
@pytest.mark.parametrize("body", [b"", b"--x\r\n\r\n", b"--x", b"\x00" * 100])
def test_a_broken_multipart_body_is_400(post, content_type, body):
    assert is_problem(post(body, content_type), 400, "invalid")


def test_too_many_parts_are_400_and_too_large_ones_413(post, settings):
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n%s\r\n'
    many = part % b"1" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1) + b"--x--\r\n"
    assert is_problem(post(many, "multipart/form-data; boundary=x"), 400, "invalid")
    large = part % (b"1" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)) + b"--x--\r\n"
    assert is_problem(post(large, "multipart/form-data; boundary=x"), 413, "too_large")


def test_a_body_too_large_for_memory_is_413(post, settings):
    text = "灯" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 3)
    assert is_problem(post(json.dumps({"title": text}).encode()), 413, "too_large")


def test_a_very_long_text_below_that_is_400(post):
    response = post(json.dumps({"title": "a" * 1_000_000, "kind": "goods"}).encode())
    assert set(response.json()["fields"]) == {"title"}


@pytest.mark.parametrize("length", ["-1", "many", ""])
def test_a_length_that_is_none_is_no_fault_of_ours(post, length):
    assert post(b"{}", CONTENT_LENGTH=length).status_code in (400, 413)


@pytest.mark.parametrize(
    "path",
    [
        "wishes/QT-9999/",
        "wishes/qt-0001/",
        "wishes/QT-0001%00/",
        "wishes/灯/",
        "wishes/" + "A" * 300 + "/",
        "wishes/QT-0001/dance/",
        "wishes/QT-0001",
        "wishes//claim/",
        "cadres/999999999999999999/",
        "cadres/" + "9" * 40 + "/",
        "pairings/-1/",
        "pairings/1.5/",
        "streets/ZZ/",
        "communities/'/",
        "nothing/",
        "",
        "%ff%fe/",
    ],
)
def test_an_address_that_is_none_is_404_as_a_problem(cast, path):
    client = api(cast.worker)
    assert is_problem(client.get(V1 + path), 404, "not_found")
    response = client.post(V1 + path)
    is_address = response.status_code == 405  # the kind of address there is, but not for this
    assert is_problem(response, *((405, "wrong_method") if is_address else (404, "not_found")))


@pytest.mark.parametrize("url", ["/api/", "/api/v2/wishes/", "/api/v1"])
def test_beside_the_version_there_is_nothing(client, url):
    assert is_problem(client.get(url), 404, "not_found")


def test_what_it_cannot_write_is_406_and_an_unknown_format_404(cast):
    client = api(cast.worker)
    assert is_problem(client.get(LIST, headers={"Accept": "text/csv"}), 406, "not_acceptable")
    assert is_problem(client.get(LIST, {"format": "xml"}), 404, "not_found")


@pytest.mark.parametrize(
    "header", ["Token", "Token ", "Token a b", "Token " + "x" * 5000, "Token \xff"]
)
def test_a_token_that_is_none_is_401(cast, header):
    client = Client(headers={"Authorization": header})
    assert is_problem(client.get(LIST), 401, "not_signed_in")


def test_another_scheme_is_no_scheme(cast):
    client = Client(headers={"Authorization": "Bearer abc"})
    assert is_problem(client.get(LIST), 401, "not_signed_in")


def test_an_account_that_was_ended_reads_nothing_more(cast):
    client = api(cast.worker)
    cast.worker.is_active = False
    cast.worker.save()
    assert is_problem(client.get(LIST), 401, "not_signed_in")


def test_an_old_token_is_401(cast, later):
    client = api(cast.worker)
    with later(days=30, hours=1):
        assert is_problem(client.get(LIST), 401, "not_signed_in")


def test_too_many_requests_are_429_and_say_how_long_to_wait(cast, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client = api(cast.worker)
    assert [client.get(LIST).status_code for _ in range(2)] == [200, 200]
    response = client.get(LIST)
    assert is_problem(response, 429, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 61
    assert api(cast.cadre).get(LIST).status_code == 200


def test_with_the_cache_down_requests_are_answered(cast, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "jiangdong.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert api(cast.worker).get(LIST).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "wishes/",
        "agencies/",
        "token/",
        "wishes/QT-0001/",
        "wishes/QT-0001/claim/",
        "wishes/QT-0001/events/",
    ],
)
def test_what_a_door_takes_may_be_asked(cast, wish_in, path):
    wish_in("open")
    client = api(cast.worker)
    assert client.options(V1 + path).status_code == 200
    assert client.head(V1 + path).status_code == (
        405 if path.endswith(("token/", "claim/")) else 200
    )


@pytest.mark.parametrize("told_as", ["schema", "docs"])
def test_the_description_is_asked_for_in_any_language(client, told_as):
    for value in ("\x00", "../../etc", "x" * 1000, "灯"):
        assert client.get(f"{V1}{told_as}/", {"lang": value, "version": value}).status_code == 200
