"""`make faults` judges by these checks: each is silent over what is whole, and names what is broken."""

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction

from accounts import trail
from jiangdong.faults.checks import Kept
from jiangdong.faults.load import Answer
from notices.models import DueLine, Notice
from tests.cast import NOW
from wishes import actions
from wishes.models import ResidentLink, Wish

CHECKS = (
    *("answered_is_kept", "one_holder", "chains_prove", "journeys_end"),
    *("told_once", "reminded_once", "mailed"),
)
SENT = {"mail_state": Notice.Mail.SENT, "mail_attempts": 1, "sent_at": NOW}


@pytest.fixture
def storm(cast, wish_in, settings, tmp_path):
    """What is left of a run: one wish that went to the end, one that fell due, what was answered and told."""
    settings.EMAIL_FILE_PATH = tmp_path
    wish, late = wish_in("fulfilled"), wish_in("claimed")
    wish = actions.confirm_by_link(link=ResidentLink.objects.get(wish=wish), rating="satisfied")
    line = DueLine.objects.create(
        reminder="wish-due-handler",
        thing_kind="wishes.wish",
        thing_id=late.pk,
        day=NOW.date(),
        recipient=cast.cadre,
        url="/",
        digest=digest_of(cast.cadre, NOW.date()),
    )
    Notice.objects.update(**SENT)
    for notice in Notice.objects.all():
        leave_mail(notice)
    return SimpleNamespace(wish=wish, late=late, line=line, cast=cast)


def digest_of(person, day: dt.date) -> Notice:
    words = {"kind": Notice.DIGEST, "title": "今天要办的", "not_before": NOW}
    return Notice.objects.create(recipient=person, digest_day=day, **words, **SENT)


def leave_mail(notice: Notice) -> None:
    """Put a mail into the folder, as the portal of a run does."""
    path = settings.EMAIL_FILE_PATH / f"{uuid.uuid4()}.log"
    path.write_text(f"Subject: x\nMessage-ID: <{notice.message_id}@example.org>\n\n")


