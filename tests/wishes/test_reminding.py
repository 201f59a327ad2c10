"""提醒一下: a person's nudge."""

import pytest

from accounts import trail
from jiangdong.refusals import NotAllowed, NotNow
from notices.models import Notice
from tests.cast import fresh
from wishes import actions
from wishes.workflow import REMIND


def reminders_of(*people) -> int:
    return Notice.objects.filter(kind="reminded", recipient__in=people).count()


def test_a_nudge_reaches_the_handler_and_stands_in_the_course(cast, wish_in):
    wish = wish_in("claimed")
    actions.remind(wish=wish, by=cast.supervisor)
    notice = Notice.objects.get(kind="reminded")
    assert notice.recipient == cast.cadre
    assert notice.title == "区督办提醒一下：想有人陪着去医院配一次药"
    assert notice.body == "约定的日子是3月19日。"
    event = trail.events_of(wish).last()
    assert (event.move, event.from_state, event.to_state) == (REMIND, "claimed", "claimed")
    assert not list(trail.verify())


def test_an_open_wish_is_brought_to_mind_of_the_paired_agencys_liaisons(cast, wish_in):
    actions.remind(wish=wish_in("open"), by=cast.street)
    assert reminders_of(cast.liaison) == Notice.objects.filter(kind="reminded").count() == 1


def test_a_claim_of_a_branch_is_brought_to_mind_of_its_liaison(cast, wish_in):
    actions.remind(wish=wish_in("branch"), by=cast.worker)
    assert reminders_of(cast.liaison) == 1


def test_a_wish_is_nudged_once_a_working_day(cast, wish_in, later):
    with later(days=3):  # a Friday
        wish = wish_in("claimed")
        actions.remind(wish=wish, by=cast.supervisor)
        with pytest.raises(NotNow) as refusal:
            actions.remind(wish=wish, by=cast.worker)
        assert refusal.value.code == "reminded_already"
    with later(days=5), pytest.raises(NotNow):
        actions.remind(wish=wish, by=fresh(cast.worker))
    with later(days=6):
        actions.remind(wish=wish, by=fresh(cast.worker))
    assert reminders_of(cast.cadre) == 2


@pytest.mark.parametrize(
    "who", ["cadre", "cadre2", "liaison2", "street2", "supervision_group", "admin", "stranger"]
)
def test_others_may_not_nudge(cast, wish_in, who):
    with pytest.raises(NotAllowed):
        actions.remind(wish=wish_in("claimed"), by=getattr(cast, who))
    assert not Notice.objects.filter(kind="reminded").exists()


@pytest.mark.parametrize("state", ["draft", "checking", "fulfilled", "closed", "withdrawn"])
def test_where_nothing_is_to_be_done_nobody_is_nudged(cast, wish_in, state):
    wish = wish_in(state)
    events = trail.events_of(wish).count()
    with pytest.raises(NotNow) as refusal:
        actions.remind(wish=wish, by=cast.worker)
    assert refusal.value.code == "wrong_state"
    assert trail.events_of(wish).count() == events


def test_without_anybody_to_nudge_it_says_what_to_do(cast, wish_in):
    wish = wish_in("open", visibility="private")
    with pytest.raises(NotNow) as refusal:
        actions.remind(wish=wish, by=cast.supervisor)
    assert refusal.value.code == "nobody_to_remind"
