"""Move × state × person: a button is offered if and only if the move is allowed, through every door."""

import pytest

from jiangdong.refusals import NotAllowed, NotNow
from tests.cast import fresh
from tests.voices.doors import STATES, act, body_of, bring, moves_on
from tests.wishes.doors import text_of
from voices import policy
from voices.models import Voice
from voices.workflow import TABLE, Move

EVERYBODY = [
    "worker", "colleague", "warden", "worker2", "cadre", "cadre_b", "liaison", "cadre2", "liaison2", "member",
    "member_liaison", "street", "street2", "supervisor", "supervision_group", "inspector", "leader", "admin",
    "stranger",
]  # fmt: skip
# Who may do what at all, whatever the state; the agency is that of `liaison`.
MODERATORS = {"worker", "colleague", "street", "supervisor"}
MAY = {
    Move.ASK: MODERATORS,
    Move.HAND_ON: {"street", "supervisor"},
    Move.RETURN: {"liaison"},
    Move.URGE: MODERATORS,
    Move.ANSWER: {"liaison"},
    Move.SETTLE: {"liaison"},
    Move.RATE: MODERATORS,
    Move.REOPEN: MODERATORS,
    Move.REST: MODERATORS,
    Move.WITHDRAW: MODERATORS,
    Move.DISMISS: MODERATORS,
}
# Once no agency has it, nobody answers for one.
AGENCYS = (Move.RETURN, Move.ANSWER, Move.SETTLE)
TOO_EARLY = (Move.REST,)


@pytest.mark.parametrize("state", STATES)
def test_what_the_policy_says_of_everybody(state, cast):
    voice = Voice.objects.select_related("community", "agency").get(pk=bring(cast, state).pk)
    for who in EVERYBODY:
        user = fresh(getattr(cast, who))
        for move in Move:
            refusal = policy.why_not(user, move, voice)
            allowed = who in MAY[move] and (move not in AGENCYS or voice.agency_id)
            if not allowed:
                assert isinstance(refusal, NotAllowed), (who, move)
            elif state not in TABLE[move] or move in TOO_EARLY:
                assert isinstance(refusal, NotNow), (who, move)
            else:
                assert refusal is None, (who, move)


@pytest.mark.parametrize("state", STATES)
def test_buttons_are_the_moves_that_are_open(state, cast, as_):
    voice = bring(cast, state)
    for who in ("worker", "liaison", "street", "supervisor", "leader", "cadre2", "stranger"):
        user = getattr(cast, who)
        answer = as_(user).get(f"/voices/{voice.code}/")
        if answer.status_code == 404:
            continue
        voice.refresh_from_db()
        assert moves_on(text_of(answer), voice) == set(policy.moves_open_to(fresh(user), voice))


WHO = {Move.ANSWER: "liaison", Move.SETTLE: "liaison", Move.RETURN: "liaison"}
FROM = [(state, move) for move in Move for state in TABLE[move] if move != Move.REST]


@pytest.mark.parametrize(("state", "move"), FROM)
def test_a_move_leads_where_the_table_says_through_page_and_api(state, move, cast, as_):
    who = getattr(cast, WHO.get(move, "street"))
    body = body_of(move, cast.places.wb)
    by_page = bring(cast, state)
    assert act(as_(who), by_page, move, **body).status_code == 302
    by_page.refresh_from_db()
    assert by_page.state == TABLE[move][state]

    by_api = bring(cast, state)
    if "agency" in body:
        body["agency"] = "WB"
    address = f"/api/v1/voices/{by_api.code}/{move}/"
    answer = as_(who).post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, TABLE[move][state])


