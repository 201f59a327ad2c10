"""The four places: a bottom bar on phones, the same words across the top at a desk."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pairing.standing import Standing, standing_of


@dataclass
class Place:
    """One of the four: its word, its address, whether it is where we are, and a number beside it."""

    label: Any
    url: str
    active: bool = False
    badge: str = ""


def places_for(request: HttpRequest, unread: str = "") -> list[Place]:
    """Return the places of whoever looks; the one whose address the page's begins with longest is active."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        places = [
            Place(_("心愿墙"), reverse("home")),
            Place(_("说一件事"), reverse("voices:say")),
            Place(_("谁结对谁"), reverse("pairing:index")),
            Place(_("登录"), reverse("account_login")),
        ]
    else:
        places = [
            *_of_role(standing_of(user)),
            Place(_("消息"), reverse("notices:inbox"), badge=unread),
        ]
    return _mark_active(places, request.path)


def _of_role(standing: Standing) -> list[Place]:
    """Return the three places that depend on what a person does, the one to begin with first."""
    pairings = Place(_("结对"), reverse("pairing:index"))
    board = Place(_("心愿"), reverse("wishes:board"))
    if standing.roles & {"supervisor", "supervision_group"}:
        return [Place(_("总览"), reverse("admin:index")), board, pairings]
    if "administrator" in standing.roles:
        return [
            Place(_("账号"), reverse("admin:index")),
            Place(_("心愿墙"), reverse("home")),
            pairings,
        ]
    if standing.community_id:
        return [
            Place(_("本社区"), reverse("wishes:desk")),
            Place(_("记一个"), reverse("wishes:log")),
            Place(_("今天的电话"), reverse("wishes:calls")),
        ]
    if standing.warden_of_id:
        return [
            Place(_("记一个"), reverse("wishes:log")),
            Place(_("我的草稿"), reverse("wishes:desk")),
            pairings,
        ]
    if standing.street_id:
        return [Place(_("本街道"), reverse("wishes:desk")), board, pairings]
    if standing.agency_id and standing.is_liaison:
        return [board, Place(_("本单位"), reverse("wishes:desk")), pairings]
    if standing.agency_id:
        return [board, Place(_("我的"), reverse("wishes:mine")), pairings]
    if "leader" in standing.roles:
        return [Place(_("民声"), reverse("voices:most")), board, pairings]
    return [Place(_("心愿墙"), reverse("home")), board, pairings]


def _mark_active(places: list[Place], path: str) -> list[Place]:
    matching = [
        place
        for place in places
        if path == place.url or (place.url != "/" and path.startswith(place.url))
    ]
    if matching:
        max(matching, key=lambda place: len(place.url)).active = True
    return places
