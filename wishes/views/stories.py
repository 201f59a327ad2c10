"""A resident's words for the wall: offered and taken back on their page, looked over on the wish's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiangdong.refusals import NotNow
from wishes import actions
from wishes.forms.stories import StoryForm
from wishes.views.resident import link_of, resident_answer
from wishes.views.wish import found, signed_in


@require_POST
def resident_story(request: HttpRequest, token: str) -> HttpResponse:
    """Take the words that a resident lets others read."""
    link, form = link_of(token), StoryForm(request.POST)
    if not form.is_valid():
        return resident_answer(request, token, link, status=400, story_form=form)
    try:
        actions.offer_story(link=link, text=form.cleaned_data["text"])
    except NotNow as refusal:
        return resident_answer(
            request, token, link_of(token), status=refusal.status, refusal=refusal
        )
    return redirect("resident:page", token)


@require_POST
def resident_story_back(request: HttpRequest, token: str) -> HttpResponse:
    """Take a resident's words off the wall; no term of the link stands in the way."""
    try:
        actions.take_story_back(link=link_of(token))
    except NotNow as refusal:
        return resident_answer(
            request, token, link_of(token), status=refusal.status, refusal=refusal
        )
    return redirect("resident:page", token)


@signed_in
@require_POST
def story(request: HttpRequest, code: str) -> HttpResponse:
    """Put a resident's words on the wall, or keep them off."""
    wish = found(request, code)
    if "drop" in request.POST:
        actions.drop_story(wish=wish, by=request.user)
        messages.success(request, _("不放在心愿墙上了，那段话已经删去。"))
    else:
        actions.publish_story(wish=wish, by=request.user)
        messages.success(request, _("放到心愿墙上了。"))
    return redirect(wish)
