"""The load: clients that claim in pairs, fulfil, and answer by the resident's link, trying again until answered."""

import http.client
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from jiangdong.faults.district import District, Rival, Target

CLIENTS = 4
EVERY = 0.5  # seconds from one journey of a client to its next
AGAIN_AFTER = 0.2  # seconds
GIVE_UP_AFTER = 60  # seconds
TIMEOUT = 10  # seconds
CSRF = "f" * 32  # a form's secret is the client's own to choose
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What a request was answered in the end; `unsure` if it failed before and may have been done all the same."""

    wish: Target
    move: str
    user_id: int | None
    status: int
    unsure: bool
    at: float

    @property
    def is_success(self) -> bool:
        return self.status in {200, 302}


class Load:
    """Runs the clients while the context lasts. `answers` is the list that the database is held to."""

    def __init__(self, port: int, district: District) -> None:
        self.answers: list[Answer] = []
        self.failed_at: list[float] = []
        self.given_up: list[str] = []
        self.finished: list[Target] = []
        self._port = port
        self._left = deque(district.targets)
        self._pairs = list(zip(*district.rivals, strict=True))
        self._over = threading.Event()
        self._clients = [threading.Thread(target=self._run, args=[n]) for n in range(CLIENTS)]
        self._both = ThreadPoolExecutor(2 * CLIENTS)

    def __enter__(self) -> "Load":
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *exc) -> None:
        self._over.set()
        for client in self._clients:
            client.join()
        self._both.shutdown()

    @property
    def ran_dry(self) -> bool:
        """Say whether there were fewer wishes than the run was long."""
        return not self._left

    def _run(self, n: int) -> None:
        while not self._over.is_set() and self._left:
            began = time.monotonic()
            wish = self._left.popleft()
            try:
                self._journey(wish, self._pairs[(n + len(self._left)) % len(self._pairs)])
                self.finished.append(wish)
            except TimeoutError:
                self.given_up.append(wish.code)
            self._over.wait(max(0, EVERY - (time.monotonic() - began)))

    def _journey(self, wish: Target, pair: tuple[Rival, ...]) -> None:
        """Let two claim at once, whoever may have won fulfil, and the resident nod."""
        claims = list(self._both.map(lambda who: self._move(wish, "claim", who, b"{}"), pair))
        for who, claim in zip(pair, claims, strict=True):
            if claim.is_success or claim.unsure:
                self._move(wish, "fulfil", who, b'{"note": "Read together on Friday"}')
        fields = {"rating": "satisfied", "csrfmiddlewaretoken": CSRF}
        headers = {"Cookie": f"csrftoken={CSRF}", "Content-Type": FORM}
        path = f"/r/{wish.link}/confirm/"
        self._note(wish, "confirm", None, *self._ask(path, headers, urlencode(fields).encode()))

    def _move(self, wish: Target, move: str, who: Rival, body: bytes) -> Answer:
        headers = {"Authorization": f"Token {who.token}", "Content-Type": JSON}
        path = f"/api/v1/wishes/{wish.code}/{move}/"
        return self._note(wish, move, who.user_id, *self._ask(path, headers, body))

    def _note(self, wish: Target, move: str, user_id: int | None, *facts) -> Answer:
        answer = Answer(wish, move, user_id, *facts, at=time.monotonic())
        self.answers.append(answer)
        return answer

    def _ask(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bool]:
        """Send a request until it is answered, and return how, and whether it failed before."""
        until, unsure = time.monotonic() + GIVE_UP_AFTER, False
        while (status := self._ask_once(path, headers, body)) >= 500 or status in {0, 429}:
            self.failed_at.append(time.monotonic())
            unsure = True
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(AGAIN_AFTER)
        return status, unsure

    def _ask_once(self, path: str, headers: dict[str, str], body: bytes) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            connection.request("POST", path, body=body, headers=headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
