"""Texts for a chat group: one open wish, or all open ones of a community. Only what the wall shows anyway."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pairing.models import Community
from pairing.standing import standing_of
from wishes import policy
from wishes.group_text import MOST, text_of_list, text_of_wish
from wishes.models import Wish
from wishes.views.wish import found
from wishes.workflow import State


@login_required
@require_safe
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Show one open wish as a text to copy into a group."""
    wish = found(request, code)
    if not policy.may_share(standing_of(request.user), wish):
        raise Http404
    text = text_of_wish(wish, request.build_absolute_uri(wish.get_absolute_url()))
    return _show(request, text, wish.get_absolute_url())


@login_required
@require_safe
def share_list(request: HttpRequest) -> HttpResponse:
    """Show the open wishes of one's own community, or of the one that is named, as one text."""
    community = _community(request)
    open_ones = Wish.objects.live().on_the_wall().filter(state=State.OPEN, community=community)
    wishes = list(open_ones.select_related("community").order_by("due_on", "pk")[:MOST])
    text = text_of_list(
        community, wishes, lambda wish: request.build_absolute_uri(wish.get_absolute_url())
    )
    return _show(request, text if wishes else "", _page_of(community), most=MOST)


def _community(request: HttpRequest) -> Community:
    named = request.GET.get("community")
    if named:
        if not named.isalnum():  # a NUL would break the query
            raise Http404
        return get_object_or_404(Community, code=named)
    return get_object_or_404(Community, pk=standing_of(request.user).any_community_id)


def _page_of(community: Community) -> str:
    return reverse("pairing:community", args=[community.code])


def _show(request: HttpRequest, text: str, back: str, most: int = 1) -> HttpResponse:
    context = {"text": text, "rows": text.count("\n") + 2, "back": back, "most": most}
    return render(request, "wishes/share.html", context)
