"""The API's description of itself, and the page that shows it."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.api import PROBLEM, V1
from voices.workflow import Move as VoiceMove
from wishes.workflow import Move

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(client) -> dict:
    response = client.get(f"{V1}schema/")
    assert response.status_code == 200
    return response.json()


def test_the_description_is_valid_and_without_a_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_every_resource_and_move_is_in_it(described):
    expected = {f"{V1}token/": {"post"}, f"{V1}wishes/": {"get", "post"}}
    for resource in ("streets", "communities", "agencies", "cadres", "pairings"):
        key = "id" if resource in ("cadres", "pairings") else "code"
        expected |= {f"{V1}{resource}/": {"get"}, f"{V1}{resource}/{{{key}}}/": {"get"}}
    expected |= {f"{V1}wishes/{{code}}/": {"get"}, f"{V1}wishes/{{code}}/events/": {"get"}}
    acts = (*Move.values, "ask", "gather", "refuse")
    expected |= {f"{V1}wishes/{{code}}/{act}/": {"post"} for act in acts}
    voices = f"{V1}voices/"
    expected |= {voices: {"get", "post"}, f"{voices}{{code}}/": {"get"}}
    expected |= {f"{voices}{{code}}/events/": {"get"}}
    expected |= {f"{voices}{{code}}/{move}/": {"post"} for move in VoiceMove.values}
    assert {path: set(doors) for path, doors in described["paths"].items()} == expected


def test_every_door_says_which_problems_it_answers_with(described):
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path, doors in described["paths"].items():
        for method, door in doors.items():
            codes = {"400", "401", "403", "405", "406", "429"}
            codes |= {"404"} if "{" in path else set()
            codes |= {"409", "413", "415"} if method == "post" else set()
            for code in codes:
                assert door["responses"][code]["content"] == {PROBLEM: problem}


# move -> the fields of its body, and those that must be there
BODIES = {
    "return": ({"reason"}, {"reason"}),
    "publish": ({"visibility"}, {"visibility"}),
    "claim": ({"for_branch", "together", "share"}, set()),
    "join": ({"share"}, set()),
    "wait": ({"waits_for", "until", "reason"}, {"waits_for", "until", "reason"}),
    "ask": ({"what", "reason", "until"}, {"what", "reason"}),
    "refer": ({"to", "receipt", "told"}, {"to", "receipt", "told"}),
    "end": ({"ended_by"}, {"ended_by"}),
    "assign": ({"handler"}, {"handler"}),
    "fulfil": ({"note", "photo"}, {"note"}),
    "confirm": ({"rating", "words", "how"}, {"rating", "how"}),
}


def test_bodies_are_described(described):
    for move, expected in BODIES.items():
        body = described["paths"][f"{V1}wishes/{{code}}/{move}/"]["post"]["requestBody"]["content"]
        assert set(body) == {"application/json", "multipart/form-data"}
        name = body["application/json"]["schema"]["$ref"].rpartition("/")[2]
        shape = described["components"]["schemas"][name]
        assert (set(shape["properties"]), set(shape.get("required", []))) == expected


def test_every_move_is_described_as_answering_with_the_wish(described):
    for move in Move.values:
        door = described["paths"][f"{V1}wishes/{{code}}/{move}/"]["post"]
        answer = door["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer == {"$ref": "#/components/schemas/WishDetail"}
        assert door["operationId"] == f"wishes_{move}"


def test_lists_say_how_they_are_narrowed_sorted_and_paged(described):
    parameters = described["paths"][f"{V1}wishes/"]["get"]["parameters"]
    assert {parameter["name"] for parameter in parameters} == {
        "q", "kind", "state", "visibility", "street", "community", "agency", "campaign", "archived",
        "mine", "weekend", "half_hour", "free", "overdue", "due_before", "published_after", "published_before",
        "ordering", "cursor", "page_size",
    }  # fmt: skip


def test_a_key_for_repeated_requests_is_described(described):
    (header,) = described["paths"][f"{V1}wishes/"]["post"]["parameters"]
    assert (header["name"], header["in"]) == ("Idempotency-Key", "header")


def test_it_is_told_as_yaml_too(client):
    response = client.get(f"{V1}schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert response.content.decode().startswith("openapi: 3")


def test_the_page_asks_for_nothing_from_elsewhere_and_holds_nothing_inline(client):
    page = client.get(f"{V1}docs/").content.decode()
    assert "<style" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == page.count("<script src=") == 3
    script = client.get(f"{V1}docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert "SwaggerUIBundle(" in script.content.decode()
