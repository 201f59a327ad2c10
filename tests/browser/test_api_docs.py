"""The API's documentation, as a browser shows it under the strict policy."""

from tests.api import V1


def test_the_documentation_opens_door_by_door(window):
    page = window(None)
    response = page.goto(f"{V1}docs/")
    assert "default-src 'self'" in response.headers["content-security-policy"]
    claim = page.get_by_text(f"{V1}wishes/{{code}}/claim/")
    claim.wait_for()
    claim.click()
    page.get_by_text("for_branch").first.wait_for()
