"""What can happen to pairings, registrations, people's posts and residents' details."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts_actions
from accounts import trail
from accounts.models import DistrictRole, User
from jiangdong import clock, erasures
from jiangdong.privacy import phone_index, seal, unseal
from jiangdong.refusals import NotAllowed, NotNow, NotValid, not_valid
from jiangdong.terms import DateRange, Term
from pairing import erasure, leaving, policy
from pairing.models import (
    Agency,
    Cadre,
    Community,
    CommunityWorker,
    Consent,
    Details,
    Look,
    Pairing,
    Resident,
)
from pairing.standing import standing_of


@transaction.atomic
def pair(
    *, agency: Agency, community: Community, by: User, since: dt.date | None = None
) -> Pairing:
    """Pair an agency with a community from a day on, ending the pairing that stood before.

    Raises:
        NotAllowed: not a supervisor.
        NotNow: another pairing of the community begins later.
    """
    if not policy.may_arrange(standing_of(by)):
        raise NotAllowed("not_yours", _("只有区督办可以安排结对。"))
    since = since or clock.today()
    community = Community.objects.select_for_update().get(pk=community.pk)
    before = (
        Pairing.objects.select_for_update(of=("self",))
        .on(since)
        .filter(community=community)
        .first()
    )
    if before:
        _end_pairing(before, on=since, by=by)
    pairing = Pairing(agency=agency, community=community, term=DateRange(since, None, "[)"))
    try:
        with transaction.atomic():
            pairing.save()
    except IntegrityError as error:
        raise NotNow("paired_later", _("这个社区在那以后已另有结对安排。")) from error
    _record(pairing, "pair", "", "paired", by)
    return pairing


def _end_pairing(pairing: Pairing, *, on: dt.date, by: User) -> None:
    if pairing.term.lower == on:
        raise NotNow("paired_that_day", _("这个社区当天刚刚安排过结对。"))
    pairing.term = DateRange(pairing.term.lower, on, "[)")
    pairing.save(update_fields=("term",))
    _record(pairing, "end", "paired", "ended", by)


def _record(pairing: Pairing, move: str, from_state: str, to_state: str, by: User) -> None:
    label = standing_of(by).label
    trail.record(
        thing=pairing, move=move, from_state=from_state, to_state=to_state, by=by, by_label=label
    )
    pairing.save(update_fields=trail.TRAIL_FIELDS)


def describe_oneself(
    *, by: User, specialities: Iterable[str], registered_with: Community | None
) -> Cadre:
    """Let a cadre say what they are good at and register (报到) with the community where they live.

    Raises:
        NotAllowed: they act for no agency.
    """
    cadre = Cadre.objects.now().filter(user=by).first()
    if cadre is None:
        raise NotAllowed("not_yours", _("只有单位的人可以填写专长和报到社区。"))
    cadre.specialities = sorted(set(specialities))
    cadre.registered_with = registered_with
    cadre.save(update_fields=("specialities", "registered_with"))
    return cadre


def record_resident(
    *, community: Community, details: Details, consents: Iterable[str], by: User | None
) -> Resident:
    """Keep what a resident told us, sealed, with the consents they gave: to somebody, or by themselves on a page.

    Raises:
        NotValid: details without consent to record and contact.
    """
    kinds = set(consents)
    require_consent_to_details(details, kinds)
    resident = Resident.objects.create(
        community=community,
        sealed=seal(vars(details)),
        phone_index=phone_index(details.phone, community.pk),
        recorded_at=clock.now(),
    )
    add_consents(resident=resident, consents=kinds, by=by)
    return resident


@transaction.atomic
def record_residents(
    kept: Iterable[tuple[Community, Details, Iterable[str], User]],
) -> list[Resident]:
    """Keep what many residents told us, as `record_resident` does for one, in two statements.

    Raises:
        NotValid: details without consent to record and contact.
    """
    residents, consents, now = [], [], clock.now()
    for community, details, given, by in kept:
        kinds = set(given)
        require_consent_to_details(details, kinds)
        resident = Resident(
            community=community,
            sealed=seal(vars(details)),
            phone_index=phone_index(details.phone, community.pk),
            recorded_at=now,
        )
        residents.append(resident)
        consents += [
            Consent(resident=resident, kind=kind, given_at=now, taken_by=by)
            for kind in sorted(kinds)
        ]
    Resident.objects.bulk_create(residents)
    for consent in consents:
        consent.resident_id = consent.resident.pk
    Consent.objects.bulk_create(consents)
    return residents


def require_consent_to_details(details: Details, consents: set[str]) -> None:
    """Refuse to keep anybody's details without their word (个人信息保护法 article 13).

    Raises:
        NotValid: there are details and no consent to record and contact.
    """
    if details and Consent.Kind.CONTACT not in consents:
        message = _("没有本人同意，不能记下姓名、电话或住处。")
        raise NotValid("no_consent", message, fields={"consent": [message]})


def change_resident(
    *, resident: Resident, details: Details, consents: Iterable[str], by: User
) -> None:
    """Replace what is kept of a resident and the consents, as they stand while the wish is still a draft.

    Raises:
        NotValid: details without consent, or of somebody who had theirs erased.
    """
    kinds = set(consents)
    require_consent_to_details(details, kinds)
    if resident.erased_at and details:
        message = _("居民要求删去了，不再记姓名、电话或住处。")
        raise NotValid("erased", message, fields={"contact": [message]})
    resident.sealed = seal(vars(details))
    resident.phone_index = phone_index(details.phone, resident.community_id)
    resident.save(update_fields=("sealed", "phone_index"))
    resident.consents.exclude(kind__in=kinds).delete()
    add_consents(resident=resident, consents=kinds, by=by)


def add_consents(*, resident: Resident, consents: Iterable[str], by: User | None) -> None:
    """Record consents that were not on record yet."""
    now = clock.now()
    Consent.objects.bulk_create(
        [
            Consent(resident=resident, kind=kind, given_at=now, taken_by=by)
            for kind in sorted(set(consents))
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def look(*, resident: Resident, by: User, why: str) -> Details:
    """Open a resident's details for a person whom the policy of the thing let through, and record the look.

    Raises:
        NotValid: no reason given.
    """
    if not why.strip():
        message = _("请写明为什么要看。")
        raise NotValid("no_reason", message, fields={"why": [message]})
    Look.objects.create(resident=resident, by=by, at=clock.now(), why=why.strip()[:200])
    return Details(**unseal(resident.sealed))


def names_to_catch(resident: Resident | None) -> tuple[str, ...]:
    """Return what must not appear in a public text about this resident; nobody sees it, so no look is recorded."""
    if resident is None:
        return ()
    facts = unseal(resident.sealed)
    return tuple(facts[key] for key in ("name", "address") if facts.get(key))


def keep_until(*, resident: Resident, closed_on: dt.date) -> None:
    """Set the day after which a resident's details go: RESIDENT_DETAILS_DAYS after the last closing."""
    resident.erase_after = closed_on + dt.timedelta(days=settings.RESIDENT_DETAILS_DAYS)
    resident.save(update_fields=("erase_after",))


