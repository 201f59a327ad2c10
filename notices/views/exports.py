"""Taking a list out: at once when it is short, else a page that says how far the file is."""

import io

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiangdong import clock
from jiangdong.refusals import Refusal
from notices import actions
from notices.models import Export
from notices.sheets import REGISTRY, Sheet, cells_of
from notices.tables import CONTENT_TYPES, Format, csv_lines, write_xlsx

AT_ONCE = 2000  # rows that a person waits for


@login_required
@require_POST
def ask(request: HttpRequest, sheet: str) -> HttpResponse:
    """Hand out a list as the page with the same parameters shows it, or have the file made."""
    wanted = REGISTRY.get(sheet)
    if wanted is None:
        raise Http404
    file_format = request.POST.get("format")
    file_format = file_format if file_format in Format.values else Format.XLSX
    things = wanted.queryset(request.user, request.GET)
    if things.order_by().values("pk")[: AT_ONCE + 1].count() <= AT_ONCE:
        return _at_once(wanted, things, file_format)
    export = actions.ask_for_export(
        by=request.user, sheet=wanted, params=request.GET, file_format=file_format
    )
    return redirect(export)


def _at_once(sheet: Sheet, things, file_format: str) -> HttpResponse:
    rows = cells_of(sheet, things)
    if file_format == Format.CSV:
        response = StreamingHttpResponse(csv_lines(sheet.columns, rows))
    else:
        book = io.BytesIO()
        write_xlsx(book, sheet.columns, rows)
        response = HttpResponse(book.getvalue())
    return _to_be_saved(response, sheet, file_format)


def _to_be_saved(response, sheet: Sheet, file_format: str) -> HttpResponse:
    name = f"{sheet.label}-{clock.today():%Y%m%d}.{file_format}"
    response["Content-Type"] = CONTENT_TYPES[file_format]
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@never_cache
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a file is; the piece asks again by itself, and the page works by reloading it."""
    found = get_object_or_404(Export.objects.of(request.user), pk=pk)
    sheet = REGISTRY.get(found.sheet)
    context = {"export": found, "label": sheet.label if sheet else "", "there": found.path.exists()}
    template = "notices/_export.html" if request.htmx else "notices/export.html"
    return render(request, template, context)


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a file to its owner, if the list is still theirs to see."""
    found = get_object_or_404(
        Export.objects.of(request.user).select_related("user"), pk=pk, state=Export.State.READY
    )
    try:
        actions.rows_for(found)
    except Refusal as refusal:
        raise PermissionDenied from refusal
    if not found.path.exists() or found.expires_at <= clock.now():
        raise Http404
    response = FileResponse(found.path.open("rb"))
    return _to_be_saved(response, REGISTRY[found.sheet], found.format)
