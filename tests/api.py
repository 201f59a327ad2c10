"""How tests speak to the API: JSON, with a token as programs have one."""

from rest_framework.test import APIClient

from accounts.actions import issue_token, note_use
from accounts.models import User

PROBLEM = "application/problem+json"
V1 = "/api/v1/"


class Client(APIClient):
    default_format = "json"


def api(user: User | None = None) -> Client:
    """Return a client with a token of this person, or of nobody."""
    client = Client()
    if user:
        text, token = issue_token(to=user)
        note_use(token=token)  # the day's first use costs a query, which is not what tests count
        client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def wish_url(wish, move: str = "") -> str:
    """Return the address of a wish, or of a move of it."""
    return f"{V1}wishes/{wish.code}/{move + '/' if move else ''}"


def is_problem(response, status: int, code: str) -> bool:
    """Say whether a response is the problem document it should be; the whole of it is shown if not."""
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == PROBLEM
    assert body["status"] == status
    return set(body) >= {"type", "title", "status", "code", "detail"}
