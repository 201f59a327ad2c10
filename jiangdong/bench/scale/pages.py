"""What people wait for, as requests: the same ones at every size."""

from dataclasses import dataclass

from django.conf import settings

from accounts.actions import issue_token
from accounts.models import User
from jiangdong.bench.scenes import Request, open_wishes, session_of
from pairing.standing import standing_of
from wishes.models import Wish

WAITED_FOR, DASHBOARD = 1.3, 5.0  # at most how much dearer than at the first size
CLIENTS = 8


@dataclass
class Page:
    """A request, the bare one of the same run, how many ask at once, and how much dearer it may become."""

    name: str
    ours: Request
    bare: Request
    aim: float = WAITED_FOR
    clients: int = 1


def pages(each: int) -> list[Page]:
    """Return what is asked, `each` times at most, with a wish for every claim."""
    cadre, supervisor = (User.objects.get(username=name) for name in ("cadre", "supervisor"))
    standing = standing_of(cadre)
    token = {
        "Authorization": f"Token {issue_token(to=cadre)[0]}",
        "Content-Type": "application/json",
    }
    bare = {"X-User": str(cadre.pk), "X-Agency": str(standing.agency_id)}
    closed = Wish.objects.live().filter(state="closed", visibility="public", trail_n=5)
    seen = closed.order_by("-pk")[1000 % max(closed.count(), 1)].code
    codes = open_wishes(2 * each)
    ours, others = iter(codes[::2]), iter(codes[1::2])
    # Two characters that the wishes to be claimed hold as well: a page is full of them at every size.
    board = Request("GET", "/bare/board/")
    return [
        Page("board of 20 cards", Request("GET", "/wishes/?tab=all", _cookie(cadre)), board),
        Page(
            "board, filters and two characters",
            Request(
                "GET", "/wishes/?tab=all&kind=companionship&q=%E6%89%8B%E6%9C%BA", _cookie(cadre)
            ),
            board,
        ),
        Page(
            "API list of 50",
            Request("GET", "/api/v1/wishes/?page_size=50", token),
            Request("GET", "/bare/list/"),
        ),
        Page(
            "detail page",
            Request("GET", f"/wishes/{seen}/", _cookie(cadre)),
            Request("GET", f"/bare/detail/{seen}/"),
        ),
        Page(
            f"claim by API, {CLIENTS} clients",
            Request("POST", "/api/v1/wishes/{code}/claim/", token, ours, b"{}"),
            Request("POST", "/bare/claim/{code}/", bare, others),
            clients=CLIENTS,
        ),
        Page(
            "supervisor's dashboard",
            Request("GET", "/admin/", _cookie(supervisor)),
            board,
            aim=DASHBOARD,
        ),
        Page(
            "figures too good",
            Request("GET", "/admin/reports/explained/", _cookie(supervisor)),
            board,
            aim=DASHBOARD,
        ),
    ]


def _cookie(user: User) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"}
