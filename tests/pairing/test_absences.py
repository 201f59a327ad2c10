"""外出、休假: who is away is not offered wishes, and what they hold goes to whoever stands in, with a list."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from jiangdong.terms import DateRange
from notices.models import DueLine, Notice
from notices.tasks import sweep_reminders
from notices.workdays import add_workdays
from pairing.absence_actions import begin_due, come_back, go_away
from pairing.actions import end_person
from pairing.models import Absence, Cadre
from pairing.standing import standing_of
from pairing.tasks import begin_absences
from tests.cast import NOW, fresh
from wishes import actions
from wishes.handlers import acting, candidates
from wishes.models import Wish

TODAY = NOW.date()
PAGE = "/me/absence/"


def day(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


def cadre_of(user) -> Cadre:
    return Cadre.objects.get(user=user)


def away(person, substitute, first: int = 0, last: int = 4, by=None) -> Absence:
    return go_away(
        person=cadre_of(person),
        substitute=cadre_of(substitute),
        first=day(first),
        last=day(last),
        by=by or person,
    )


def handler_of(wish: Wish):
    return Wish.objects.get(pk=wish.pk).handler


def told(person) -> list[str]:
    return list(
        Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True)
    )


# --- entering it


def test_one_enters_it_and_what_one_holds_goes_over_on_the_first_day(cast, as_, wish_in, later):
    wish = wish_in("claimed")
    body = {
        "first": day(2).isoformat(),
        "last": day(6).isoformat(),
        "substitute": cadre_of(cast.cadre_b).pk,
    }
    html = as_(cast.cadre).post(PAGE, body, follow=True).content.decode()
    assert "王示例，3月12日到3月16日" in html
    assert "还没有开始" in html
    assert handler_of(wish) == cast.cadre
    assert told(cast.cadre_b) == ["stands_in"]
    with later(days=1):
        begin_absences()
        assert handler_of(wish) == cast.cadre
    with later(days=2):
        begin_absences()
        begin_absences()
        assert handler_of(wish) == cast.cadre_b
        for who in (cast.cadre, cast.cadre_b):
            page = as_(who).get(PAGE).content.decode()
            assert "交出去 1 件" in page
            assert wish.title in page
            assert wish.get_absolute_url() in page
    absence = Absence.objects.get()
    assert [each["what"] for each in absence.handed] == [str(wish)]
    assert told(cast.cadre_b) == ["stands_in", "assigned", "handed_over"]
    assert told(cast.cadre)[-1] == "handed_over"
    assert [event.move for event in trail.events_of(absence)] == ["go_away", "begin"]
    assert trail.events_of(wish).last().move == "assign"
    assert list(trail.verify()) == []


def test_one_that_begins_today_begins_at_once(cast, wish_in):
    wish = wish_in("claimed")
    assert away(cast.cadre, cast.cadre_b).handed_over_at == NOW
    assert handler_of(wish) == cast.cadre_b
    assert begin_due() == 0


def test_a_liaison_enters_it_for_a_colleague(cast, as_, wish_in):
    wish = wish_in("claimed")
    body = {
        "person": cadre_of(cast.cadre).pk,
        "first": TODAY.isoformat(),
        "last": day(1).isoformat(),
        "substitute": cadre_of(cast.cadre_b).pk,
    }
    assert as_(cast.liaison).post(PAGE, body).status_code == 302
    assert Absence.objects.get().entered_by == cast.liaison
    assert handler_of(wish) == cast.cadre_b


def test_a_colleague_does_not_enter_it_for_another(cast, as_):
    body = {
        "person": cadre_of(cast.cadre).pk,
        "first": TODAY.isoformat(),
        "last": day(1).isoformat(),
        "substitute": cadre_of(cast.liaison).pk,
    }
    assert as_(cast.cadre_b).post(PAGE, body).status_code == 302
    assert Absence.objects.get().user == cast.cadre_b  # who is away is not theirs to say
    for who in (cast.cadre_b, cast.liaison2, cast.supervisor):
        with pytest.raises(NotAllowed):
            away(cast.cadre, cast.liaison, first=20, last=21, by=who)


@pytest.mark.parametrize("who", ["worker", "supervisor", "admin", "stranger"])
def test_the_page_is_for_those_who_act_for_an_agency(cast, as_, who):
    assert as_(getattr(cast, who)).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, 3, "first"), (3, 2, "last"), (0, 366, "last")]
)
def test_days_that_make_no_sense_are_refused(cast, first, last, field):
    with pytest.raises(NotValid) as refused:
        away(cast.cadre, cast.cadre_b, first=first, last=last)
    assert list(refused.value.facts["fields"]) == [field]


@pytest.mark.parametrize("who", ["cadre", "cadre2", "member"])
def test_the_substitute_is_another_of_the_same_agency(cast, who):
    with pytest.raises(NotValid) as refused:
        away(cast.cadre, getattr(cast, who))
    assert list(refused.value.facts["fields"]) == ["substitute"]


def test_a_substitute_who_is_away_then_is_refused(cast, as_):
    away(cast.cadre_b, cast.liaison, first=3, last=5)
    body = {
        "first": TODAY.isoformat(),
        "last": day(3).isoformat(),
        "substitute": cadre_of(cast.cadre_b).pk,
    }
    answer = as_(cast.cadre).post(PAGE, body)
    assert answer.status_code == 400
    assert "这位同事那几天也外出" in answer.content.decode()
    assert away(cast.cadre, cast.cadre_b, first=0, last=2)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 3), (4, 9), (0, 30)])
def test_two_absences_of_one_person_never_overlap(cast, first, last):
    away(cast.cadre, cast.cadre_b, first=0, last=4)
    with pytest.raises(NotNow) as refused:
        away(cast.cadre, cast.liaison, first=first, last=last)
    assert refused.value.code == "away_already"
    assert away(cast.cadre, cast.liaison, first=5, last=9)


def test_the_database_refuses_overlap_oneself_and_an_open_end(cast):
    absence = away(cast.cadre, cast.cadre_b, first=1, last=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(
            user=cast.cadre,
            substitute=cast.liaison,
            entered_by=cast.cadre,
            term=DateRange(day(2), day(3), "[)"),
        )
    for change in ({"substitute": cast.cadre}, {"term": DateRange(day(1), None, "[)")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=absence.pk).update(**change)


# --- while away


def test_who_is_away_is_offered_no_wish(cast, as_, wish_in):
    wish = wish_in("open")
    away(cast.cadre, cast.cadre_b)
    assert cast.cadre not in [one.cadre.user for one in candidates(wish)]
    assert not acting().filter(user=cast.cadre).exists()
    with pytest.raises(NotValid):
        actions.assign(wish=wish, by=cast.supervisor, handler=cadre_of(cast.cadre))
    html = as_(cast.street).get(wish.get_absolute_url()).content.decode()
    assert f'<option value="{cadre_of(cast.cadre).pk}"' not in html
    assert f'<option value="{cadre_of(cast.liaison).pk}"' in html


def test_what_a_liaison_is_told_the_substitute_hears(cast, wish_in):
    away(cast.liaison, cast.cadre_b)
    wish_in("open")
    assert told(cast.cadre_b)[-1] == "offered"
    assert "offered" not in told(cast.liaison)


def test_reminders_of_a_liaison_go_to_the_substitute(cast, wish_in):
    wish = wish_in("claimed")
    late = add_workdays(wish.due_on, 3)
    away(cast.liaison, cast.cadre_b, first=(late - TODAY).days, last=60)
    with clock.at(dt.datetime.combine(late, dt.time(9, 5), tzinfo=NOW.tzinfo)):
        sweep_reminders()
    assert DueLine.objects.get(reminder="wish-due-liaison").recipient == cast.cadre_b


def test_who_stands_in_for_a_liaison_speaks_for_the_agency_meanwhile(cast, later):
    assert not standing_of(fresh(cast.cadre_b)).is_liaison
    away(cast.liaison, cast.cadre_b, first=0, last=1)
    assert standing_of(fresh(cast.cadre_b)).is_liaison
    assert not standing_of(fresh(cast.cadre)).is_liaison
    with later(days=2):
        assert not standing_of(fresh(cast.cadre_b)).is_liaison


def test_the_day_after_the_last_one_is_there_again(cast, wish_in, later):
    wish = wish_in("open")
    away(cast.cadre, cast.cadre_b, first=0, last=1)
    with later(days=2):
        assert cast.cadre in [one.cadre.user for one in candidates(wish)]


# --- coming back


def test_coming_back_early_ends_it_and_leaves_what_was_handed_over(cast, as_, wish_in):
    wish = wish_in("claimed")
    absence = away(cast.cadre, cast.cadre_b)
    html = as_(cast.cadre).post(f"{PAGE}{absence.pk}/end/", follow=True).content.decode()
    assert "已经交出去的事还在代办的同事手上" in html
    assert handler_of(wish) == cast.cadre_b
    assert acting().filter(user=cast.cadre).exists()
    assert told(cast.cadre_b)[-1] == "came_back"
    with pytest.raises(NotNow):
        come_back(absence=absence, by=cast.cadre)
    assert away(cast.cadre, cast.liaison)  # the same days are free again


def test_one_called_off_hands_nothing_over(cast, wish_in, later):
    wish = wish_in("claimed")
    absence = away(cast.cadre, cast.cadre_b, first=2, last=4)
    come_back(absence=absence, by=cast.cadre)
    with later(days=2):
        begin_absences()
    assert handler_of(wish) == cast.cadre


@pytest.mark.parametrize(("who", "status"), [("cadre_b", 403), ("cadre2", 404), ("liaison2", 404)])
def test_nobody_else_ends_it(cast, as_, who, status):
    absence = away(cast.cadre, cast.cadre_b)
    assert as_(getattr(cast, who)).post(f"{PAGE}{absence.pk}/end/").status_code == status
    assert Absence.objects.now().filter(user=cast.cadre).exists()


# --- chains


def test_when_the_substitute_goes_away_theirs_takes_over_all(cast, wish_in, later):
    mine, theirs = wish_in("claimed"), wish_in("claimed", by=cast.cadre_b)
    first = away(cast.cadre, cast.cadre_b, first=0, last=9)
    with later(days=2):
        go_away(
            person=cadre_of(cast.cadre_b),
            substitute=cadre_of(cast.liaison),
            first=day(2),
            last=day(5),
            by=cast.cadre_b,
        )
        assert handler_of(mine) == handler_of(theirs) == cast.liaison
        first.refresh_from_db()
        assert first.substitute == cast.liaison
        assert trail.events_of(first).last().move == "pass_on"


def test_one_that_begins_while_its_substitute_is_away_goes_to_theirs(cast, wish_in, later):
    wish = wish_in("claimed")
    away(cast.cadre, cast.cadre_b, first=4, last=9)
    away(cast.cadre_b, cast.liaison, first=2, last=6)
    with later(days=4):
        begin_absences()
        assert handler_of(wish) == cast.liaison


def test_a_circle_hands_back_to_the_agency(cast, wish_in, later):
    wish = wish_in("claimed")
    away(cast.cadre, cast.cadre_b, first=4, last=9)
    away(cast.cadre_b, cast.cadre, first=2, last=3)
    come_back(absence=Absence.objects.get(user=cast.cadre_b), by=cast.cadre_b)
    Absence.objects.filter(user=cast.cadre_b).update(
        ended_at=None, term=DateRange(day(2), day(9), "[)")
    )
    with later(days=4):
        begin_absences()
        assert (handler_of(wish), Wish.objects.get(pk=wish.pk).origin) == (None, "branch")
        assert told(cast.cadre)[-1] == "handed_over"


def test_a_substitute_who_left_office_takes_nothing_over(cast, wish_in, later):
    wish = wish_in("claimed")
    away(cast.cadre, cast.cadre_b, first=2, last=9)
    end_person(person=cast.cadre_b, by=cast.admin)
    with later(days=2):
        begin_absences()
        assert handler_of(wish) is None
        assert "unnamed" in told(cast.liaison)


def test_a_substitute_who_leaves_office_meanwhile_hands_on_what_they_took_over(cast, wish_in):
    wish = wish_in("claimed")
    away(cast.cadre, cast.cadre_b)
    end_person(person=cast.cadre_b, by=cast.admin, successor=cadre_of(cast.liaison))
    assert handler_of(wish) == cast.liaison
    with pytest.raises(NotValid):
        away(cast.liaison, cast.cadre)  # who is away themself stands in for nobody
