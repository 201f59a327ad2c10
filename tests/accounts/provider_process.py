"""A real OpenID Connect provider, in a process of its own: `python provider_process.py PEOPLE-AS-JSON`.

It prints its port, and ends when its standard input does. Unlike the one it is made of it holds clients to
PKCE, as the district's would.
"""

import base64
import hashlib
import io
import json
import sys
import threading
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
from werkzeug.serving import make_server


class HeldToPkce:
    """Refuses a code whose verifier does not fit the challenge it was asked for with."""

    def __init__(self, app) -> None:
        self.app = app
        self.challenges: dict[str, str] = {}

    def __call__(self, environ: dict, start_response) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/token":
            return self._token(environ, start_response)

        def noting(status: str, headers: list, *rest):
            asked = parse_qs(environ["QUERY_STRING"])
            to = parse_qs(urlsplit(dict(headers).get("Location", "")).query)
            if "code" in to and asked.get("code_challenge_method") == ["S256"]:
                self.challenges[to["code"][0]] = asked["code_challenge"][0]
            return start_response(status, headers, *rest)

        return self.app(environ, noting)

    def _token(self, environ: dict, start_response) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        given = parse_qs(body.decode())
        verifier = given.get("code_verifier", [""])[0]
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.challenges.get(given["code"][0]) == challenge:
            return self.app(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "application/json")])
        return [b'{"error": "invalid_grant"}']


def main() -> None:
    people = json.loads(sys.argv[1])
    known = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()]
    app = HeldToPkce(oidc_provider_mock.app(user_claims=known))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 whoever started us reads it
    sys.stdin.read()


if __name__ == "__main__":
    main()
