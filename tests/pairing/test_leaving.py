"""Who left is ended, and what they held is handed over."""

import datetime as dt

import pytest

from accounts import trail
from accounts.actions import issue_token
from accounts.models import ApiToken, DistrictRole, Session
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from jiangdong.terms import DateRange
from notices.models import Notice
from pairing.actions import end_person
from pairing.models import Cadre, CommunityWorker
from tests.accounts.sign_in import enter, is_in
from tests.api import V1, api, is_problem
from tests.cast import NOW, RESIDENT, fresh
from wishes import actions
from wishes.models import Wish

TODAY = NOW.date()


def page_of(person) -> str:
    return f"/admin/accounts/user/{person.pk}/end/"


def holder_of(wish: Wish) -> tuple:
    wish = Wish.objects.get(pk=wish.pk)
    return wish.agency.code, wish.handler, wish.origin


def told(person) -> list[str]:
    notices = Notice.objects.filter(recipient=person).order_by("pk")
    return list(notices.values_list("kind", flat=True))


def test_everything_of_theirs_ends(cast, as_, wish_in):
    theirs = enter(cast.cadre)
    text, _token = issue_token(to=cast.cadre)
    assert as_(cast.admin).post(page_of(cast.cadre)).status_code == 302
    assert not fresh(cast.cadre).is_active
    assert Cadre.objects.get(user=cast.cadre).term.upper == TODAY
    assert theirs.get("/me/").status_code == 302
    assert not is_in(enter(cast.cadre))
    assert not ApiToken.objects.exists()
    assert not Session.objects.filter(user=cast.cadre).exists()
    answer = api().get(f"{V1}wishes/", headers={"Authorization": f"Token {text}"})
    assert is_problem(answer, 401, "not_signed_in")


def test_it_stands_in_the_trail_who_ended_whom(cast):
    end_person(person=cast.cadre, by=cast.admin)
    event = trail.events_of(fresh(cast.cadre)).get()
    assert (event.move, event.from_state, event.to_state) == ("end", "active", "ended")
    assert event.by_id == cast.admin.pk
    assert list(trail.verify()) == []


def test_claims_go_to_the_successor(cast, as_, wish_in):
    mine, others = wish_in("claimed"), wish_in("claimed", by=cast.cadre_b)
    done = wish_in("fulfilled")
    successor = Cadre.objects.get(user=cast.cadre_b)
    response = as_(cast.admin).post(page_of(cast.cadre), {"successor": successor.pk}, follow=True)
    assert "王示例的离任办好了，交接了 1 件事。" in response.content.decode()
    assert holder_of(mine) == ("JY", cast.cadre_b, "self")
    assert holder_of(others) == ("JY", cast.cadre_b, "self")
    assert holder_of(done) == ("JY", cast.cadre, "self")
    assert [event.move for event in trail.events_of(mine)][-1] == "assign"
    assert told(cast.cadre_b).count("assigned") == 1
    assert as_(cast.cadre_b).get(mine.get_absolute_url()).status_code == 200


def test_without_a_successor_they_go_back_to_the_branch(cast, wish_in, later):
    mine = wish_in("claimed")
    with later(days=2):
        assert end_person(person=cast.cadre, by=cast.admin) == 1
        wish = Wish.objects.get(pk=mine.pk)
        assert (wish.state, holder_of(mine)) == ("claimed", ("JY", None, "branch"))
        assert wish.claimed_at == NOW + dt.timedelta(days=2)  # two working days to name somebody
        assert wish.first_claimed_on == TODAY
        assert told(cast.liaison)[-1] == "unnamed"
        liaison = Cadre.objects.get(user=cast.cadre_b)
        actions.assign(wish=wish, by=cast.liaison, handler=liaison)
        assert holder_of(mine) == ("JY", cast.cadre_b, "branch")


def test_where_there_is_no_liaison_supervisors_are_told(cast, wish_in):
    wish_in("claimed", by=cast.liaison)
    end_person(person=cast.liaison, by=cast.admin)
    assert told(cast.supervisor) == ["unnamed"]


def test_a_wish_that_comes_back_to_somebody_who_left_goes_to_their_branch(cast, wish_in):
    wish = wish_in("fulfilled")
    assert end_person(person=cast.cadre, by=cast.admin) == 0
    actions.reopen(wish=wish, by=cast.worker, reason="药没有配到")
    assert holder_of(wish) == ("JY", None, "branch")
    assert told(cast.liaison)[-1] == "reopened"


