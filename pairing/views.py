"""Who answers for us: pages anybody may read, and one's own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pairing import actions, listings
from pairing.forms import OneselfForm
from pairing.kinds import KINDS
from pairing.models import Agency, Cadre, Community, Pairing, Street


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every community with the agency that answers for it, street by street; a gap is shown as one."""
    communities = listings.communities(request.GET)
    streets = [
        street
        for street in Street.objects.prefetch_related(Prefetch("communities", communities))
        if street.communities.all()
    ]
    count = Community.objects.count()
    context = {
        "streets": streets,
        "words": listings.words_of(request.GET),
        "communities": count,
        # A community has one agency a day, or none.
        "gaps": count - Pairing.objects.now().count(),
        "agencies": Agency.objects.paired().count(),
    }
    return render(request, "pairing/index.html", context)


@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show who answers for a community: its agency, its street, its service telephone, its pairings so far."""
    found = get_object_or_404(Community.objects.select_related("street"), code=code)
    pairings = found.pairings.select_related("agency").order_by("-term")
    registered = found.registered_cadres.acting()
    context = {
        "community": found,
        "pairings": pairings,
        "today": Pairing.objects.now().filter(community=found).select_related("agency").first(),
        "registered": registered.count(),
    }
    return render(request, "pairing/community.html", context)


@require_safe
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an agency answers for. Its liaisons' work telephones are for colleagues alone."""
    found = get_object_or_404(Agency, code=code)
    pairings = Pairing.objects.now().filter(agency=found).select_related("community__street")
    liaisons = found.cadres.acting().liaisons().select_related("user")
    context = {
        "agency": found,
        "pairings": pairings.order_by("community__sort_key"),
        "liaisons": liaisons if request.user.is_authenticated else [],
        "cadres": found.cadres.acting().count(),
    }
    return render(request, "pairing/agency.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show what the portal knows of oneself; a cadre says here what they are good at and where they registered."""
    cadre = (
        Cadre.objects.acting().filter(user=request.user).select_related("registered_with").first()
    )
    form = _oneself_form(request, cadre) if cadre else None
    if form and request.method == "POST" and form.is_valid():
        actions.describe_oneself(by=request.user, **form.cleaned_data)
        messages.success(request, _("存好了。"))
        return redirect("me")
    bad = form is not None and bool(form.errors)
    return render(request, "accounts/me.html", {"form": form}, status=400 if bad else 200)


def _oneself_form(request: HttpRequest, cadre: Cadre) -> OneselfForm:
    initial = {"specialities": cadre.specialities, "registered_with": cadre.registered_with_id}
    return OneselfForm(request.POST or None, initial=initial, kinds=KINDS)
