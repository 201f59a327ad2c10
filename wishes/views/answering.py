"""How every door to a move of a wish answers."""

from django.http import HttpRequest

from jiangdong.doors import Door
from wishes import policy
from wishes.models import Wish
from wishes.views.wish import context_of, found, still_open_to

# What a form may ask htmx to put in its place, if not the whole wish.
PIECES = {"card": "wishes/_card.html", "call": "wishes/_call.html"}


def _template(request: HttpRequest) -> str:
    piece = PIECES.get(request.POST.get("piece"), "wishes/_wish.html")
    return piece if request.htmx else "wishes/detail.html"


def _leads_to(request: HttpRequest, wish: Wish | None):
    """Go on to the wish, or to the board; a form on the list of calls leads back to that list."""
    rang = request.POST.get("piece") == "call"
    return "wishes:calls" if rang else wish or "wishes:board"


answer = Door("wish", found, still_open_to, policy.why_not, context_of, _template, _leads_to).answer