def test_a_communitys_work_stays_with_the_community(cast, as_, wish_in):
    draft, call = wish_in("draft"), wish_in("fulfilled")
    end_person(person=cast.worker, by=cast.admin)
    assert CommunityWorker.objects.get(user=cast.worker).term.upper == TODAY
    client = as_(cast.colleague)
    assert draft.title in client.get("/wishes/desk/").content.decode()
    assert call.title in client.get("/wishes/calls/").content.decode()


def test_what_began_today_was_for_a_day_and_what_was_to_come_never_is(cast):
    DistrictRole.objects.create(user=cast.cadre, role="editor")
    later = DateRange(TODAY + dt.timedelta(days=30), None, "[)")
    DistrictRole.objects.create(user=cast.cadre, role="inspector", term=later)
    end_person(person=cast.cadre, by=cast.admin)
    role = DistrictRole.objects.get(user=cast.cadre)
    assert (role.role, role.term.upper) == ("editor", TODAY + dt.timedelta(days=1))


def test_the_page_shows_numbers_and_nothing_of_what_they_are(cast, as_, wish_in):
    wishes = [wish_in("claimed"), wish_in("claimed", title="想换一个灯泡", kind="repair")]
    page = as_(cast.admin).get(page_of(cast.cadre)).content.decode()
    assert "正在办的心愿" in page
    assert "2 件，交接" in page
    for wish in wishes:
        assert wish.title not in page
        assert wish.code not in page
    assert RESIDENT.name not in page


def test_the_page_warns_where_the_last_liaison_leaves(cast, as_):
    assert "唯一的联络员" in as_(cast.admin).get(page_of(cast.liaison)).content.decode()
    assert "唯一的联络员" not in as_(cast.admin).get(page_of(cast.cadre)).content.decode()


def test_reading_the_page_ends_nobody(cast, as_):
    assert as_(cast.admin).get(page_of(cast.cadre)).status_code == 200
    assert fresh(cast.cadre).is_active


def test_only_administrators_do_it(cast, as_):
    for who in ("supervisor", "supervision_group", "cadre", "leader", "inspector", "stranger"):
        by = getattr(cast, who)
        assert as_(by).post(page_of(cast.cadre_b)).status_code == 403, who
        with pytest.raises(NotAllowed):
            end_person(person=cast.cadre_b, by=by)
    assert as_(None).post(page_of(cast.cadre_b)).status_code == 302
    assert fresh(cast.cadre_b).is_active


def test_nobody_ends_themselves(cast, as_):
    assert as_(cast.admin).post(page_of(cast.admin)).status_code == 403
    with pytest.raises(NotAllowed):
        end_person(person=cast.admin, by=cast.admin)
    assert fresh(cast.admin).is_active


def test_a_successor_is_a_colleague_who_is_there(cast, as_, wish_in):
    wish_in("claimed")
    gone = Cadre.objects.get(user=cast.cadre_b)
    end_person(person=cast.cadre_b, by=cast.admin)
    elsewhere = Cadre.objects.get(user=cast.cadre2)
    client = as_(cast.admin)
    for pk in (gone.pk, elsewhere.pk, 0, "x"):
        assert client.post(page_of(cast.cadre), {"successor": pk}).status_code == 400
    for successor in (gone, Cadre.objects.get(user=cast.cadre)):
        with pytest.raises(NotValid):
            end_person(person=cast.cadre, by=cast.admin, successor=successor)
    assert fresh(cast.cadre).is_active


def test_twice_is_refused_and_harms_nothing(cast, as_):
    end_person(person=cast.cadre, by=cast.admin)
    with pytest.raises(NotNow):
        end_person(person=cast.cadre, by=cast.admin)
    assert as_(cast.admin).post(page_of(cast.cadre)).status_code == 409
    assert fresh(cast.cadre).trail_n == 1


def test_an_account_that_was_only_suspended_can_still_leave(cast, wish_in):
    wish_in("claimed")
    cast.cadre.is_active = False
    cast.cadre.save(update_fields=("is_active",))
    assert end_person(person=cast.cadre, by=cast.admin) == 1
    assert Cadre.objects.get(user=cast.cadre).term.upper == TODAY
