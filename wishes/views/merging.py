"""What may be there already: asked while a wish is written down, and made one with it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiangdong.privacy import phone_index
from jiangdong.refusals import Refusal
from pairing.standing import standing_of
from wishes import actions, policy
from wishes.forms import LikelyForm, MergeForm
from wishes.likely import likely as likely_in
from wishes.models import Wish
from wishes.views.answering import answer
from wishes.views.wish import found, signed_in
from wishes.workflow import MERGE, Move


@require_POST
def likely(request: HttpRequest) -> HttpResponse:
    """Show what the words written so far are like, for the log form; sent and not in the address, for the telephone."""
    community_id = standing_of(request.user).any_community_id
    if community_id is None:
        raise PermissionDenied
    form = LikelyForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    phone = given.pop("phone", "")
    named = (
        likely_in(community_id, **given, phone_index=phone_index(phone, community_id))
        if given
        else []
    )
    return render(request, "wishes/_likely.html", {"likely": named})


@signed_in
@require_POST
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Say that this wish is another one told again."""
    wish = found(request, code)
    near = Wish.objects.visible_to(standing_of(request.user)).of_community(wish.community_id)
    form = MergeForm(request.POST, wishes=near)
    done = _("并成一件了，两位居民都记着。")
    return answer(request, code, MERGE, actions.merge, form, done, wish, why_not=_why_not)


def _why_not(user, _what: str, wish: Wish) -> Refusal | None:
    return policy.why_not(user, Move.WITHDRAW, wish)
