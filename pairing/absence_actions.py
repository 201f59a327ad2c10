"""Being away (外出、休假): entered ahead, begun on the first day by handing over, ended early."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import trail
from accounts.models import User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, not_valid
from jiangdong.terms import DateRange
from notices.actions import notify
from pairing import leaving, policy
from pairing.models import Absence, Cadre
from pairing.standing import standing_of

ADDRESS = "/me/absence/"
LONGEST = 366  # days
HOPS = 5


@transaction.atomic
def go_away(
    *, person: Cadre, substitute: Cadre, first: dt.date, last: dt.date, by: User
) -> Absence:
    """Enter that somebody is away from a day to another, and who stands in; one that begins today begins at once.

    Raises:
        NotAllowed: neither oneself nor the agency's liaison.
        NotValid: days that make no sense, or a substitute who is not of the agency or is away then too.
        NotNow: they are entered as away on some of these days already.
    """
    if not policy.may_enter_absence(standing_of(by), person):
        raise NotAllowed("not_yours", _("外出由本人或本单位的联络员来填。"))
    term = _term(first, last)
    # Two people who name each other at once are made to wait: the later one sees the earlier.
    list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=[person.user_id, substitute.user_id])
        .order_by("pk")
    )
    _require_there(person, substitute, term)
    absence = Absence(
        user=person.user, substitute=substitute.user, entered_by=by, term=term, handed=[]
    )
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError:
        raise NotNow("away_already", _("这几天里已经填过外出了。")) from None
    _record(absence, "go_away", "", "entered", by)
    _tell_entered(absence)
    if absence.has_begun:
        begin(absence=absence)
        absence.refresh_from_db()
    return absence


def _term(first: dt.date, last: dt.date) -> DateRange:
    if first < clock.today():
        raise not_valid("first", _("第一天不能早于今天。"))
    if last < first or (last - first).days >= LONGEST:
        raise not_valid("last", _("最后一天要在第一天以后，一年以内。"))
    return DateRange(first, last + dt.timedelta(days=1), "[)")


def _require_there(person: Cadre, substitute: Cadre, term: DateRange) -> None:
    there = Cadre.objects.acting().filter(user=substitute.user_id, agency=person.agency_id)
    if substitute.user_id == person.user_id or not there.exists():
        raise not_valid("substitute", _("请选本单位在岗的另一位同事。"))
    away = Absence.objects.standing().filter(user=substitute.user_id, term__overlap=term)
    if away.exists():
        raise not_valid("substitute", _("这位同事那几天也外出，请换一位。"))


def begin_due() -> int:
    """Begin whatever begins by today, each in a transaction of its own, and return how many. Safe to repeat."""
    begun = 0
    for absence in Absence.objects.to_begin():
        begun += begin(absence=absence)
    return begun


@transaction.atomic
def begin(*, absence: Absence) -> bool:
    """Hand what somebody holds to whoever stands in for them, once, and tell both; say whether this call did it."""
    absence = _locked(absence)
    if absence.handed_over_at or absence.ended_at or not absence.has_begun:
        return False
    to = _whoever_stands_in(absence)
    if to:
        absence.substitute = to.user
    duties = [duty for duty in leaving.duties if duty.things]
    absence.handed = [
        {"kind": str(duty.label), "what": what, "url": url}
        for duty in duties
        for what, url in duty.things(absence.user)
    ]
    for duty in duties:
        duty.hand_over(of=absence.user, to=to, by=absence.entered_by)
    absence.handed_over_at = clock.now()
    _record(absence, "begin", "entered", "away", None)
    absence.save(update_fields=("substitute", "handed", "handed_over_at"))
    if to:
        _pass_on(absence, to)
    _tell_begun(absence, to)
    return True


def _whoever_stands_in(absence: Absence) -> Cadre | None:
    """Return the substitute, or, where they are away too by now, theirs; None where nobody is left."""
    agencies = Cadre.objects.acting().filter(user=absence.user).values("agency")
    user_id, seen = absence.substitute_id, {absence.user_id}
    for _hop in range(HOPS):
        if user_id in seen:
            return None
        away = Absence.objects.now().filter(user=user_id).first()
        if away is None:
            there = Cadre.objects.acting().filter(user=user_id, agency__in=agencies)
            return there.select_related("user", "agency").first()
        seen.add(user_id)
        user_id = away.substitute_id
    return None


def _pass_on(absence: Absence, to: Cadre) -> None:
    """Let the substitute also stand in for those for whom the one who goes away stands in."""
    others = Absence.objects.now().filter(substitute=absence.user).exclude(user=to.user)
    for other in others.select_for_update(of=("self",)):
        other.substitute = to.user
        _record(other, "pass_on", "away", "away", None)
        other.save(update_fields=("substitute",))


@transaction.atomic
def come_back(*, absence: Absence, by: User) -> Absence:
    """End an absence early, or call off one to come; what was handed over stays with the substitute.

    Raises:
        NotAllowed: neither the person nor their agency's liaison.
        NotNow: it is over already.
    """
    absence = _locked(absence)
    person = Cadre.objects.acting().filter(user=absence.user).first()
    if person is None or not policy.may_enter_absence(standing_of(by), person):
        raise NotAllowed("not_yours", _("由本人或本单位的联络员来改。"))
    if absence.ended_at or absence.last_day < clock.today():
        raise NotNow("over", _("这次外出已经结束了。"))
    absence.ended_at = clock.now()
    before = "away" if absence.handed_over_at else "entered"
    _record(absence, "come_back", before, "ended", by)
    absence.save(update_fields=("ended_at",))
    notify(
        to=[absence.substitute],
        kind="came_back",
        title=_("%(name)s回来了，不用再代办。") % {"name": absence.user},
        body=_("已经交给你的事还在你手上，要还给对方请交办。"),
        url=ADDRESS,
    )
    return absence


def _locked(absence: Absence) -> Absence:
    people = ("user", "substitute", "entered_by")
    rows = Absence.objects.select_for_update(of=("self",)).select_related(*people)
    return rows.get(pk=absence.pk)


def _record(absence: Absence, move: str, before: str, after: str, by: User | None) -> None:
    label = standing_of(by).label if by else str(gettext_lazy("门户按期限"))
    trail.record(thing=absence, move=move, from_state=before, to_state=after, by=by, by_label=label)
    absence.save(update_fields=trail.TRAIL_FIELDS)


def _tell_entered(absence: Absence) -> None:
    facts = {
        "name": absence.user,
        "first": f"{absence.term.lower:%Y-%m-%d}",
        "last": f"{absence.last_day:%Y-%m-%d}",
    }
    notify(
        to=[absence.substitute],
        kind="stands_in",
        title=_("请你代办：%(name)s %(first)s 到 %(last)s 外出") % facts,
        body=_("到那天，手上的事会转给你，有清单。"),
        url=ADDRESS,
    )


def _tell_begun(absence: Absence, to: Cadre | None) -> None:
    facts = {"name": absence.user, "n": len(absence.handed), "to": to.user if to else ""}
    if to:
        title = _("%(name)s外出了，%(n)s 件事交给%(to)s办") % facts
    else:
        title = _("%(name)s外出了，没有人可以代办，%(n)s 件事交回本单位") % facts
    body = "\n".join(each["what"] for each in absence.handed)
    people = [absence.user, *([to.user] if to else [])]
    notify(to=people, kind="handed_over", title=title, body=body, url=ADDRESS)
