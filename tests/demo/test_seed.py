"""The demo district, loaded once for this file: the article's figures, and nothing that defames."""

import datetime as dt
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from accounts import trail
from accounts.models import DistrictRole, Event, User
from jiangdong.demo import people
from jiangdong.privacy import findings_in
from notices.models import Notice
from pairing.actions import names_to_catch
from pairing.models import (
    Agency,
    Cadre,
    Community,
    CommunityWorker,
    Consent,
    Pairing,
    Resident,
    Street,
)
from pairing.standing import standing_of
from tests.cast import NOW, PASSWORD, kept_for_a_file, signed_in
from wishes import policy
from wishes.models import Campaign, Wish
from wishes.workflow import LEFT, Asked, Kind, Move, Origin, Rating, State, Visibility

# The database's mark makes sure that there is a test database; each test then rolls back to the loaded district.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

INVENTED = "示例"
TODAY = NOW.date()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Load the district once."""
    with kept_for_a_file(django_db_blocker):
        out = StringIO()
        call_command("seed_demo", stdout=out)
        yield SimpleNamespace(out=out.getvalue())


def spring():
    return Wish.objects.filter(campaign__slug="spring-2014")


def live():
    return Wish.objects.live()


def account(username: str) -> User:
    return User.objects.get(username=username)


def counts() -> list[int]:
    models = (User, Community, Pairing, Cadre, Wish, Event, Notice, Resident, Consent, Campaign)
    return [model.objects.count() for model in models]


class TestFigures:
    def test_seven_streets_fifty_nine_communities_forty_nine_paired_agencies(self):
        assert Street.objects.count() == 7
        assert Community.objects.count() == 59
        assert Agency.objects.paired().count() == 49
        assert Pairing.objects.now().values("community").distinct().count() == 59
        assert Agency.objects.filter(kind="street_office").count() == 7

    def test_at_least_one_agency_has_two_communities_or_more(self):
        pairs = Pairing.objects.now().values("agency").annotate(n=Count("id"))
        assert pairs.filter(n__gte=2).exists()

    @pytest.mark.parametrize(
        ("agency", "communities"),
        [("区委办公室", ["划船社区"]), ("区教育局", ["七塔社区", "舟孟社区"])],
    )
    def test_the_articles_pairings_stand(self, agency, communities):
        paired = Pairing.objects.now().filter(agency__name=agency)
        names = paired.values_list("community__name", flat=True)
        assert sorted(names) == sorted(communities)

    def test_the_articles_communities_are_there(self):
        named = [
            "江南",
            "新城",
            "华光城",
            "黄鹂",
            "划船",
            "新源",
            "七塔",
            "舟孟",
            "福明家园",
            "明一",
        ]
        found = Community.objects.filter(name__in=[f"{name}社区" for name in named])
        assert found.count() == len(named)

    def test_twenty_two_cadres_are_registered_with_huachuan_and_nobody_else_is(self):
        registered = Cadre.objects.now().filter(registered_with__name="划船社区")
        assert registered.count() == 22
        assert set(registered.values_list("agency__name", flat=True)) == {"区委办公室"}

    def test_twenty_six_cadres_of_the_education_bureau_are_registered_with_its_two(self):
        registered = Cadre.objects.now().filter(registered_with__name__in=["七塔社区", "舟孟社区"])
        assert registered.count() == 26
        assert set(registered.values_list("agency__name", flat=True)) == {"区教育局"}
        assert Cadre.objects.now().filter(agency__name="区教育局").count() == 26

    def test_every_community_has_workers_and_wardens_and_every_agency_a_liaison(self):
        for duty in ("worker", "warden"):
            posts = CommunityWorker.objects.now().filter(duty=duty)
            assert posts.values("community").distinct().count() == 59
        liaisons = Cadre.objects.acting().liaisons().values("agency").distinct()
        assert liaisons.count() == Agency.objects.count()

    def test_names_and_codes_order_as_readers_expect(self):
        assert not Community.objects.filter(sort_key="").exists()
        first = Agency.objects.order_by("position").values_list("name", flat=True)[:4]
        assert list(first) == ["区委办公室", "区人大常委会办公室", "区政府办公室", "区政协办公室"]


class TestSpring2014:
    def test_3826_wishes_all_claimed_300_of_them_by_the_second_generation(self):
        assert spring().count() == 3826
        assert spring().filter(agency__isnull=False, claimed_at__isnull=False).count() == 3826
        assert spring().filter(agency__name="创二代联谊会").count() == 300

    def test_only_the_education_bureaus_72_are_fulfilled_in_its_two_communities(self):
        done = spring().exclude(state=State.CLAIMED)
        assert done.count() == 72
        assert set(done.values_list("state", "agency__name")) == {(State.FULFILLED, "区教育局")}
        assert set(done.values_list("community__code", flat=True)) == {"QT", "ZM"}

    def test_it_is_archived_and_holds_no_resident(self):
        assert Campaign.objects.get(slug="spring-2014").archived
        assert not spring().filter(Q(archived=False) | Q(resident__isnull=False)).exists()

    def test_its_wishes_read_varied(self):
        assert spring().values("title").distinct().count() >= 1500

    def test_everything_in_it_happened_in_spring_2014(self):
        assert not spring().exclude(logged_at__year=2014, claimed_at__year=2014).exists()

    def test_wishes_of_children_and_of_health_passed_a_second_person(self):
        due = spring().filter(Q(kind=Kind.HEALTH) | Q(for_child=True))
        assert due.exists()
        assert not due.filter(published_by=F("logged_by")).exists()


class TestLiveSeason:
    def test_a_few_hundred_wishes_of_the_past_ten_weeks_in_every_state(self):
        assert 340 <= live().count() <= 420
        assert live().filter(logged_at__lt=NOW - dt.timedelta(weeks=13)).count() == 0
        assert set(live().values_list("state", flat=True)) == set(State.values)

    def test_it_shows_every_visibility_origin_rating_and_kind(self):
        for field, values in (
            ("visibility", Visibility.values),
            ("origin", Origin.values),
            ("rating", Rating.values),
            ("kind", Kind.values),
        ):
            assert set(live().values_list(field, flat=True)) >= set(values), field

    def test_nothing_happened_after_now(self):
        assert not Event.objects.filter(at__gt=NOW).exists()
        assert not Notice.objects.filter(created_at__gt=NOW).exists()

    def test_some_are_late(self):
        assert live().overdue(TODAY).count() >= 5
        assert live().unclaimed_too_long(TODAY).exists()

    def test_residents_agreed_to_what_is_kept_and_shown(self):
        public = live().filter(visibility=Visibility.PUBLIC)
        agreed = public.filter(resident__consents__kind=Consent.Kind.PUBLISH).count()
        assert agreed == public.count()
        assert not Resident.objects.exclude(consents__kind=Consent.Kind.CONTACT).exists()


class TestItDoesNotDefame:
    def test_only_invented_units_are_late(self):
        late = live().filter(
            Q(first_claimed_on__gt=F("response_due_on"))
            | Q(fulfilled_at__date__gt=F("due_on"))
            | Q(state__in=[State.OPEN, State.CLAIMED], due_on__lt=TODAY)
            | Q(state=State.OPEN, claim_due_on__lt=TODAY)
        )
        assert late.exists()
        assert not late.exclude(community__name__startswith=INVENTED).exists()
        assert (
            not late.filter(agency__isnull=False)
            .exclude(agency__name__startswith=INVENTED)
            .exists()
        )

    def test_only_invented_units_disappoint_residents_or_give_back(self):
        disappointing = live().filter(
            Q(reopened__gt=0) | Q(rating__in=[Rating.FAIR, Rating.UNSATISFIED])
        )
        assert disappointing.exists()
        assert not disappointing.exclude(agency__name__startswith=INVENTED).exists()
        released = Event.objects.filter(move=Move.RELEASE)
        assert released.exists()
        assert not released.exclude(by_label__startswith=INVENTED).exists()

    def test_only_invented_places_have_wishes_that_left_their_way_unfulfilled_or_ask_for_time(self):
        beside = live().filter(
            Q(state__in=[*LEFT, State.WAITING]) & ~Q(state=State.WITHDRAWN)
            | Q(asks__what__in=Asked.values)
        )
        assert beside.count() >= 12
        assert not beside.exclude(community__name__startswith=INVENTED).exists()

    def test_no_real_name_has_a_low_rate(self):
        agencies = Agency.objects.paired().exclude(name__startswith=INVENTED)
        for agency in agencies:
            offered = live().published().filter(offered_to=agency)
            n = offered.count()
            if n >= 10:
                assert offered.claimed_in_time().count() / n >= 0.75, agency
                assert offered.confirmed().count() / offered.not_withdrawn().count() > 0.6, agency

    def test_what_is_under_way_for_real_names_has_a_working_week_left_and_more(self):
        under_way = live().filter(state__in=[State.OPEN, State.CLAIMED])
        real = under_way.exclude(community__name__startswith=INVENTED)
        assert not real.filter(due_on__lt=TODAY + dt.timedelta(days=7)).exists()

    def test_every_person_is_plainly_invented_and_cannot_be_dialled(self):
        assert not User.objects.exclude(name__endswith=INVENTED).exists()
        assert not User.objects.exclude(phone__regex=r"^138 0000 00\d\d$").exists()
        assert not Community.objects.exclude(phone__regex=r"^138 0000 00\d\d$").exists()

    def test_nobody_of_the_article_has_an_account(self):
        assert not User.objects.filter(name__in=["董剑峰", "俞复玲", "袁岳琪"]).exists()


class TestPrivacy:
    def test_no_public_text_gives_a_resident_away(self):
        for wish in Wish.objects.select_related("resident"):
            text = f"{wish.title}\n{wish.detail}\n{wish.fulfil_note}\n{wish.words}"
            assert findings_in(text, names_to_catch(wish.resident)) == []

    def test_notices_and_events_hold_no_telephone(self):
        assert not Notice.objects.filter(
            Q(title__contains="138") | Q(body__contains="138")
        ).exists()
        assert not trail.EventNote.objects.filter(text__contains="138").exists()


class TestAccounts:
    def test_the_accounts_and_their_password_are_printed(self, demo):
        for username, _what in people.ACCOUNTS:
            assert f"  {username} " in demo.out
        assert PASSWORD in demo.out

    @pytest.mark.parametrize("username", [username for username, _what in people.ACCOUNTS])
    def test_an_account_signs_in(self, username):
        client = Client()
        answer = client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(account(username).pk)

    def test_they_stand_where_the_contract_says(self):
        def community(username: str) -> str:
            return standing_of(account(username)).community_name

        def agency(username: str) -> str:
            return standing_of(account(username)).agency_name

        assert (community("worker"), community("worker2")) == ("七塔社区", "划船社区")
        assert standing_of(account("warden")).warden_of_id == Community.objects.get(code="QT").pk
        assert (agency("cadre"), agency("liaison")) == ("区教育局", "区教育局")
        assert standing_of(account("liaison")).is_liaison
        assert (agency("cadre2"), agency("member")) == ("区委办公室", "创二代联谊会")
        assert standing_of(account("street")).street_id == Street.objects.get(code="BZ").pk

    @pytest.mark.parametrize(
        ("username", "role"),
        [
            ("supervisor", "supervisor"),
            ("inspector", "inspector"),
            ("leader", "leader"),
            ("admin", "administrator"),
        ],
    )
    def test_district_roles_are_held(self, username, role):
        assert DistrictRole.objects.now().filter(user__username=username, role=role).exists()

    def test_nobody_is_a_superuser(self):
        assert not User.objects.filter(Q(is_superuser=True) | Q(is_staff=True)).exists()

    def test_mail_begins_with_today(self):
        assert not User.objects.filter(email="").exists()
        assert not Notice.objects.filter(mail_state=Notice.Mail.PENDING).exists()


class TestWhatTheyFind:
    def test_worker_has_calls_to_make_and_a_wish_to_look_at_a_second_time(self):
        worker, own = account("worker"), live().filter(community__code="QT")
        assert own.waiting_for_nod().count() >= 3
        open_to = [
            wish
            for wish in own.to_be_checked().select_related("community")
            if Move.PUBLISH in policy.moves_open_to(worker, wish)
        ]
        assert len(open_to) == 1

    def test_cadre_may_claim_in_the_days_of_first_offer_and_after(self):
        cadre = account("cadre")
        board = live().filter(state=State.OPEN, community__code__in=["QT", "ZM"])
        mine = [
            wish
            for wish in board.select_related("community")
            if Move.CLAIM in policy.moves_open_to(cadre, wish)
        ]
        assert (
            len([wish for wish in mine if wish.open_to_all_on and wish.open_to_all_on > TODAY]) >= 3
        )
        assert (
            len([wish for wish in mine if wish.open_to_all_on and wish.open_to_all_on <= TODAY])
            >= 2
        )

    def test_member_may_claim_only_what_is_open_to_all(self):
        member = account("member")
        board = live().filter(state=State.OPEN, visibility=Visibility.PUBLIC)
        mine = [
            wish
            for wish in board.select_related("community")
            if Move.CLAIM in policy.moves_open_to(member, wish)
        ]
        assert mine
        assert all(wish.open_to_all_on <= TODAY for wish in mine)

    @pytest.mark.parametrize("username", ["cadre", "cadre2", "member"])
    def test_claimants_have_wishes_in_every_step(self, username):
        states = live().filter(handler__username=username).values_list("state", flat=True)
        assert set(states) == {State.CLAIMED, State.FULFILLED, State.CLOSED}

    def test_cadre_leads_a_team_that_others_may_join(self):
        wish = live().get(handler__username="cadre", together=True)
        assert (wish.goal, wish.shares_taken, wish.helpers.count()) == (20, 12, 2)

    def test_street_has_something_to_decide(self):
        street = account("street")
        asked = [
            wish
            for wish in live().filter(community__code="SLQ").select_related("community")
            if {Move.EXTEND, Move.DECLINE} & set(policy.moves_open_to(street, wish))
        ]
        assert len(asked) == 2

    def test_liaison_has_a_branch_claim_without_a_handler(self):
        assert live().without_handler().filter(agency__name="区教育局").exists()

    def test_warden_has_drafts(self):
        assert live().filter(state=State.DRAFT, logged_by__username="warden").count() == 2

    def test_their_inbox_is_not_full_of_old_news(self):
        unread = Notice.objects.unread()
        assert not unread.filter(created_at__lt=NOW - dt.timedelta(days=2)).exists()
        assert unread.filter(recipient__username="worker").exists()

    @pytest.mark.parametrize("username", [username for username, _what in people.ACCOUNTS])
    def test_their_first_page_opens(self, username):
        answer = signed_in(account(username)).get(reverse("home"), follow=True)
        assert answer.status_code == 200


class TestTheCommand:
    def test_the_trail_proves(self):
        assert list(trail.verify()) == []

    @pytest.mark.parametrize("options", [{}, {"if_empty": True}])
    def test_a_second_run_changes_nothing_and_prints_the_accounts(self, options):
        before, out = counts(), StringIO()
        call_command("seed_demo", stdout=out, **options)
        assert counts() == before
        assert PASSWORD in out.getvalue()

    def test_another_password_later_is_not_promised(self, monkeypatch):
        monkeypatch.setenv("DEMO_PASSWORD", "another-one-365")
        out = StringIO()
        call_command("seed_demo", stdout=out)
        assert "another-one-365" not in out.getvalue()

    def test_production_refuses(self, settings):
        settings.PRODUCTION = True
        with pytest.raises(CommandError, match="production"):
            call_command("seed_demo", if_empty=True)

    def test_a_district_that_is_not_the_demo_is_left_alone(self):
        Campaign.objects.update(slug="another")
        before, out = counts(), StringIO()
        call_command("seed_demo", if_empty=True, stdout=out)
        assert (counts(), out.getvalue()) == (before, "")
        with pytest.raises(CommandError, match="not the demo's"):
            call_command("seed_demo")
        assert counts() == before
