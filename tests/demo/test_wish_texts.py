"""The demo's texts: believable, varied, and nothing in them that would give anybody away."""

import pytest

from jiangdong.demo import wish_texts
from jiangdong.demo.dice import dice
from jiangdong.demo.wish_texts import KINDS, THEN, TODAY, WishWriter
from jiangdong.privacy import findings_in
from wishes.models import Wish
from wishes.workflow import Kind

COMMON = {
    "goods",
    "repair",
    "companionship",
    "tutoring",
    "health",
    "errand",
    "environment",
    "culture",
}


def test_every_kind_of_the_portal_has_texts():
    assert set(KINDS) == set(Kind.values) == set(wish_texts.SHARES)
    assert sum(wish_texts.SHARES.values()) == 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_many_ways_to_be_wished_for(kind):
    patterns = wish_texts.patterns_of(kind)
    assert len(patterns) >= (25 if kind in COMMON else 12)
    assert all(len(pattern.details) == 2 for pattern in patterns)


@pytest.mark.parametrize("era", [THEN, TODAY])
def test_no_text_holds_personal_details_or_words_that_brand(era):
    writer = WishWriter(dice(1), era)
    for _ in range(4000):
        text = writer.write()
        assert findings_in(f"{text.title}\n{text.detail}") == []
        assert "{" not in text.title + text.detail


def test_phrases_hold_nothing_personal_either():
    for lines in wish_texts.sections_of("words").values():
        for line in lines:
            assert findings_in(line) == []


def test_titles_and_details_fit_their_fields():
    writer = WishWriter(dice(2), TODAY)
    texts = [writer.write() for _ in range(2000)]
    assert max(len(text.title) for text in texts) <= Wish._meta.get_field("title").max_length
    assert max(len(text.detail) for text in texts) <= Wish._meta.get_field("detail").max_length


def test_a_season_does_not_repeat_itself():
    writer = WishWriter(dice(3), TODAY)
    titles = [writer.write().title for _ in range(380)]
    assert len(set(titles)) > 370


def test_the_same_seed_writes_the_same_wishes():
    first, second = (WishWriter(dice(4), THEN) for _ in range(2))
    assert [first.write() for _ in range(50)] == [second.write() for _ in range(50)]


def test_spring_2014_knows_nothing_of_todays_things():
    writer = WishWriter(dice(5), THEN)
    texts = [writer.write() for _ in range(4000)]
    for word in ("微信", "扫码", "短视频", "医保电子", "家校群", "直播"):
        assert not [text for text in texts if word in text.title + text.detail]