def test_who_may_not_is_told_so_and_what_is_too_late_too(cast, as_):
    voice = bring(cast, "asked")
    assert act(as_(cast.cadre_b), voice, "answer", answer="好").status_code == 403
    assert act(as_(cast.supervisor), voice, "settle", settlement="好").status_code == 403
    assert act(as_(cast.liaison), voice, "settle", settlement="好").status_code == 409
    assert act(as_(cast.liaison), voice, "answer", answer="").status_code == 400
    address = f"/api/v1/voices/{voice.code}/settle/"
    answer = as_(cast.liaison).post(address, {"settlement": "好"}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (409, "asked")


def test_the_agency_that_answers_does_not_say_its_askers_word(cast, as_):
    voice = bring(cast, "noted")
    assert act(as_(cast.supervisor), voice, "ask", agency=cast.places.bzo.pk).status_code == 302
    street = as_(cast.street)  # whoever works there answers: the office has no liaison
    assert act(street, voice, "answer", answer="今天去看").status_code == 302
    assert act(street, voice, "settle", settlement="修好了").status_code == 302
    rate = {"rating": "satisfied", "how": "phone"}
    assert act(street, voice, "rate", **rate).status_code == 403
    assert act(as_(cast.worker), voice, "rate", **rate).status_code == 302


def test_nobody_but_the_asker_can_rate_as_the_asker(cast, as_):
    voice = bring(cast, "settled")
    answer = act(as_(cast.worker), voice, "rate", rating="satisfied", how="oneself")
    assert answer.status_code == 400
    address = f"/api/v1/voices/{voice.code}/rate/"
    body = {"rating": "satisfied", "how": "oneself"}
    assert as_(cast.worker).post(address, body, content_type="application/json").status_code == 400


def test_what_nobody_looked_through_is_its_moderators_alone(cast, as_):
    voice = bring(cast, "noted")
    sees = {
        who
        for who in EVERYBODY
        if as_(getattr(cast, who)).get(f"/voices/{voice.code}/").status_code == 200
    }
    assert sees == {"worker", "colleague", "street", "supervisor"}


def test_what_is_not_public_is_seen_by_those_who_have_to_do_with_it(cast, as_, client):
    voice = bring(cast, "asked", public=False)
    sees = {
        who
        for who in EVERYBODY
        if as_(getattr(cast, who)).get(f"/voices/{voice.code}/").status_code == 200
    }
    assert sees == {
        "worker", "colleague", "street", "supervisor", "supervision_group", "leader",
        "liaison", "cadre", "cadre_b",
    }  # fmt: skip
    assert client.get(f"/voices/{voice.code}/").status_code == 404
    assert voice.title not in text_of(client.get("/voices/"))


def test_a_voice_is_not_made_public_without_leave_or_with_what_gives_somebody_away(cast, as_):
    voice = bring(cast, "noted", may_publish=False)
    body = {"agency": cast.places.jy.pk, "public": "on"}
    assert act(as_(cast.street), voice, "ask", **body).status_code == 409
    voice = bring(cast, "noted", text="打我电话 13800000077")
    assert act(as_(cast.street), voice, "ask", **body).status_code == 400
    assert act(as_(cast.street), voice, "ask", agency=cast.places.jy.pk).status_code == 302


def test_an_answer_that_gives_somebody_away_is_refused(cast, as_):
    voice = bring(cast, "asked")
    answer = act(as_(cast.liaison), voice, "answer", answer="已和13800000077联系")
    assert answer.status_code == 400
    assert "像手机号码" in text_of(answer)


def test_handing_on_gives_days_to_the_agency_and_none_to_the_rate(cast, as_, later):
    voice = bring(cast, "asked")
    with later(days=6):
        body = {"agency": cast.places.wb.pk, "reason": "归他们管"}
        assert act(as_(cast.street), voice, "hand_on", **body).status_code == 302
    voice.refresh_from_db()
    assert voice.agency == cast.places.wb
    assert str(voice.answer_due_on) == "2026-03-19"
    assert str(voice.response_due_on) == "2026-03-13"
    assert as_(cast.liaison).get(f"/voices/{voice.code}/").status_code == 200  # public still


def test_urgent_is_due_the_same_day(cast, as_):
    voice = bring(cast, "asked")
    assert act(as_(cast.street), voice, "urge").status_code == 302
    voice.refresh_from_db()
    assert str(voice.answer_due_on) == str(voice.response_due_on) == "2026-03-10"
    assert act(as_(cast.street), voice, "urge").status_code == 409


def test_a_voice_is_put_down_only_after_a_long_wait_and_is_not_satisfied(cast, as_, later):
    voice = bring(cast, "settled")
    assert act(as_(cast.worker), voice, "rest").status_code == 409
    with later(days=22):
        assert act(as_(cast.worker), voice, "rest").status_code == 302
    voice.refresh_from_db()
    assert (voice.state, voice.rating) == ("rested", "")


def test_htmx_gets_the_voice_alone_and_a_plain_form_the_page(cast, as_):
    voice = bring(cast, "asked")
    piece = as_(cast.liaison).post(
        f"/voices/{voice.code}/answer/", {"answer": "今天去看"}, headers={"HX-Request": "true"}
    )
    assert piece.status_code == 200
    assert "<html" not in text_of(piece)
    assert f'id="voice-{voice.code}"' in text_of(piece)
