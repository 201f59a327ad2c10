"""Pages of the house itself: the elder view's switch, a place to say what is wrong, what makes it an app, errors."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import say_what_is_wrong
from jiangdong.navigation import places_for
from wishes.views import shell

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


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the portal as something to put on a phone's first screen."""
    icons = [
        {"src": static(f"icons/portal-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    whole = {"src": static("icons/portal-whole-512.png"), "sizes": "512x512", "type": "image/png"}
    facts = {
        "name": "江东365",
        "short_name": "江东365",
        "lang": "zh-Hans",
        "id": "/",
        "start_url": reverse("wishes:log"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f1",
        "theme_color": "#fffdf9",
        "icons": [*icons, {**whole, "purpose": "maskable"}],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve our worker from the root, so that every page is in its scope, with what it is to keep put in front."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


@cache
def _worker() -> str:
    page = shell()
    pieces = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)))
    release = hashlib.sha256("".join([page, *map(_content, pieces)]).encode()).hexdigest()[:16]
    facts = {
        "SHELL": reverse("wishes:log_offline"),
        "PIECES": pieces,
        "SCRIPTS": [static("js/box.js"), static("js/sender.js")],
        "RELEASE": release,
    }
    front = [f"const {name} = {json.dumps(value)};" for name, value in facts.items()]
    return "\n".join([*front, Path(finders.find("js/sw.js")).read_text(encoding="utf-8")])


def _content(address: str) -> str:
    """Return what a static file holds, or its address where that says so: hashed names change with it."""
    path = finders.find(address.removeprefix(f"/{settings.STATIC_URL.lstrip('/')}"))
    return Path(path).read_text(encoding="utf-8") if path else address


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for our own fault without context processors: the database they ask may be the fault."""
    return HttpResponse(get_template("500.html").render(), status=500)
