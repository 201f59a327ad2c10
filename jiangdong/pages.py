"""Pages of the house itself: the elder view's switch, a place to say what is wrong, and errors that help."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import say_what_is_wrong
from jiangdong.navigation import places_for

YEAR = 365 * 24 * 60 * 60


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Take who has just signed in to the first of their places."""
    return redirect(places_for(request)[0].url)


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch the elder view on or off and go back to the page."""
    to = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        to, {request.get_host()}, require_https=request.is_secure()
    ):
        to = "/"
    response = redirect(to)
    if request.POST.get("elder") == "1":
        response.set_cookie(
            "elder", "1", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie("elder", samesite="Lax")
    return response


class FeedbackForm(forms.Form):
    words = forms.CharField(
        label=_("哪里不对，或者哪里不好用"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    page = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Take a remark on the portal itself, from anybody."""
    form = FeedbackForm(request.POST or None, initial={"page": request.GET.get("page", "")[:200]})
    if request.method == "POST" and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        say_what_is_wrong(page=form.cleaned_data["page"], words=form.cleaned_data["words"], by=by)
        messages.success(request, _("收到了，谢谢您。"))
        return redirect("feedback")
    return render(
        request, "accounts/feedback.html", {"form": form}, status=400 if form.errors else 200
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read the wall and nothing else."""
    lines = ["User-agent: *", "Allow: /$", "Allow: /static/", "Disallow: /", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for our own fault without context processors: the database they ask may be the fault."""
    return HttpResponse(get_template("500.html").render(), status=500)
