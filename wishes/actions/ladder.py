"""督办 and 通报: issued by a person, answered by the agency; and the word that lets reminders rest for some days."""

from django.db import connection, transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jiangdong import clock
from jiangdong.privacy import findings_in
from jiangdong.refusals import NotValid, not_valid, require
from notices.workdays import add_workdays, workdays_between
from pairing.actions import names_to_catch
from pairing.models import Agency, Cadre, CommunityWorker, Pairing
from wishes import letters, policy
from wishes.actions import gate
from wishes.actions.changes import ANSWER_WORKDAYS
from wishes.models import Escalation, Quiet, Wish
from wishes.numbers import number
from wishes.workflow import ANSWER, QUIET, Rung, State

# Any constant number: the advisory lock under which documents get their running numbers.
NUMBER_LOCK = 365_002


def agencies_to_ask(wish: Wish) -> list[Agency]:
    """Return who may be asked to account for a wish: who holds it, else the paired agency and the street office."""
    if wish.agency_id:
        return [wish.agency]
    wanted = [wish.offered_to_id, Pairing.objects.agency_of(wish.community_id)]
    found = Agency.objects.filter(pk__in=[pk for pk in wanted if pk])
    offices = Agency.objects.filter(street=wish.community.street_id)
    return list((found | offices).order_by("position", "code"))


@transaction.atomic
def supervise(*, wish: Wish, by: User, agency: Agency, text: str) -> Escalation:
    """Ask an agency in writing (督办单) to see to a late wish and to answer within some working days.

    Raises:
        NotAllowed, NotNow: as the policy says, or an earlier one waits for its answer.
        NotValid: an agency that does not answer for the wish, or words that name somebody.
    """
    wish = gate.locked(wish)
    if refusal := policy.why_not_supervise(by, wish):
        raise refusal
    if agency.pk not in [one.pk for one in agencies_to_ask(wish)]:
        raise not_valid("agency", _("这个单位与这件心愿没有关系。"))
    if policy.waits_for_answer(wish, agency.pk):
        raise policy.asked_already(wish)
    return _issue(
        Rung.SUPERVISE, wish, agency, by=by, text=text, ground=_what_is_late(wish, agency)
    )


@transaction.atomic
def circulate(*, order: Escalation, by: User, text: str) -> Escalation:
    """Tell all agencies (通报) that a 督办单 did not help.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: words that name somebody.
    """
    wish = gate.locked(order.wish)
    order = _locked(order, wish)
    if refusal := policy.why_not_circulate(by, order):
        raise refusal
    ground = f"{order.ground}{_what_came_of(order)}"
    return _issue(Rung.CIRCULATE, wish, order.agency, by=by, text=text, ground=ground, after=order)


@transaction.atomic
def answer(*, order: Escalation, by: User, text: str) -> Escalation:
    """Answer a 督办单 or 通报 in the agency's name; the clock of the wish goes on.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: no words, or some that name somebody.
    """
    wish = gate.locked(order.wish)
    order = _locked(order, wish)
    if refusal := policy.why_not_answer(by, order):
        raise refusal
    _require_names_nobody(wish, text, order.agency)
    order.answer, order.answered_by = text, by
    order.answered_at, order.answered_on = clock.now(), clock.today()
    order.save(update_fields=("answer", "answered_by", "answered_at", "answered_on"))
    gate.note(wish, ANSWER, by=by, text=f"{order.number}：{text}")
    letters.answered(wish, order)
    return order


@transaction.atomic
def quiet(*, wish: Wish, by: User, days: int, reason: str) -> Quiet:
    """Note that somebody asked after a late wish, so that street and supervisors are not reminded for some days.

    Raises:
        NotAllowed, NotNow: as the policy says.
        NotValid: no reason, one that gives the resident away, or more days than may be.
    """
    wish = gate.locked(wish)
    if refusal := policy.why_not_quiet(by, wish):
        raise refusal
    require(reason)
    _refuse_findings("reason", reason, names_to_catch(wish.resident))
    most = number("quiet_days")
    if not 1 <= days <= most:
        raise not_valid("days", _("最多管 %(n)s 个工作日。") % {"n": most})
    noted = Quiet.objects.create(
        wish=wish,
        reason=reason,
        until=add_workdays(clock.today(), days),
        by=by,
        by_label=gate.label_of(by),
        at=clock.now(),
    )
    gate.note(wish, QUIET, by=by, text=reason)
    return noted


