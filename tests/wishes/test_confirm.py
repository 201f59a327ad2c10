"""The resident's yes, taken down by somebody who is not the claimant."""

import datetime as dt

import pytest

from accounts import trail
from notices.models import Notice
from tests.cast import NOW
from tests.wishes.doors import act, course_of, text_of
from wishes.models import CallBack


def confirm(client, wish, **words):
    return act(client, wish, "confirm", **({"rating": "satisfied", "how": "phone"} | words))


def test_it_closes_the_wish_with_how_they_judge_it_and_in_their_words(cast, as_, wish_in):
    wish = wish_in("fulfilled")
    answer = confirm(as_(cast.worker), wish, rating="fair", how="door", words="来晚了一天，人很好")
    assert answer.status_code == 302
    wish.refresh_from_db()
    assert (wish.state, wish.rating, wish.how, wish.words) == (
        "closed",
        "fair",
        "door",
        "来晚了一天，人很好",
    )
    assert (wish.closed_by, wish.closed_at) == (cast.worker, NOW)
    assert course_of(wish)[-1] == ("confirm", "fulfilled", "closed")
    assert trail.events_of(wish).last().note.text == "来晚了一天，人很好"
    assert list(CallBack.objects.values_list("by", "outcome")) == [(cast.worker.pk, "done")]


def test_the_handler_and_the_writer_are_told_the_judgement_and_not_the_words(cast, as_, wish_in):
    wish = wish_in("fulfilled", logged_by=cast.colleague)
    confirm(as_(cast.worker), wish, words="小王真好")
    notices = Notice.objects.filter(kind="confirmed")
    assert {notice.recipient.username for notice in notices} == {"cadre", "colleague"}
    assert {notice.body for notice in notices} == {"居民的评价：满意"}


def test_the_term_of_the_details_begins(cast, as_, wish_in, settings):
    settings.RESIDENT_DETAILS_DAYS = 30
    wish = wish_in("fulfilled")
    confirm(as_(cast.worker), wish)
    wish.resident.refresh_from_db()
    assert wish.resident.erase_after == NOW.date() + dt.timedelta(days=30)


@pytest.mark.parametrize(
    "who", ["cadre", "cadre_b", "liaison", "cadre2", "member", "supervisor", "warden", "worker2"]
)
def test_neither_the_claimants_side_nor_a_stranger_answers_for_the_resident(
    who, cast, as_, wish_in
):
    wish = wish_in("fulfilled")
    answer = confirm(as_(getattr(cast, who)), wish)
    assert answer.status_code == 403
    assert "认领的一方不能代答" in text_of(answer)
    assert not CallBack.objects.exists()


def test_a_worker_who_also_acts_for_the_holder_does_not_answer_either(cast, as_, wish_in):
    from pairing.models import Cadre
    from tests.cast import SINCE

    Cadre.objects.create(user=cast.worker, agency=cast.places.jy, term=SINCE)
    wish = wish_in("fulfilled", logged_by=cast.colleague)
    assert confirm(as_(cast.worker), wish).status_code == 403
    assert confirm(as_(cast.colleague), wish).status_code == 302


@pytest.mark.parametrize(
    "words",
    [
        {"rating": ""},
        {"rating": "wonderful"},
        {"how": ""},
        {"how": "scan"},
        {"how": "dream"},
        {"words": "字" * 301},
        {"words": "好\x00"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_noted(words, cast, as_, wish_in):
    wish = wish_in("fulfilled")
    assert confirm(as_(cast.worker), wish, **words).status_code == 400
    assert len(course_of(wish)) == 4
    assert not CallBack.objects.exists()


def test_nothing_is_chosen_beforehand(cast, as_, wish_in):
    import re

    html = text_of(as_(cast.worker).get(wish_in("fulfilled").get_absolute_url()))
    radios = re.findall(r'<input[^>]*type="radio"[^>]*>', html)
    # Three judgements, three ways to ask (a scan is the resident's own), and two ways to end.
    assert len(radios) == 8
    assert not [radio for radio in radios if "checked" in radio]


def test_a_second_answer_is_refused(cast, as_, wish_in):
    wish = wish_in("closed")
    assert confirm(as_(cast.worker), wish).status_code == 409
    assert CallBack.objects.count() == 1


def test_the_residents_words_are_for_those_concerned_and_not_for_the_public(
    cast, as_, wish_in, client
):
    wish = wish_in("fulfilled")
    confirm(as_(cast.worker), wish, words="小王真好")
    for who, reads in {"worker": True, "cadre": True, "liaison": True, "street": True, "supervisor": True,
                       "cadre2": False, "member": False, "worker2": False, "admin": False}.items():  # fmt: skip
        html = text_of(as_(getattr(cast, who)).get(wish.get_absolute_url()))
        assert ("小王真好" in html) == reads, who
        assert "满意" in html
    html = text_of(client.get(wish.get_absolute_url()))
    assert "小王真好" not in html
    assert "满意" in html
