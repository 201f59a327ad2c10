"""One answer for two kinds of browser: a piece for htmx, a redirect or a page for the rest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def piece_or_redirect(
    request: HttpRequest, template: str, context: dict, to: str, status: int = 200
) -> HttpResponse:
    """Answer htmx with a freshly rendered piece, and a plain form with a redirect to the page that shows it."""
    if request.htmx:
        return render(request, template, context, status=status)
    return redirect(to)
