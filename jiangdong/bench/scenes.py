"""What is measured: a request of the portal, the bare one beside it, and the ratio we aim for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from accounts.actions import issue_token
from accounts.models import User
from pairing.models import Cadre, Community
from pairing.standing import standing_of
from wishes import actions
from wishes.models import Draft, Wish

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Request:
    """A request that can be sent again and again; `{code}` takes the next code where there are some."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    codes: Iterator[str] | None = None
    body: bytes | None = None
    status: int = 200

    def address(self) -> str:
        return self.path.format(code=next(self.codes)) if self.codes else self.path


@dataclass
class Scene:
    """Two requests that show the same rows, and at most how much dearer ours may be."""

    name: str
    ours: Request
    bare: Request
    aim: float


def scenes(rounds: int, each: int) -> list[Scene]:
    """Prepare what the requests need, among it enough open wishes for every claim to be a first one."""
    cadre = User.objects.get(username="cadre")
    token = {
        "Authorization": f"Token {issue_token(to=cadre)[0]}",
        "Content-Type": "application/json",
    }
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(cadre)}"}
    bare = {"X-User": str(cadre.pk), "X-Agency": str(standing_of(cadre).agency_id)}
    seen = Wish.objects.live().filter(state="closed", visibility="public").latest("pk").code
    count = (rounds + 1) * each + 3
    first, second = iter(open_wishes(count)), iter(open_wishes(count))
    taken = _taken_wish()
    claim = "/api/v1/wishes/{code}/claim/"
    won = Request("POST", claim, token, first, b"{}")
    lost = Request("POST", claim.format(code=taken), token, body=b"{}", status=409)
    return [
        Scene(
            "API list of 50",
            Request("GET", "/api/v1/wishes/?page_size=50", token),
            Request("GET", "/bare/list/"),
            2,
        ),
        Scene(
            "board of 20 cards",
            Request("GET", "/wishes/?tab=all", cookie),
            Request("GET", "/bare/board/"),
            4,
        ),
        Scene(
            "detail page",
            Request("GET", f"/wishes/{seen}/", cookie),
            Request("GET", f"/bare/detail/{seen}/"),
            3,
        ),
        Scene("claim that wins", won, Request("POST", "/bare/claim/{code}/", bare, second), 2),
        Scene(
            "claim that loses ÷ one that wins",
            lost,
            Request("POST", claim, token, iter(open_wishes(count)), b"{}"),
            0.7,
        ),
    ]


def session_of(user: User) -> str:
    """Sign somebody in, and return the key of their session."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def open_wishes(count: int) -> list[str]:
    """Publish so many wishes in the community that the demo cadre's agency answers for."""
    worker = User.objects.get(username="worker")
    community = Community.objects.get(pk=standing_of(worker).community_id)
    codes = []
    for n in range(count):
        draft = Draft(
            title=f"想有人教一教用手机 {n}", kind="companionship", consents=frozenset({"publish"})
        )
        wish = actions.log(draft=draft, community=community, by=worker)
        codes.append(actions.publish(wish=wish, by=worker, visibility="public").code)
    return codes


def _taken_wish() -> str:
    """Return a wish that a colleague of the demo cadre has claimed."""
    agency = standing_of(User.objects.get(username="cadre")).agency_id
    colleagues = Cadre.objects.acting().filter(agency=agency).exclude(user__username="cadre")
    wish = Wish.objects.get(code=open_wishes(1)[0])
    actions.claim(wish=wish, by=colleagues.first().user)
    return wish.code