def keep_on(*, resident: Resident) -> None:
    """Keep a resident's details without a term again, because a wish of theirs goes on."""
    resident.erase_after = None
    resident.save(update_fields=("erase_after",))


@transaction.atomic
def erase(*, resident: Resident) -> None:
    """Erase a resident's details here and in every app that holds some; figures and events stay. Safe to repeat.

    Words and photos may come after an early erasure, while their wish goes on: the next one takes them too. Noted
    in the journal of erasures as well, so that restoring a backup erases them again. What followers lock comes
    before the resident's row, as in every move of a wish that also writes there: neither waits for the other.
    """
    for follower in erasure.followers:
        follower(resident)
    resident = Resident.objects.select_for_update().get(pk=resident.pk)
    resident.erase_after = None
    if resident.erased_at:
        resident.save(update_fields=("erase_after",))
        return
    resident.sealed = resident.phone_index = ""
    resident.erased_at = clock.now()
    resident.save(update_fields=("sealed", "phone_index", "erased_at", "erase_after"))
    done = erasures.Erasure(resident.pk, resident.erased_at)
    # If the journal cannot be written the resident is erased all the same; `note_erasures` makes up for it.
    transaction.on_commit(lambda: erasures.note([done]), robust=True)


def note_erasures() -> int:
    """Note in the journal whoever was erased and does not stand there yet, and return how many that were."""
    journal, _unreadable = erasures.noted()
    erased = Resident.objects.filter(erased_at__isnull=False).values_list("pk", "erased_at")
    missing = {erasures.Erasure(*each) for each in erased.iterator()} - set(journal)
    erasures.note(sorted(missing, key=lambda entry: entry.at))
    return len(missing)


