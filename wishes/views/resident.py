"""The resident's own page: no account, one wish, large type. Opening it changes nothing; only a button answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from jiangdong import clock
from jiangdong.privacy import digest
from jiangdong.refusals import NotNow
from wishes import actions, policy
from wishes.forms import NotDoneForm, RateForm
from wishes.forms.stories import StoryForm
from wishes.models import Ask, ResidentLink, Story, Wish
from wishes.workflow import TABLE, Asked, Move, State


def link_of(token: str) -> ResidentLink:
    """Return the link of a token, or raise 404: altered and made-up ones look alike."""
    link = (
        ResidentLink.objects.select_related(
            "wish__community", "wish__agency", "wish__merged_into__agency"
        )
        .filter(digest=digest(token))
        .first()
    )
    if link is None:
        raise Http404
    return link


def resident_answer(
    request: HttpRequest, token: str, link: ResidentLink, *, status: int = 200, **more
) -> HttpResponse:
    wish = link.wish.merged_into or link.wish
    follows = link.wish.merged_into is not None
    over = bool(link.expires_at and link.expires_at <= clock.now())
    context = {
        "wish": wish,
        "token": token,
        "expired": over,
        "follows": follows,
        "asks": wish.state in TABLE[Move.CONFIRM]
        and not follows
        and link.answered_at is None
        and not over,
        "ask": request.GET.get("ask", ""),
        "extension": _extension(wish),
        "rate_form": RateForm(),
        "not_done_form": NotDoneForm(),
        **({} if follows else _story(wish)),
        **more,
    }
    return render(request, "wishes/resident.html", context, status=status)


def _story(wish: Wish) -> dict:
    """Return the resident's words as far as others may read them, or a form to let them."""
    story = Story.objects.filter(wish=wish).exclude(state=Story.State.WITHDRAWN).first()
    if story:
        return {"story": story}
    return {"story_form": StoryForm()} if policy.may_have_story(wish) else {}


def _extension(wish: Wish) -> Ask | None:
    """Return the last extension that was granted to whoever holds it now: its reason is told to the resident."""
    if wish.state != State.CLAIMED:
        return None
    granted = wish.asks.granted().filter(what=Asked.EXTEND, decided_at__gte=wish.claimed_at)
    return granted.order_by("-decided_at").first()


@require_safe
def resident_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far it is, and ask when there is something to answer."""
    link = link_of(token)
    expired = bool(link.expires_at and link.expires_at <= clock.now())
    return resident_answer(request, token, link, status=410 if expired else 200)


@require_POST
def resident_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Take the resident's yes, with how they judge it."""
    link, form = link_of(token), RateForm(request.POST)
    if not form.is_valid():
        return resident_answer(request, token, link, status=400, rate_form=form, ask="yes")
    try:
        actions.confirm_by_link(link=link, **form.cleaned_data)
    except NotNow as refusal:
        return resident_answer(
            request, token, link_of(token), status=refusal.status, refusal=refusal
        )
    return redirect("resident:page", token)


@require_POST
def resident_reopen(request: HttpRequest, token: str) -> HttpResponse:
    """Take the resident's no."""
    link, form = link_of(token), NotDoneForm(request.POST)
    if not form.is_valid():
        return resident_answer(request, token, link, status=400, not_done_form=form, ask="no")
    try:
        actions.reopen_by_link(link=link, **form.cleaned_data)
    except NotNow as refusal:
        return resident_answer(
            request, token, link_of(token), status=refusal.status, refusal=refusal
        )
    return redirect("resident:page", token)