def records_of(storm) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Return what the clients of the run wrote down, and the district."""
    cadre, wish = storm.cast.cadre.pk, storm.wish
    made = [("claim", cadre), ("fulfil", cadre), ("confirm", None)]
    answers = [Answer(wish, move, user_id, 200, unsure=False, at=0) for move, user_id in made]
    load = SimpleNamespace(answers=answers, finished=[wish], given_up=[])
    due = {("wish-due-handler", storm.late.pk, cadre)}
    district = SimpleNamespace(targets=[wish], worker=storm.cast.worker, due=due)
    return load, district


def found(storm, broken: Callable = lambda storm, load, district: None) -> dict[str, list[str]]:
    """Break something, and return what each check says is wrong, of those that say anything."""
    load, district = records_of(storm)
    with transaction.atomic():
        broken(storm, load, district)
        kept = Kept(load, district)
        said = {name: [*getattr(kept, name)()] for name in CHECKS}
        transaction.set_rollback(True)
    return {name: lines for name, lines in said.items() if lines}


def answered(storm, load, move: str, who, status: int = 200) -> None:
    load.answers.append(Answer(storm.wish, move, who.pk, status, unsure=False, at=0))


def written_again(storm, move: str, by=None) -> None:
    """Write another event of the wish, in its chain."""
    wish = Wish.objects.get(pk=storm.wish.pk)
    trail.record(thing=wish, move=move, from_state="open", to_state="closed", by=by)
    wish.save(update_fields=trail.TRAIL_FIELDS)


def a_success_that_is_not_kept(storm, load, district):
    answered(storm, load, "fulfil", storm.cast.cadre_b)


def a_fulfilment_kept_twice(storm, load, district):
    written_again(storm, "fulfil", storm.cast.cadre)


def two_holders(storm, load, district):
    written_again(storm, "claim", storm.cast.cadre_b)


def two_who_were_told_so(storm, load, district):
    answered(storm, load, "claim", storm.cast.cadre_b)


def a_holder_who_never_claimed(storm, load, district):
    Wish.objects.filter(pk=storm.wish.pk).update(handler=storm.cast.cadre_b)


def a_chain_that_was_cut(storm, load, district):
    Wish.objects.filter(pk=storm.wish.pk).update(trail_head="0" * 64)


def a_state_that_no_event_led_to(storm, load, district):
    wish = Wish.objects.get(pk=storm.wish.pk)
    trail.record(thing=wish, move="return", from_state="closed", to_state="draft")
    wish.save(update_fields=trail.TRAIL_FIELDS)


def a_journey_that_did_not_end(storm, load, district):
    load.finished.append(storm.late)
    district.targets.append(storm.late)
    load.answers.append(Answer(storm.late, "claim", storm.cast.cadre.pk, 200, unsure=False, at=0))


def a_client_never_answered(storm, load, district):
    load.given_up.append(storm.wish.code)


def a_refusal_nobody_should_see(storm, load, district):
    answered(storm, load, "claim", storm.cast.cadre_b, status=400)


def claimed_notice(storm):
    return Notice.objects.filter(kind="claimed", thing_id=storm.wish.pk)


def a_missing_notice(storm, load, district):
    claimed_notice(storm).delete()


def a_doubled_notice(storm, load, district):
    notice = claimed_notice(storm).get()
    notice.pk, notice.message_id = None, uuid.uuid4()
    notice.save(force_insert=True)
    leave_mail(notice)


def a_missing_reminder(storm, load, district):
    DueLine.objects.all().delete()


def a_reminder_in_no_digest(storm, load, district):
    DueLine.objects.update(digest=None)


def a_doubled_reminder(storm, load, district):
    tomorrow = NOW.date() + dt.timedelta(days=1)
    digest = digest_of(storm.cast.cadre, tomorrow)
    leave_mail(digest)
    line = DueLine.objects.get()
    line.pk, line.day, line.digest = None, tomorrow, digest
    line.save(force_insert=True)


def a_reminder_of_nothing_due(storm, load, district):
    district.due.clear()


def mail_that_waits(storm, load, district):
    claimed_notice(storm).update(mail_state=Notice.Mail.PENDING, sent_at=None)


def mail_called_sent_that_never_left(storm, load, district):
    claimed_notice(storm).update(message_id=uuid.uuid4())


def mail_that_left_more_often_than_tried(storm, load, district):
    leave_mail(claimed_notice(storm).get())


# What is broken, and the checks that must say so, each with words of the line that they print.
BREAKS: list[tuple[Callable, dict[str, str]]] = [
    (a_success_that_is_not_kept, {"answered_is_kept": "fulfil was answered 200 and is not kept"}),
    (a_fulfilment_kept_twice, {"answered_is_kept": "is not kept", "told_once": "told 1 times"}),
    (two_holders, {"one_holder": "taken by [", "told_once": "to be told 2 times, told 1"}),
    (two_who_were_told_so, {"answered_is_kept": "claim was", "one_holder": "2 told so"}),
    (a_holder_who_never_claimed, {"one_holder": "held by", "told_once": "told 0 times"}),
    (a_chain_that_was_cut, {"chains_prove": "cut off or added to"}),
    (a_state_that_no_event_led_to, {"chains_prove": "is closed, and its last event says draft"}),
    (a_journey_that_did_not_end, {"journeys_end": "went to the end, and it is claimed"}),
    (a_client_never_answered, {"journeys_end": "its client was never answered"}),
    (a_refusal_nobody_should_see, {"journeys_end": "claim was answered 400"}),
    (a_missing_notice, {"told_once": "to be told 1 times, told 0 times"}),
    (a_doubled_notice, {"told_once": "to be told 1 times, told 2 times"}),
    (a_missing_reminder, {"reminded_once": "stands in 0 digests"}),
    (a_reminder_in_no_digest, {"reminded_once": "stands in 0 digests"}),
    (a_doubled_reminder, {"reminded_once": "stands in 2 digests"}),
    (a_reminder_of_nothing_due, {"reminded_once": "stands in 1 digests"}),
    (mail_that_waits, {"mailed": "pending after 1 tries, 1 copies left"}),
    (mail_called_sent_that_never_left, {"mailed": "sent after 1 tries, 0 copies left"}),
    # Last, because a folder is not rolled back.
    (mail_that_left_more_often_than_tried, {"mailed": "sent after 1 tries, 2 copies left"}),
]


def test_checks_are_silent_over_what_is_whole_and_name_what_is_broken(storm):
    assert found(storm) == {}
    for broken, words in BREAKS:
        said = found(storm, broken)
        assert said.keys() == words.keys(), (broken.__name__, said)
        for check, part in words.items():
            assert any(part in line for line in said[check]), (broken.__name__, said)


def test_mail_that_left_twice_is_counted(storm):
    leave_mail(claimed_notice(storm).get())
    assert Kept(*records_of(storm)).mailed_again() == 1
