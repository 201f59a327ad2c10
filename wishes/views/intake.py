"""Bringing in a list as a community keeps it: upload, look at what was understood, bring in."""

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices.tables import CONTENT_TYPES, Format, write_xlsx
from pairing.standing import standing_of
from wishes import policy
from wishes.actions import intake as actions
from wishes.intake.checking import Remark
from wishes.intake.forms import ColumnsForm, UploadForm
from wishes.intake.template import template
from wishes.models import Intake

SHOWN = 100  # remarks on the page; all of them are in the file
LATEST = 10


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("body")
def intake_new(request: HttpRequest) -> HttpResponse:
    """Take a file in; show the last ones."""
    if not policy.may_bring_in(standing_of(request.user)):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            body = form.cleaned_data["file"].read(actions.MOST_BYTES + 1)
            return redirect(actions.take_in(by=request.user, body=body))
    latest = Intake.objects.of(request.user).order_by("-at", "-pk")[:LATEST]
    context = {"form": form, "latest": latest}
    return render(request, "wishes/intake_new.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def intake_template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty list."""
    standing = standing_of(request.user)
    if not policy.may_bring_in(standing):
        raise PermissionDenied
    body = template(with_community=not standing.community_id)
    return _workbook(body, str(_("心愿表")))


def _workbook(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=CONTENT_TYPES[Format.XLSX])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: HttpRequest, pk: int) -> Intake:
    """Return an upload of this person's own, in the post they still have."""
    found = get_object_or_404(
        Intake.objects.of(request.user).select_related("community", "street"), pk=pk
    )
    if not policy.may_bring_into(standing_of(request.user), found):
        raise Http404
    return found


@login_required
@never_cache
@require_safe
@sensitive_variables("remarks", "context")
def intake(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a list is, and what is to be done with it next."""
    found = _found(request, pk)
    context = _facts(found)
    template_name = "wishes/_intake.html" if request.htmx else "wishes/intake.html"
    return render(request, template_name, context)


def _facts(found: Intake, form: ColumnsForm | None = None) -> dict:
    facts = {"intake": found, "form": form, "problems": [], "warnings": [], "left_over": []}
    facts["warned"] = 0
    done, total = actions.progress_of(found) if found.is_under_way else (0, 0)
    if not found.sealed or found.is_under_way:
        return {**facts, "progress": done, "progress_total": total}
    layout = actions.layout_kept(found, actions.kept_grid(found))
    remarks = actions.kept_remarks(found)
    return {
        **facts,
        "progress": done,
        "progress_total": total,
        "form": form or ColumnsForm(layout),
        "problems": _in_words(remarks["problems"]),
        "warnings": _in_words(remarks["warnings"]),
        "warned": len(remarks["warnings"]),
        "left_over": layout.left_over,
        "again": _same_file_before(found),
    }


def _in_words(remarks: list) -> list[str]:
    return [str(Remark(number, column, said)) for number, _at, column, said in remarks[:SHOWN]]


def _same_file_before(found: Intake) -> Intake | None:
    """Return when the same file was brought in before, by whomever, for the same community or street."""
    same = Intake.objects.filter(
        sha256=found.sha256,
        state=Intake.State.DONE,
        community=found.community_id,
        street=found.street_id,
    )
    return same.exclude(pk=found.pk).order_by("-at").first()


@login_required
@require_POST
def intake_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column is which, and check anew."""
    found = _found(request, pk)
    layout = actions.layout_kept(found, actions.kept_grid(found))
    form = ColumnsForm(layout, request.POST)
    if not form.is_valid():
        return render(request, "wishes/intake.html", _facts(found, form), status=400)
    actions.match_columns(intake=found, columns=form.columns(), by=request.user)
    return redirect(found)


@login_required
@require_POST
def intake_bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Make drafts of the good rows."""
    return redirect(actions.begin(intake=_found(request, pk), by=request.user))


@login_required
@require_POST
def intake_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase what was uploaded."""
    actions.discard(intake=_found(request, pk), by=request.user)
    messages.success(request, _("删去了。"))
    return redirect("wishes:intake_new")


@login_required
@never_cache
@require_safe
@sensitive_variables("grid", "rows", "said")
def intake_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the rows with problems, said in a last column: mended, the file can be uploaded as it is."""
    found = _found(request, pk)
    grid = actions.kept_grid(found)
    layout = actions.layout_kept(found, grid)
    said: dict[int, list[str]] = {}
    for number, index, column, message in actions.kept_remarks(found)["problems"]:
        said.setdefault(index, []).append(str(Remark(number, column, message)))
    width = max((len(grid.rows[index]) for index in said), default=0)
    width = max(width, len(layout.heads))
    rows = ([*_wide(grid.rows[index], width), "；".join(each)] for index, each in said.items())
    return _problems(_wide(list(layout.heads), width), rows)


def _wide(cells: list[str], width: int) -> list[str]:
    shown = ["" if cell.startswith("\x00") else cell for cell in cells]
    return [*shown, *([""] * (width - len(shown)))]


def _problems(heads: list[str], rows) -> HttpResponse:
    out = io.BytesIO()
    write_xlsx(out, [*heads, _("问题")], rows)
    return _workbook(out.getvalue(), str(_("有问题的行")))