def _issue(
    step: str,
    wish: Wish,
    agency: Agency,
    *,
    by: User,
    text: str,
    ground: str,
    after: Escalation | None = None,
) -> Escalation:
    _require_names_nobody(wish, text, agency)
    today = clock.today()
    issued = Escalation.objects.create(
        wish=wish,
        step=step,
        year=today.year,
        serial=_next_serial(step, today.year),
        agency=agency,
        after=after,
        ground=ground,
        text=text,
        issued_by=by,
        issued_at=clock.now(),
        answer_by=add_workdays(today, number("answer_days")),
    )
    gate.note(wish, step, by=by, text=f"{issued.number} {agency.name}：{text}")
    letters.escalated(wish, issued)
    return issued


def _locked(order: Escalation, wish: Wish) -> Escalation:
    """Read a document of a locked wish afresh; who changes one has locked its wish."""
    order = Escalation.objects.select_related("agency").get(pk=order.pk)
    order.wish = wish
    return order


def _next_serial(step: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    issued = Escalation.objects.filter(step=step, year=year)
    return (issued.aggregate(last=Max("serial"))["last"] or 0) + 1


def _what_is_late(wish: Wish, agency: Agency) -> str:
    """Say in a sentence what is late, with nothing of whom it is for or who handles it."""
    facts = {
        "agency": agency.name,
        "code": wish.code,
        "community": wish.community.name,
        "kind": wish.get_kind_display(),
        "day": _day(wish.due_on),
        "n": max(workdays_between(wish.due_on, clock.today()), 0),
    }
    if wish.state != State.OPEN:
        return (
            gettext(
                "%(agency)s认领的心愿 %(code)s（%(community)s，%(kind)s），约定 %(day)s前办好，"
                "已过 %(n)s 个工作日，还没有办好。"
            )
            % facts
        )
    since = workdays_between(wish.claim_due_on, clock.today()) + ANSWER_WORKDAYS
    return gettext(
        "心愿 %(code)s（%(community)s，%(kind)s）等了 %(n)s 个工作日，还没有人认领，请%(agency)s想办法。"
    ) % {**facts, "n": since}


def _what_came_of(order: Escalation) -> str:
    facts = {
        "day": _day(order.issued_at),
        "number": order.number,
        "by": _day(order.answer_by),
    }
    if order.answered_on is None:
        came = gettext("没有答复。")
    elif order.is_late:
        came = gettext("答复晚于期限。")
    else:
        came = gettext("答复以后还没有办好。")
    return gettext("%(day)s发出%(number)s，要求 %(by)s前答复，") % facts + came


def _day(value) -> str:
    return date_format(value, "Y年n月j日")


def _require_names_nobody(wish: Wish, text: str, agency: Agency) -> None:
    """Refuse words of a document that name the resident, or anybody who works on the wish or for the agency."""
    require(text, "text", _("请写一句要说的话。"))
    people = User.objects.filter(
        pk__in=[
            *Cadre.objects.acting().filter(agency=agency).values_list("user", flat=True),
            *CommunityWorker.objects.acting()
            .filter(community=wish.community_id)
            .values_list("user", flat=True),
            wish.logged_by_id,
            wish.handler_id,
            wish.claimed_by_id,
        ]
    )
    names = people.values_list("name", flat=True)
    _refuse_findings("text", text, (*names_to_catch(wish.resident), *names))


def _refuse_findings(field: str, text: str, names: tuple[str, ...]) -> None:
    complaints = [f"「{one.text}」{one.why}" for one in findings_in(text, names) if one.hard]
    if complaints:
        message = _("这里不写任何人的姓名、电话、住处。")
        raise NotValid("personal_text", message, fields={field: [message, *complaints]})
