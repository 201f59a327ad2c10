"""What a supervisor may do about a figure too good: say that it was looked at and has its reason."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.trail import TRAIL_FIELDS, record
from jiangdong import clock
from jiangdong.privacy import findings_in
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from pairing.standing import standing_of
from reports.honest import agencies
from reports.honest.checks import CHECKS, found_again
from reports.models import Explained

LISTED, EXPLAINED = "listed", "explained"


@transaction.atomic
def explain(*, check: str, subject: int, reason: str, by: User) -> Explained:
    """Take a finding off the list, with the reason why it is right (看过了，有原因). Nothing else follows.

    Raises:
        NotAllowed: only supervisors may.
        NotValid: no reason, or one that gives somebody away.
        NotNow: `not_listed`: it is not on the list, or no longer.
    """
    if not standing_of(by).is_supervisor:
        raise NotAllowed("not_supervisor", _("只有区督办可以记原因。"))
    _require_fit(reason)
    found = _said(check, subject)
    if found is None:
        raise NotNow("not_listed", _("这一条已经不在单子上了。"), state=EXPLAINED)
    values = {"found": found, "reason": reason.strip(), "at": clock.now(), "by": by}
    rows = Explained.objects.select_for_update(of=("self",))
    row, _created = rows.get_or_create(check_slug=check, subject=subject, defaults=values)
    for name, value in values.items():
        setattr(row, name, value)
    record(
        thing=row,
        move="explain",
        from_state=LISTED,
        to_state=EXPLAINED,
        by=by,
        by_label=str(_("区督办")),
        note=row.reason,
    )
    row.save(update_fields=[*values, *TRAIL_FIELDS])
    return row


def _said(check: str, subject: int) -> str | None:
    """Return what a finding says at the moment, or None where there is none."""
    if check == agencies.SLUG:
        rows = [row for row in agencies.unfinished().found if row.subject == subject]
        return f"{rows[0].agency.name}：{rows[0].said}" if rows else None
    finding = found_again(CHECKS[check], subject) if check in CHECKS else None
    return finding and finding.said


def _require_fit(reason: str) -> None:
    if not reason.strip():
        raise _not_valid(_("请写一句原因。"))
    if any(found.hard for found in findings_in(reason)):
        raise _not_valid(_("原因里不要写电话、证件号码和住处。"))


def _not_valid(message) -> NotValid:
    return NotValid("bad_reason", message, fields={"reason": [message]})
