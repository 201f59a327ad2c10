"""One's own account: second factors, the places where one is signed in, tokens for programs."""

import logging
from collections.abc import Callable

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from accounts import actions
from accounts import second_factor as factors
from accounts import sessions as places
from accounts.forms import NewTokenForm
from accounts.models import ApiToken
from jiangdong import clock
from jiangdong.refusals import Refusal

logger = logging.getLogger(__name__)


@method_decorator(require_safe, name="dispatch")
class SecondFactorView(IndexView):
    """Show what one has besides the password, and say whether one's role asks for it."""

    def get_context_data(self, **kwargs) -> dict:
        kwargs["needed"] = factors.needed_by(self.request.user)
        kwargs["held"] = factors.held_by(self.request.user)
        return super().get_context_data(**kwargs)


second_factor = SecondFactorView.as_view()


class RemovePasskeyView(RemoveWebAuthnView):
    """Remove a passkey, unless one's role asks for a second factor and this is the last."""

    def form_valid(self, form) -> HttpResponse:
        if factors.must_keep(self.get_object()):
            messages.error(
                self.request, _("你的岗位要求登录时再验一次，先添一种别的，再去掉这一个。")
            )
            return redirect(self.get_success_url())
        return super().form_valid(form)


remove_passkey = RemovePasskeyView.as_view()


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and have the browser drop all it keeps of this place: wishes not sent yet, their key, old pages."""
    response = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go and sign in over there; a place that does not answer is no fault of the portal's."""
    return _answered(openid.login, request, provider_id)


@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from signing in over there."""
    return _answered(openid.callback, request, provider_id)


def _answered(view: Callable, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (RequestException, KeyError):  # down, or without what it should tell of itself
        logger.warning("the sign-in elsewhere does not answer as it should", exc_info=True)
        return render(request, "socialaccount/authentication_error.html", status=502)


@login_required
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in."""
    found = places.places_of(request.user, request.session.session_key)
    return render(request, "accounts/sessions.html", {"places": found})


@login_required
@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """End one session; one that has ended already has ended."""
    places.end(of=request.user, handle=handle)
    messages.success(request, _("那里已经退出了。"))
    return redirect("sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    places.end_all(of=request.user, but=request.session.session_key)
    messages.success(request, _("其他地方都退出了。"))
    return redirect("sessions")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens and issue a new one, whose text is on the page this once."""
    form = NewTokenForm(request.POST or None)
    context, status = {"form": form, "text": None, "issued": None}, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                text, issued = actions.issue_token(to=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                context = {"form": NewTokenForm(), "text": text, "issued": issued}
                status = 200
    living = ApiToken.objects.filter(user=request.user, expires_at__gt=clock.now())
    context["tokens"] = living.order_by("-created_at", "-pk")
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    actions.revoke_token(token=token, by=request.user)
    messages.success(request, _("停掉了，用它的程序再也进不来。"))
    return redirect("tokens")
