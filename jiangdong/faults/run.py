"""One run from the first wish to the last check; the portal is up and Django is told where it is."""

import sys
import time
from collections.abc import Callable, Iterator

from django.db import connection

from accounts import heartbeats
from jiangdong import clock
from jiangdong.faults import checks, district, kills
from jiangdong.faults.load import Load
from jiangdong.faults.portal import Portal
from notices.models import Notice

WISHES = 600
RIVALS = 4
SETTLE_WITHIN = 100  # seconds; the timetable delivers every minute
SHOWN = 5  # of what is wrong with one check


def out(line: str = "") -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(portal: Portal) -> bool:
    """Make a district, let the storm pass over it, and say whether everything held."""
    made = district.make(WISHES, RIVALS)
    out(f"{WISHES} open wishes, {2 * RIVALS} people who claim; the load begins")
    with Load(portal.port, made) as load:
        blows = [kills.strike(portal, made, load, victim) for victim in (*kills.VICTIMS, kills.ALL)]
    _tell_blows(blows)
    wrong = [f"{blow.victim} did not come back" for blow in blows if blow.back is None]
    if load.ran_dry:
        wrong.append("the load had no wishes left before the last kill")
    connection.close()
    began = time.monotonic()
    wrong += _settle()
    out(f"reminders swept twice more and all mail delivered after {time.monotonic() - began:.1f} s")
    for line in wrong:
        out(f"  {line}")
    return _tell_checks(checks.Kept(load, made)) and not wrong


def _settle() -> list[str]:
    """Sweep twice more, and wait until nothing waits for mail; what is still wrong then is returned."""
    for _turn in range(2):
        asked = clock.now()
        kills.sweep()
        if not _within(SETTLE_WITHIN, lambda: _swept_since(asked)):  # noqa: B023 - asked at once
            return ["the worker did not sweep"]
    # A try that was cut off waits two minutes for the next: the pause is cut short, the delivery is the timetable's.
    pending = Notice.objects.filter(mail_state=Notice.Mail.PENDING)
    pending.update(not_before=clock.now())
    if not _within(SETTLE_WITHIN, lambda: checks.undelivered() == 0):
        return [f"{checks.undelivered()} notices still wait to be mailed"]
    return []


def _swept_since(moment) -> bool:
    beat = heartbeats.last().get(heartbeats.SWEEP)
    return beat is not None and beat.at >= moment


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _tell_blows(blows: list[kills.Blow]) -> None:
    out(f"\n{'killed':16}{'works again after':>20}{'longest silence':>18}{'requests failed':>18}")
    for blow in blows:
        back = "never" if blow.back is None else f"{blow.back:.1f} s"
        out(f"{blow.victim:16}{back:>20}{blow.silence:16.1f} s{blow.failed:18}")
    out()


def _tell_checks(kept: checks.Kept) -> bool:
    successes = sum(answer.is_success for answer in kept.load.answers)
    table: list[tuple[str, int, Iterator[str]]] = [
        ("answered with success, and kept", successes, kept.answered_is_kept()),
        ("wishes with one holder at most", len(kept.wishes), kept.one_holder()),
        ("events in chains that prove", len(kept.events), kept.chains_prove()),
        ("journeys gone to the end", len(kept.load.finished), kept.journeys_end()),
        ("notices told once", kept.notices.count(), kept.told_once()),
        ("reminders in one digest", len(kept.district.due), kept.reminded_once()),
        ("mails sent", len(kept.mail()), kept.mailed()),
    ]
    out(f"\n{'':36}{'looked at':>10}{'wrong':>8}")
    held = True
    for name, count, wrong in table:
        found = list(wrong)
        held = held and not found and count > 0
        out(f"{name:36}{count:10}{len(found):8}")
        for line in found[:SHOWN]:
            out(f"  {line}")
    unsure = sum(answer.unsure for answer in kept.load.answers)
    out(
        f"requests tried again after a failure: {unsure}; mails that left twice: {kept.mailed_again()}"
    )
    return held
