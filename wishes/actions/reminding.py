"""A person's nudge (提醒一下), beside the ladder of reminders that runs by itself."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import Event, User
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow
from notices.workdays import workdays_between
from pairing.standing import standing_of
from wishes import letters, policy
from wishes.actions import gate
from wishes.models import Wish
from wishes.workflow import REMIND, State


@transaction.atomic
def remind(*, wish: Wish, by: User) -> list[User]:
    """Nudge whoever is to act: the handler, or the liaisons where nobody is named or claimed yet. Return who was told.

    The clock stays where it is. A wish is nudged once a working day, whoever does it.

    Raises:
        NotAllowed: not the worker, the street, a supervisor or the holder's liaison.
        NotNow: nothing to be done, nobody to nudge, or nudged already that working day.
    """
    wish = gate.locked(wish)
    if not policy.may_remind(standing_of(by), wish):
        raise NotAllowed("not_yours", _("这件心愿不由你来提醒。"))
    if wish.archived or wish.state not in (State.OPEN, State.CLAIMED):
        raise NotNow("wrong_state", _("现在没有要办的事，不用提醒。"), state=wish.state)
    if reminded_lately([wish.pk]):
        raise NotNow(
            "reminded_already", _("今天已经提醒过了，下一个工作日再说。"), state=wish.state
        )
    to = [
        person for person in letters.whom_to_remind(wish) if person.is_active and person.pk != by.pk
    ]
    if not to:
        raise NotNow(
            "nobody_to_remind", _("现在没有可以提醒的人，请交办给一位同事。"), state=wish.state
        )
    gate.note(wish, REMIND, by=by)
    letters.reminded(wish, to=to, by_label=gate.label_of(by))
    return to


def reminded_lately(ids: Iterable[int]) -> set[int]:
    """Return which of these wishes were nudged and have had no working day since, in one query."""
    events = Event.objects.filter(
        thing_kind=trail.kind_of(Wish), thing_id__in=list(ids), move=REMIND
    )
    today = clock.today()
    last = events.order_by().values_list("thing_id").annotate(last=Max("at"))
    return {pk for pk, at in last if workdays_between(timezone.localdate(at), today) <= 0}
