"""Where people say something and come back to it without an account. Nobody is known at these doors.

See `jiangdong.unnamed`: the session's cookie is left outside, and no line of the log is written. A code goes in
by POST and never stands in an address. Opening a page changes nothing; only a button answers.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangdong.refusals import NotNow, NotValid
from voices import actions, throttle
from voices.forms import CodeForm, OwnRateForm, OwnReopenForm, OwnWordForm, SayForm
from voices.models import VoiceKey
from voices.views.noting import complain
from voices.workflow import OVER, Asker, State

UNKNOWN = _("没有这个回执码，请再看一看；办完半年以上的也查不到了。")
WITH = ("voice__community", "voice__agency", "voice__topic")
ANSWERS = {
    "rate": (OwnRateForm, actions.rate_by_key),
    "reopen": (OwnReopenForm, actions.reopen_by_key),
    "write": (OwnWordForm, actions.write_by_key),
}


@never_cache
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest) -> HttpResponse:
    """Let anybody say something: by name, for an enterprise, or into the letterbox. The code is shown once, here."""
    form = SayForm(request.POST or None)
    if request.method == "POST" and throttle.is_too_often(request, "say"):
        return render(request, "voices/too_often.html", status=429)
    if request.method == "POST" and form.is_valid():
        if form.is_unnamed:
            code = actions.drop_in(**form.slip())
            return render(request, "voices/said.html", {"code": code, "unnamed": True})
        try:
            voice, code = actions.post(draft=form.draft())
        except NotValid as refusal:
            complain(form, refusal)
        else:
            context = {"code": code, "unnamed": False, "voice": voice}
            return render(request, "voices/said.html", context)
    return render(request, "voices/say.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and show what became of it."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and throttle.is_too_often(request, "follow"):
        return render(request, "voices/too_often.html", status=429)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if key := actions.key_of_code(code):
            return _page(request, key, code=code)
        if actions.is_waiting(code):
            return render(request, "voices/in_the_box.html")
        form.add_error("code", UNKNOWN)
    return render(request, "voices/follow.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_POST
def follow_answer(request: HttpRequest) -> HttpResponse:
    """Take what whoever has a code answers."""
    form = CodeForm(request.POST)
    key = None
    if throttle.is_too_often(request, "follow"):
        return render(request, "voices/too_often.html", status=429)
    if form.is_valid():
        key = actions.key_of_code(form.cleaned_data["code"])
    if key is None:
        form = form if form.errors else CodeForm()
        return render(request, "voices/follow.html", {"form": form}, status=400)
    what = request.POST.get("what", "")
    if what not in ANSWERS:
        return _page(request, key, code=form.cleaned_data["code"], status=400)
    return _take(request, what, key, code=form.cleaned_data["code"])


def _take(
    request: HttpRequest, what: str, key: VoiceKey, *, code: str = "", token: str = ""
) -> HttpResponse:
    """Take one answer, and show what stands there now."""
    shape, act = ANSWERS[what]
    form = shape(request.POST)
    if not form.is_valid():
        return _page(request, key, code=code, token=token, status=400, **{f"{what}_form": form})
    try:
        act(key=key, **form.cleaned_data)
    except NotNow as refusal:
        key = VoiceKey.objects.select_related(*WITH).get(pk=key.pk)
        return _page(request, key, code=code, token=token, status=refusal.status, refusal=refusal)
    if token:
        return redirect("asker:page", token)
    key = VoiceKey.objects.select_related(*WITH).get(pk=key.pk)
    return _page(request, key, code=code, done=True)


def _page(
    request: HttpRequest,
    key: VoiceKey,
    *,
    code: str = "",
    token: str = "",
    status: int = 200,
    **more,
) -> HttpResponse:
    voice = key.voice
    answered = voice.asker == Asker.ANONYMOUS and actions.has_answered(key)
    context = {
        "voice": voice,
        "code": code,
        "token": token,
        "unnamed": voice.asker == Asker.ANONYMOUS,
        "asks": voice.state == State.SETTLED and not answered,
        "in_the_box": answered,
        "over": voice.state in OVER,
        "words_since": voice.words_since.order_by("pk"),
        "rate_form": OwnRateForm(),
        "reopen_form": OwnReopenForm(),
        "write_form": OwnWordForm(),
        "refusal": None,
        "done": False,
        **more,
    }
    return render(request, "voices/asker.html", context, status=status)


def _key(token: str) -> VoiceKey:
    """Return the key of a link, or raise 404: altered and made-up ones look alike."""
    key = actions.key_of_token(token)
    if key is None:
        raise Http404
    return key


@never_cache
@require_safe
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far it is, and ask when there is something to answer."""
    return _page(request, _key(token), token=token)


@never_cache
@require_POST
def link_rate(request: HttpRequest, token: str) -> HttpResponse:
    return _take(request, "rate", _key(token), token=token)


@never_cache
@require_POST
def link_reopen(request: HttpRequest, token: str) -> HttpResponse:
    return _take(request, "reopen", _key(token), token=token)


@never_cache
@require_POST
def link_write(request: HttpRequest, token: str) -> HttpResponse:
    return _take(request, "write", _key(token), token=token)