def erase_again() -> int:
    """Erase whoever the journal says was erased and who is back from a backup, and return how many that were.

    An id that a resident got only after the erasure that is noted under it is another person's.
    """
    journal, _unreadable = erasures.noted()
    last = {entry.resident_id: entry.at for entry in sorted(journal, key=lambda entry: entry.at)}
    back = Resident.objects.filter(pk__in=last, erased_at__isnull=True)
    again = [resident for resident in back if resident.recorded_at <= last[resident.pk]]
    for resident in again:
        erase(resident=resident)
    return len(again)


def erase_expired(*, on: dt.date) -> int:
    """Erase whoever's term has run out by a day, each in a transaction of its own, and return how many."""
    expired = Resident.objects.filter(erase_after__lt=on)
    count = 0
    for resident in expired.iterator():
        erase(resident=resident)
        count += 1
    return count


@transaction.atomic
def end_person(*, person: User, by: User, successor: Cadre | None = None) -> int:
    """End the posts, roles, account, sessions and tokens of somebody who left, and hand over what they hold.

    What they hold goes to the successor, or back to whoever answers for it; a community's own work stays with
    the community. Return how many things were handed over.

    Raises:
        NotAllowed: not an administrator, or oneself.
        NotNow: they are gone already, and hold nothing any more.
        NotValid: the successor is the same person, or acts for no agency today.
    """
    if not policy.may_end_person(standing_of(by), person):
        raise NotAllowed("not_yours", _("离任由管理员办理，自己的请另一位管理员来办。"))
    person = User.objects.select_for_update().get(pk=person.pk)
    if successor and not _may_succeed(successor, person):
        message = _("请选一位还在岗的同事。")
        raise not_valid("successor", message)
    was_active = person.is_active
    if was_active:
        accounts_actions.record(person, "end", by=by, after="ended")
        person.is_active = False
        person.save(update_fields=("is_active",))
    posts = sum(_end_terms(model, person) for model in (Cadre, CommunityWorker, DistrictRole))
    handed = sum(duty.hand_over(of=person, to=successor, by=by) for duty in leaving.duties)
    accounts_actions.shut(of=person)
    if not (was_active or posts or handed):
        raise NotNow("ended_already", _("这个人已经离任，手上也没有事了。"))
    return handed


def _may_succeed(successor: Cadre, person: User) -> bool:
    there = Cadre.objects.acting().filter(pk=successor.pk)
    return successor.user_id != person.pk and there.exists()


def _end_terms(model: type[Term], person: User) -> int:
    """End what somebody is, from today on: what began today has been for a day, what was to come never is."""
    today = clock.today()
    tomorrow = today + dt.timedelta(days=1)
    theirs = model.objects.filter(user=person)
    to_come = theirs.filter(term__startswith__gt=today).delete()[0]
    open_ones = theirs.filter(Q(term__endswith=None) | Q(term__endswith__gt=today))
    for post in open_ones.select_for_update(of=("self",)):
        ends = tomorrow if post.term.lower == today else today
        post.term = DateRange(post.term.lower, ends, "[)")
        post.save(update_fields=("term",))
    return to_come + len(open_ones)
