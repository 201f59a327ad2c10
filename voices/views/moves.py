"""The doors to the moves, POST alone: each fetches, calls one action, and shows the voice as it is now."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiangdong.doors import Door
from voices import actions, policy
from voices.forms import (
    AnswerForm,
    AskForm,
    HandOnForm,
    RateForm,
    ReasonForm,
    SettleForm,
)
from voices.models import Voice
from voices.views.voice import context_of, found, signed_in, still_open_to
from voices.workflow import Move


def _template(request: HttpRequest) -> str:
    return "voices/_voice.html" if request.htmx else "voices/detail.html"


def _leads_to(request: HttpRequest, voice: Voice | None):
    return voice or "voices:desk"


_answer = Door(
    "voice", found, still_open_to, policy.why_not, context_of, _template, _leads_to
).answer


@signed_in
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    form = AskForm(request.POST)
    return _answer(request, code, Move.ASK, actions.ask, form, _("已交给单位，三个工作日内答复。"))


@signed_in
@require_POST
def hand_on(request: HttpRequest, code: str) -> HttpResponse:
    form = HandOnForm(request.POST)
    return _answer(request, code, Move.HAND_ON, actions.hand_on, form, _("已转给别的单位。"))


@signed_in
@require_POST
def return_(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.RETURN, actions.return_, form, _("已退回，由他们另定单位。"))


@signed_in
@require_POST
def urge(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code, Move.URGE, actions.urge, done=_("已加急，请单位今天答复。"))


@signed_in
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    return _answer(request, code, Move.ANSWER, actions.answer, form, _("已答复。"))


@signed_in
@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    form = SettleForm(request.POST)
    return _answer(
        request, code, Move.SETTLE, actions.settle, form, _("记下了，接下来听提的人怎么说。")
    )


@signed_in
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    form = RateForm(request.POST)
    return _answer(request, code, Move.RATE, actions.rate, form, _("记下了。"))


@signed_in
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.REOPEN, actions.reopen, form, _("记下了，已请单位接着办。"))


@signed_in
@require_POST
def rest(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code, Move.REST, actions.rest, done=_("先放下了。"))


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.WITHDRAW, actions.withdraw, form, _("已撤回。"))


@signed_in
@require_POST
def dismiss(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return _answer(request, code, Move.DISMISS, actions.dismiss, form, _("记作不受理。"))
