"""The doors to the moves, POST alone: each fetches, calls one action, and shows the wish as it is now."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wishes import actions, policy
from wishes.forms import (
    AskForm,
    AssignForm,
    ClaimForm,
    ConfirmForm,
    EndForm,
    FulfilForm,
    JoinForm,
    PauseForm,
    PublishForm,
    ReasonForm,
    ReferForm,
    RefuseForm,
    ToldForm,
)
from wishes.views.answering import answer
from wishes.views.wish import found, signed_in, whom_to_name
from wishes.workflow import GATHER, REMIND, Asked, Move


@signed_in
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code, Move.SUBMIT, actions.submit, done=_("已请同事复核。"))


@signed_in
@require_POST
def return_(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return answer(request, code, Move.RETURN, actions.return_, form, _("已退回修改。"))


@signed_in
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    form = PublishForm(request.POST)
    return answer(request, code, Move.PUBLISH, actions.publish, form, _("已公开，先问结对单位。"))


@signed_in
@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    form = ClaimForm(request.POST)
    return answer(
        request, code, Move.CLAIM, actions.claim, form, _("已认领。先打个电话，约个时间。")
    )


@signed_in
@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    wish = found(request, code)
    form = AssignForm(request.POST, choices=whom_to_name(request.user, wish))
    return answer(request, code, Move.ASSIGN, actions.assign, form, _("已交办。"), wish)


@signed_in
@require_POST
def release(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return answer(request, code, Move.RELEASE, actions.release, form, _("已退回，大家可以再认领。"))


@signed_in
@require_POST
def fulfil(request: HttpRequest, code: str) -> HttpResponse:
    form = FulfilForm(request.POST, request.FILES)
    return answer(request, code, Move.FULFIL, actions.fulfil, form, _("记下了。接下来请居民点头。"))


@signed_in
@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    form = ConfirmForm(request.POST)
    return answer(request, code, Move.CONFIRM, actions.confirm, form, _("记下了，居民点头了。"))


@signed_in
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return answer(request, code, Move.REOPEN, actions.reopen, form, _("记下了，已请对方接着办。"))


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return answer(request, code, Move.WITHDRAW, actions.withdraw, form, _("已撤回。"))


@signed_in
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Nudge whoever is to act."""
    return answer(request, code, REMIND, actions.remind, done=_("已经提醒对方。"))


@signed_in
@require_POST
def call(request: HttpRequest, code: str) -> HttpResponse:
    """Note a call that nobody answered."""
    return answer(request, code, Move.CONFIRM, actions.note_no_answer, done=_("记下了，改天再打。"))


@signed_in
@require_POST
def gather(request: HttpRequest, code: str) -> HttpResponse:
    """Ask others to help."""
    return answer(request, code, GATHER, actions.gather, done=_("已请大家一起办。"))


@signed_in
@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    form = JoinForm(request.POST)
    return answer(request, code, Move.JOIN, actions.join, form, _("好，你在一起办了。"))


@signed_in
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    return answer(request, code, Move.LEAVE, actions.leave, form, _("已退出一起办。"))


@signed_in
@require_POST
def wait(request: HttpRequest, code: str) -> HttpResponse:
    form = PauseForm(request.POST)
    return answer(request, code, Move.WAIT, actions.wait, form, _("先等一等，到日子接着计时。"))


@signed_in
@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code, Move.RESUME, actions.resume, done=_("接着办，等过的日子补上了。"))


@signed_in
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a second person for something."""
    what = _what(request)
    form = AskForm.for_(what, request.POST)
    done = _("已经提了，等对方答复。")
    return answer(
        request, code, f"ask_{what}", actions.ask, form, done, why_not=_why_not(policy.why_not_ask)
    )


@signed_in
@require_POST
def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """Say no to what was asked."""
    what = _what(request)
    form = RefuseForm(request.POST)
    done = _("已经答复对方。")
    may = _why_not(policy.why_not_refuse)
    return answer(request, code, f"refuse_{what}", actions.refuse, form, done, why_not=may)


def _why_not(policy_of: Callable) -> Callable:
    """Return the policy's question as it is asked of a form's name, such as `ask_extend`."""
    return lambda user, name, wish: policy_of(user, name.partition("_")[2], wish)


def _what(request: HttpRequest) -> str:
    """Return what is asked for; nonsense is a page that is not there."""
    what = request.POST.get("what", "")
    if what not in Asked.values:
        raise Http404
    return what


@signed_in
@require_POST
def extend(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code, Move.EXTEND, actions.extend, done=_("延期了，请社区转告居民。"))


@signed_in
@require_POST
def lapse(request: HttpRequest, code: str) -> HttpResponse:
    return answer(request, code, Move.LAPSE, actions.lapse, done=_("已收回，大家可以再认领。"))


@signed_in
@require_POST
def refer(request: HttpRequest, code: str) -> HttpResponse:
    form = ReferForm(request.POST)
    return answer(request, code, Move.REFER, actions.refer, form, _("已转办，请告诉居民。"))


@signed_in
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    form = ToldForm(request.POST)
    return answer(request, code, Move.DECLINE, actions.decline, form, _("记下了，请告诉居民。"))


@signed_in
@require_POST
def unreached(request: HttpRequest, code: str) -> HttpResponse:
    return answer(
        request, code, Move.UNREACHED, actions.unreached, done=_("记作没联系上，居民回了话再改。")
    )


@signed_in
@require_POST
def end(request: HttpRequest, code: str) -> HttpResponse:
    form = EndForm(request.POST)
    return answer(request, code, Move.END, actions.end, form, _("不再办了，不会再有消息打扰。"))
