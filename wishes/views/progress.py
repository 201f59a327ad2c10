"""Progress by the code on a slip: for residents without a phone, at the community's desk or any screen."""

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jiangdong import clock
from jiangdong.clients import address_of
from jiangdong.privacy import digest
from wishes import slip_codes
from wishes.models import ResidentLink

HALF_AN_HOUR, AN_HOUR = 30 * 60, 60 * 60


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("单子上的编号"),
        max_length=20,
        help_text=_("八个字母和数字，大小写都可以"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = slip_codes.cleaned(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("编号是八个字母和数字，请对着单子再看一看。"))
        return code


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and show how far that wish is, as the resident's page does; from here nothing is answered."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, form, status=400 if form.errors else 200)
    if not _may_try(request):
        form.add_error("code", _("错的次数太多，请过半小时再试，或者打社区电话问。"))
        return _ask(request, form, status=429)
    link = _link(form.cleaned_data["code"])
    if link is None:
        form.add_error("code", _("没有找到这个编号，请对着单子再看一看，或者打社区电话问。"))
        return _ask(request, form, status=404)
    _was_right(request)
    over = bool(link.expires_at and link.expires_at <= clock.now())
    context = {"wish": link.wish, "expired": over, "by_code": True, "asks": False}
    return render(request, "wishes/resident.html", context, status=410 if over else 200)


def _ask(request: HttpRequest, form: CodeForm, *, status: int) -> HttpResponse:
    return render(request, "wishes/progress.html", {"form": form}, status=status)


def _link(code: str) -> ResidentLink | None:
    """Return the link with this code; None where there is none, or, once in a blue moon, more than one."""
    digests = slip_codes.digests_of(code)
    links = ResidentLink.objects.select_related("wish__community", "wish__agency")
    found = list(links.filter(code_digest__in=digests)[:2])
    return found[0] if len(found) == 1 else None


def _may_try(request: HttpRequest) -> bool:
    """Count a try before it is looked at, so that many at once are counted too, and say whether it may be one."""
    here, everywhere = _counters(request)
    tries = _count(here, HALF_AN_HOUR) <= slip_codes.GUESSES
    return tries and _count(everywhere, AN_HOUR) <= slip_codes.GUESSES_OVERALL


def _was_right(request: HttpRequest) -> None:
    """Take a try that was right out of the count: a desk where many ask is not locked."""
    for counter in _counters(request):
        try:
            cache.decr(counter)
        except ValueError:
            continue


def _counters(request: HttpRequest) -> tuple[str, str]:
    return f"slip_code:{digest(address_of(request))}", "slip_code:everywhere"


def _count(counter: str, seconds: int) -> int:
    cache.add(counter, 0, seconds)
    try:
        return cache.incr(counter)
    except ValueError:  # it ran out in between
        return 1
