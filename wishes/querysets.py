"""Reading rules of wishes, as adjectives that chain. The only place that says who sees which wish."""

import datetime as dt

from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.timezone import make_aware

from accounts.models import Event
from jiangdong import clock
from notices.models import DueLine
from notices.workdays import add_workdays
from wishes.likeness import AKIN, ALIKE, Bigrams, likeness_to, telling
from wishes.workflow import (
    BEFORE_PUBLIC,
    ERASE,
    IN_HAND,
    NOT_COUNTED,
    ON_THE_WALL,
    QUIET,
    REMIND,
    UNDER_WAY,
    Kind,
    Rating,
    Rung,
    Stage,
    State,
    SuitsWhen,
    Takes,
    Visibility,
)

REMEMBERED_DAYS = 90  # a draft older than this is no sign that somebody is at it
RECURS_DAYS = 180
LAPSE_WARNING = "wish-lapse-warning"
# What others do to a claim moves it no further: its holder is as silent as before.
BY_OTHERS = (REMIND, ERASE, QUIET, *Rung.values, "ask_release")


class WishQuerySet(models.QuerySet):
    """Wishes. `archived` ones (spring 2014) stand outside clocks, boards, reminders and rates."""

    def live(self) -> "WishQuerySet":
        """Leave out archived campaigns."""
        return self.filter(archived=False)

    def on_the_wall(self) -> "WishQuerySet":
        """Keep what everybody may see: public, published and not withdrawn; archived ones included."""
        return self.filter(visibility=Visibility.PUBLIC, state__in=ON_THE_WALL)

    def declined_in_public(self) -> "WishQuerySet":
        """Keep what everybody read and nobody could do: counted where the wall counts, its words no longer shown."""
        return self.filter(visibility=Visibility.PUBLIC, state=State.DECLINED)

    def visible_to(self, standing) -> "WishQuerySet":
        """Keep what this person may open by its address.

        Wider than the board on purpose: who lost a race must read who won, not "not found".
        A draft is its community's own, withdrawn or not: its text was never checked.
        """
        seen = Q(visibility=Visibility.PUBLIC, state__in=ON_THE_WALL)
        published = Q(published_at__isnull=False)
        if standing.community_id:
            seen |= Q(community=standing.community_id)
        if standing.warden_of_id:
            seen |= Q(community=standing.warden_of_id, logged_by=standing.user_id)
        if standing.agency_id:
            helps = Exists(self._helpers().filter(wish=OuterRef("pk"), user=standing.user_id))
            seen |= Q(handler=standing.user_id) | (Q(together=True) & helps)
        if standing.is_agency_staff or standing.is_liaison:
            seen |= Q(agency=standing.agency_id)
        if standing.is_agency_staff:
            seen |= published & Q(visibility=Visibility.PAIRED, offered_to=standing.agency_id)
        if standing.street_id:
            checked = published | Q(state=State.CHECKING)
            seen |= Q(community__street=standing.street_id) & checked
        if standing.roles & {"supervisor", "supervision_group"}:
            seen |= published
        return self.filter(seen)

    def board(self, standing) -> "WishQuerySet":
        """Keep the open wishes that this person may see, claimable today or soon."""
        return self.live().filter(state=State.OPEN).visible_to(standing)

    def claimable_by(self, standing, on: dt.date) -> "WishQuerySet":
        """Keep the open wishes whose days of first offer are over, or are offered to this person's agency."""
        mine = Q(open_to_all_on__lte=on) | Q(offered_to__isnull=True)
        if standing.is_agency_staff:
            mine |= Q(offered_to=standing.agency_id)
        return self.filter(mine).exclude(visibility=Visibility.PRIVATE)

    def suited_to(self, standing) -> "WishQuerySet":
        """Keep what this person said they are good at, and what their agency answers for."""
        return self.filter(
            Q(kind__in=standing.specialities) | Q(community__in=standing.paired_community_ids)
        )

    def of_paired(self, standing) -> "WishQuerySet":
        """Keep the wishes of the communities that this person's agency answers for."""
        return self.filter(community__in=standing.paired_community_ids)

    def on_weekends(self) -> "WishQuerySet":
        """Keep what can be done at a weekend, as far as it was said."""
        return self.filter(suits_when__in=(SuitsWhen.ANY, SuitsWhen.WEEKEND))

    def within_half_an_hour(self) -> "WishQuerySet":
        return self.filter(takes=Takes.HALF_HOUR)

    def free_of_charge(self) -> "WishQuerySet":
        """Keep what costs nothing: said to, or not said to cost anything and no goods."""
        unsaid = Q(estimate__isnull=True) & ~Q(kind=Kind.GOODS)
        return self.filter(Q(estimate=0) | unsaid)

    def near(self, standing) -> "WishQuerySet":
        """Keep the wishes of the street in which this person registered; none without a registration."""
        return self.filter(community__street=standing.home_street_id)

    def of_desk(self, standing) -> "WishQuerySet":
        """Keep what stands on this person's desk: of their community, their street, or their agency."""
        if standing.community_id:
            return self.live().filter(community=standing.community_id)
        if standing.warden_of_id:
            return self.live().filter(community=standing.warden_of_id, logged_by=standing.user_id)
        if standing.street_id:
            checked = Q(published_at__isnull=False) | Q(state=State.CHECKING)
            return self.live().of_street(standing.street_id).filter(checked)
        if standing.agency_id and standing.is_liaison:
            offered = Q(state=State.OPEN, offered_to=standing.agency_id)
            return self.live().filter(Q(agency=standing.agency_id) | offered)
        return self.none()

    def of_the_resident_of(self, wish) -> "WishQuerySet":
        """Keep the other wishes of a wish's resident, told by their telephone within the community."""
        residents = self.model._meta.get_field("resident").related_model.objects
        return self.filter(resident__in=residents.with_the_telephone_of(wish.resident)).exclude(
            pk=wish.pk
        )

    def of_community(self, community_id: int) -> "WishQuerySet":
        return self.filter(community=community_id)

    def of_street(self, street_id: int) -> "WishQuerySet":
        return self.filter(community__street=street_id)

    def held_by(self, user) -> "WishQuerySet":
        """Keep what this person is handling or claimed."""
        return self.filter(handler=user)

    def helped_by(self, user) -> "WishQuerySet":
        """Keep what this person helps another with now, and what they helped with to the end."""
        helps = Exists(self._helpers().filter(wish=OuterRef("pk"), user=user))
        return self.filter(helps, together=True)

    def _helpers(self):
        return self.model._meta.get_field("helpers").related_model.objects.current()

    def to_be_checked(self) -> "WishQuerySet":
        return self.filter(state=State.CHECKING)

    def waiting_for_nod(self) -> "WishQuerySet":
        """Keep what the claimant calls done and the resident has not answered yet."""
        return self.live().filter(state=State.FULFILLED)

    def not_held_by(self, agency_id: int | None) -> "WishQuerySet":
        """Leave out what this agency holds: its own people do not ask the resident."""
        return self.exclude(agency=agency_id) if agency_id else self

    def without_handler(self) -> "WishQuerySet":
        """Keep branch claims whose handler is not named yet."""
        return self.filter(state__in=IN_HAND, handler__isnull=True)

    def under_way(self) -> "WishQuerySet":
        return self.live().filter(state__in=UNDER_WAY)

    def overdue(self, on: dt.date) -> "WishQuerySet":
        """Keep what should have been done before this day and is not.

        A wish due that very day is not overdue; the clock of one that waits stands still.
        """
        return self.live().filter(state__in=(State.OPEN, State.CLAIMED), due_on__lt=on)

    def unclaimed_too_long(self, on: dt.date) -> "WishQuerySet":
        """Keep open wishes that nobody took in the 7 working days since they were published or given back."""
        return self.live().filter(state=State.OPEN, claim_due_on__lt=on)

    def passed_over(self, on: dt.date) -> "WishQuerySet":
        """Keep what is late on a day: past the day agreed on, or unclaimed past the days for an answer."""
        return self.overdue(on) | self.unclaimed_too_long(on)

    def with_stage(self, on: dt.date, street: dt.date | None, district: dt.date | None):
        """Add `stage`: where an open wish that nobody has claimed stands on a day; None for all others.

        `street` and `district` are the latest days for an answer that have come before them (see `wishes.stages`);
        None where they are not told at all. What is not public is nobody's to claim, and has no stage before those.
        """
        cases = []
        for stage, last in ((Stage.DISTRICT, district), (Stage.STREET, street)):
            if last is not None:
                cases.append(When(claim_due_on__lte=last, then=Value(stage.value)))
        cases += [
            When(visibility=Visibility.PRIVATE, then=Value(None)),
            When(visibility=Visibility.PAIRED, then=Value(Stage.OFFERED.value)),
            When(open_to_all_on__gt=on, then=Value(Stage.OFFERED.value)),
        ]
        stage = Case(*cases, default=Value(Stage.EVERYONE.value), output_field=CharField())
        is_open = Q(state=State.OPEN, archived=False)
        return self.annotate(
            stage=Case(When(is_open, then=stage), default=Value(None), output_field=CharField())
        )

    def with_rest(self) -> "WishQuerySet":
        """Add `rests_until`: the last day for which somebody's asking after it (已电话了解) counts, or None."""
        quiets = self.model._meta.get_field("quiets").related_model.objects
        last = quiets.filter(wish=OuterRef("pk")).order_by("-until").values("until")[:1]
        return self.annotate(rests_until=Subquery(last))

    def waited_out(self, on: dt.date) -> "WishQuerySet":
        """Keep what waits and whose day has come."""
        return self.live().filter(state=State.WAITING, waits_until__lte=on)

    def quiet(self) -> "WishQuerySet":
        """Say of claims since which day nothing was heard of them: the agreed one, or the last act on them if later."""
        acts = Event.objects.filter(**self._about()).exclude(move__in=BY_OTHERS).order_by("-n")
        last = Subquery(acts.values(day=TruncDate("at"))[:1])
        return self.annotate(quiet_since=Greatest("due_on", last))

    def run_out(self, on: dt.date, after: int, warned: int) -> "WishQuerySet":
        """Keep claims past their day of which nothing was heard for `after` working days.

        Only those whose handler (a liaison, where none is named) read a warning `warned` working days ago or longer.
        """
        told = DueLine.objects.filter(
            **self._about(),
            reminder=LAPSE_WARNING,
            recipient=Coalesce(OuterRef("handler"), F("recipient")),
            digest__digest_day__gt=OuterRef("quiet_since"),
            digest__digest_day__lte=add_workdays(on, -warned),
        )
        last = add_workdays(on, -after)
        claims = self.live().filter(state=State.CLAIMED, due_on__lte=last)
        return claims.quiet().filter(Exists(told), quiet_since__lte=last)

    def _about(self) -> dict:
        """Return what names a wish in rows about things of any kind."""
        return {"thing_kind": self.model._meta.label_lower, "thing_id": OuterRef("pk")}

    def published(self) -> "WishQuerySet":
        """Keep what was ever published, whatever became of it: the denominator of 响应率. Batches count apart."""
        return self.live().filter(published_at__isnull=False, in_batch=False)

    def not_withdrawn(self) -> "WishQuerySet":
        """Leave out what was withdrawn, and what ended with the resident's death or removal."""
        return self.exclude(state__in=NOT_COUNTED)

    def claimed_in_time(self) -> "WishQuerySet":
        """Keep what was first claimed within 7 working days after publishing."""
        return self.published().filter(first_claimed_on__lte=F("response_due_on"))

    def confirmed(self) -> "WishQuerySet":
        """Keep what the resident confirmed. Batches count apart."""
        return self.live().filter(state=State.CLOSED, in_batch=False)

    def satisfied(self) -> "WishQuerySet":
        return self.confirmed().filter(rating=Rating.SATISFIED)

    def alike(self, title: str, detail: str = "") -> "WishQuerySet":
        """Keep what says much the same in its words; `likeness` says how much, from 0 to 1."""
        said = telling(f"{title}\n{detail}")
        near = self.annotate(likeness=likeness_to(title, detail))
        return near.filter(grams__overlap=said, likeness__gt=ALIKE) if said else near.none()

    def likely_the_same(
        self, *, title: str, detail: str = "", kind: str = "", phone_index: str = ""
    ) -> "WishQuerySet":
        """Keep what may be the same wish told again: like words, or the same telephone and akin in words or kind.

        Only what is under way or was written down in the last REMEMBERED_DAYS days and is not public yet.
        """
        since = make_aware(
            dt.datetime.combine(clock.today() - dt.timedelta(days=REMEMBERED_DAYS), dt.time.min)
        )
        pending = self.live().filter(
            Q(state__in=UNDER_WAY) | Q(state__in=BEFORE_PUBLIC, logged_at__gte=since)
        )
        said = telling(f"{title}\n{detail}")
        same = Q(grams__overlap=said, likeness__gt=ALIKE)
        if phone_index:
            akin = Q(likeness__gt=AKIN) | Q(kind=kind)
            same |= Q(resident__phone_index=phone_index) & akin
        return pending.annotate(likeness=likeness_to(title, detail)).filter(same)

    def repeated_by(self, wish) -> "WishQuerySet":
        """Keep what ended within RECURS_DAYS days before a wish of the same kind and place says the same, latest first.

        Fulfilled to the resident's nod or declined: what is still under way is no recurrence but a duplicate.
        """
        since = wish.logged_at - dt.timedelta(days=RECURS_DAYS)
        over = Coalesce("closed_at", "left_at")
        settled = self.live().filter(
            community=wish.community_id, kind=wish.kind, state__in=(State.CLOSED, State.DECLINED)
        )
        recent = settled.annotate(over_at=over).filter(
            over_at__gte=since, over_at__lte=wish.logged_at
        )
        return recent.alike(wish.title, wish.detail).order_by("-over_at", "-pk")

    def repeating(self, first) -> "WishQuerySet":
        """Keep a first wish and all that repeat it."""
        return self.filter(Q(pk=first.pk) | Q(recurs_first=first.pk))

    def search(self, words: str) -> "WishQuerySet":
        """Keep what holds every word, two characters of Chinese being enough.

        The bigram index narrows, a plain comparison decides; a single character is compared alone.
        """
        found = self
        for word in words.split()[:5]:
            if len(word) > 1:
                found = found.filter(grams__contains=Bigrams(Value(word)))
            found = found.filter(Q(title__icontains=word) | Q(detail__icontains=word))
        return found


class WishManager(models.Manager.from_queryset(WishQuerySet)):
    """Reads wishes without the pieces that only the search index needs."""

    def get_queryset(self) -> WishQuerySet:
        return super().get_queryset().defer("grams")
