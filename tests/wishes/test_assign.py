"""Naming who handles a wish (交办)."""

import pytest

from accounts import trail
from notices.models import Notice
from pairing.models import Cadre
from tests.wishes.doors import act, course_of, text_of


def assign(client, wish, to):
    return act(client, wish, "assign", handler=Cadre.objects.get(user=to).pk)


def test_the_liaison_hands_a_claim_over_to_a_colleague(cast, as_, wish_in):
    wish = wish_in("claimed")
    claimed_at = wish.claimed_at
    assert assign(as_(cast.liaison), wish, cast.cadre_b).status_code == 302
    wish.refresh_from_db()
    assert (wish.handler, wish.claimed_by, wish.claimed_at) == (
        cast.cadre_b,
        cast.cadre,
        claimed_at,
    )
    assert course_of(wish)[-1] == ("assign", "claimed", "claimed")
    assert trail.events_of(wish).last().note.text == "区教育局"
    assert Notice.objects.get(kind="assigned").recipient == cast.cadre_b


def test_the_liaison_names_nobody_of_another_agency(cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = assign(as_(cast.liaison), wish, cast.cadre2)
    assert answer.status_code == 400
    wish.refresh_from_db()
    assert wish.handler == cast.cadre


def test_the_list_of_names_holds_who_may_be_named(cast, as_, wish_in):
    wish = wish_in("claimed")
    html = text_of(as_(cast.liaison).get(wish.get_absolute_url()))
    for name, offered in (("赵示例", True), ("钱示例", True), ("孙示例", False), ("郑示例", False)):
        assert (f"{name} · " in html) == offered, name


def test_the_street_gives_an_open_wish_to_the_paired_agency(cast, as_, wish_in):
    wish = wish_in("open")
    assert assign(as_(cast.street), wish, cast.cadre).status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.origin, wish.agency, wish.claimed_by, wish.handler) == (
        "claimed",
        "assigned",
        cast.places.jy,
        cast.street,
        cast.cadre,
    )
    assert course_of(wish)[-1] == ("assign", "open", "claimed")


def test_the_supervisor_gives_it_to_another_agencys_liaison_who_knows_its_people(
    cast, as_, wish_in
):
    wish = wish_in("claimed")
    assert assign(as_(cast.supervisor), wish, cast.member).status_code == 400
    assert assign(as_(cast.supervisor), wish, cast.member_liaison).status_code == 302
    wish.refresh_from_db()
    assert (wish.agency, wish.handler, wish.origin) == (
        cast.places.cx,
        cast.member_liaison,
        "assigned",
    )


def test_the_worker_names_somebody_for_what_is_private(cast, as_, wish_in):
    wish = wish_in("open", visibility="private")
    assert assign(as_(cast.worker), wish, cast.cadre).status_code == 302
    assert as_(cast.cadre).get(wish.get_absolute_url()).status_code == 200
    assert as_(cast.cadre2).get(wish.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("handler", ["", "0", "999999999", "x", "-1", "9" * 30])
def test_a_made_up_name_is_refused(handler, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = act(as_(cast.liaison), wish, "assign", handler=handler)
    assert answer.status_code == 400
    assert len(course_of(wish)) == 3


def test_to_the_same_person_again_is_refused(cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = assign(as_(cast.liaison), wish, cast.cadre)
    assert answer.status_code == 400
    assert "现在就是这位同事在办。" in text_of(answer)


def test_somebody_whose_account_ended_cannot_be_named(cast, as_, wish_in):
    wish = wish_in("claimed")
    cast.cadre_b.is_active = False
    cast.cadre_b.save()
    assert assign(as_(cast.liaison), wish, cast.cadre_b).status_code == 400
    assert "赵示例" not in text_of(as_(cast.liaison).get(wish.get_absolute_url()))


@pytest.mark.parametrize("who", ["worker", "cadre", "cadre_b", "liaison2", "street2", "admin"])
def test_others_name_nobody(who, cast, as_, wish_in):
    wish = wish_in("claimed")
    assert assign(as_(getattr(cast, who)), wish, cast.cadre_b).status_code == 403
