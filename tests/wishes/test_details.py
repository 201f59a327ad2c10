"""The one door to a resident's details: the privacy table row by row, each look recorded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pairing.models import Cadre, Look
from tests.cast import NOW, RESIDENT, fresh
from tests.wishes.doors import act, text_of
from wishes import actions
from wishes.models import Evidence

FACTS = tuple(vars(RESIDENT).values())
EVERYBODY = [
    "worker", "colleague", "warden", "worker2", "cadre", "cadre_b", "liaison", "cadre2", "liaison2", "member",
    "member_liaison", "street", "street2", "supervisor", "supervision_group", "inspector", "leader", "admin",
    "stranger",
]  # fmt: skip

SEES, WITH_REASON = "sees", "with a reason"
# state of a wish of 七塔 held by `cadre` -> who comes to the details, and how; everybody else never does.
WORKERS = {"worker": SEES, "colleague": SEES}
WATCHERS = {"street": WITH_REASON, "supervisor": WITH_REASON}
DOOR = {
    "draft": WORKERS,
    "checking": WORKERS,
    "open": WORKERS | WATCHERS,
    "claimed": WORKERS | WATCHERS | {"cadre": SEES, "liaison": WITH_REASON},
    "fulfilled": WORKERS | WATCHERS | {"cadre": SEES, "liaison": WITH_REASON},
    "closed": WORKERS | WATCHERS,  # the claim is over: the door shuts for the holder
    "withdrawn": WORKERS | WATCHERS,
    "branch": WORKERS | WATCHERS,  # nobody of the agency before a handler is named
}


def look(client, wish, why: str | None = None):
    return client.post(f"/wishes/{wish.code}/resident/", {"why": why} if why else {})


def comes_in(client, wish) -> str | None:
    """Say how this person comes to the details: not at all, with a reason, or just so."""
    reasoned = look(client, wish, "居民打来电话，要回过去")
    if reasoned.status_code != 200:
        assert reasoned.status_code in (403, 404)
        assert not [fact for fact in FACTS if fact in text_of(reasoned)]
        return None
    assert all(fact in text_of(reasoned) for fact in FACTS)
    bare = look(client, wish)
    if bare.status_code == 200:
        return SEES
    assert bare.status_code == 400
    assert not [fact for fact in FACTS if fact in text_of(bare)]
    return WITH_REASON


@pytest.mark.parametrize("state", DOOR)
def test_who_comes_to_the_details(state, cast, as_, wish_in):
    wish = wish_in(state)
    found = {}
    for who in EVERYBODY:
        before = Look.objects.count()
        if how := comes_in(as_(getattr(cast, who)), wish):
            found[who] = how
        assert Look.objects.count() == before + {SEES: 2, WITH_REASON: 1, None: 0}[how], who
    assert found == DOOR[state]


def test_a_passer_by_is_sent_to_sign_in(wish_in, client):
    assert look(client, wish_in("claimed"))["Location"].startswith("/accounts/login/")


def test_the_page_shows_the_door_to_whom_it_opens_and_only_to_them(cast, as_, wish_in):
    wish = wish_in("claimed")
    shown = {
        who
        for who in EVERYBODY
        if f'action="/wishes/{wish.code}/resident/"'
        in text_of(as_(getattr(cast, who)).get(wish.get_absolute_url()))
    }
    assert shown == set(DOOR["claimed"])


def test_each_look_is_recorded_with_who_when_what_and_why(cast, as_, wish_in, later):
    wish = wish_in("claimed")
    look(as_(cast.cadre), wish)
    with later(hours=2):
        look(as_(cast.cadre), wish)
        look(as_(cast.supervisor), wish, "居民来信说没有人联系")
    looks = Look.objects.order_by("pk").values_list("resident", "by", "at", "why")
    two_hours_on = NOW.replace(hour=12)
    assert list(looks) == [
        (wish.resident_id, cast.cadre.pk, NOW, f"{wish.code} 联系居民"),
        (wish.resident_id, cast.cadre.pk, two_hours_on, f"{wish.code} 联系居民"),
        (wish.resident_id, cast.supervisor.pk, two_hours_on, f"{wish.code} 居民来信说没有人联系"),
    ]


def test_those_who_may_look_see_how_many_did(cast, as_, wish_in, later):
    wish = wish_in("claimed")
    for person in (cast.cadre, cast.cadre, cast.worker):
        look(as_(person), wish)
    assert "近 30 天有 2 人看过" in text_of(as_(cast.worker).get(wish.get_absolute_url()))
    with later(days=31):
        assert "近 30 天有 0 人看过" in text_of(as_(cast.worker).get(wish.get_absolute_url()))


@pytest.mark.parametrize("why", ["", "   ", "字" * 201, "看看\x00"])
def test_a_reason_that_is_none_opens_nothing(why, cast, as_, wish_in):
    wish = wish_in("claimed")
    answer = as_(cast.supervisor).post(f"/wishes/{wish.code}/resident/", {"why": why})
    assert answer.status_code == 400
    assert not [fact for fact in FACTS if fact in text_of(answer)]
    assert not Look.objects.exists()


def test_details_are_never_had_by_opening_an_address_and_never_kept(cast, as_, wish_in):
    wish = wish_in("claimed")
    assert as_(cast.worker).get(f"/wishes/{wish.code}/resident/").status_code == 405
    answer = look(as_(cast.worker), wish)
    assert "no-store" in answer["Cache-Control"]


def test_a_member_of_an_association_gets_the_communitys_telephone_instead(
    cast, as_, wish_in, later
):
    wish = wish_in("open")
    with later(days=8):
        act(as_(cast.member), wish, "claim")
        html = text_of(as_(cast.member).get(wish.get_absolute_url()))
        assert "请社区带你上门" in html
        assert "138 0000 0001" in html
        assert look(as_(cast.member), wish).status_code == 403
        assert look(as_(cast.member_liaison), wish, "要联系居民").status_code == 403
        assert "138 0000 0001" not in text_of(as_(cast.member_liaison).get(wish.get_absolute_url()))


def test_a_claim_for_the_branch_opens_the_door_when_a_handler_is_named(cast, as_, wish_in):
    wish = wish_in("branch")
    handler = Cadre.objects.get(user=cast.cadre_b)
    actions.assign(wish=wish, by=fresh(cast.liaison), handler=handler)
    assert comes_in(as_(cast.cadre_b), wish) == SEES
    assert comes_in(as_(cast.liaison), wish) == WITH_REASON
    assert comes_in(as_(cast.cadre), wish) is None


def test_whoever_handed_it_over_or_back_comes_in_no_more(cast, as_, wish_in):
    handed_over, handed_back = wish_in("claimed"), wish_in("claimed")
    handler = Cadre.objects.get(user=cast.cadre_b)
    actions.assign(wish=handed_over, by=fresh(cast.liaison), handler=handler)
    actions.release(wish=handed_back, by=fresh(cast.cadre), reason="赶不上了")
    assert comes_in(as_(cast.cadre), handed_over) is None
    assert comes_in(as_(cast.cadre_b), handed_over) == SEES
    assert comes_in(as_(cast.cadre), handed_back) is None


def test_a_wish_without_details_has_nothing_behind_the_door(cast, as_, wish_in):
    from pairing.models import Details

    wish = wish_in("claimed", resident=Details())
    assert "没有记下，请问社区。" in text_of(as_(cast.cadre).get(wish.get_absolute_url()))


class TestPhotos:
    """Photos of what was done count as details."""

    @pytest.fixture
    def done(self, cast, as_, wish_in):
        """Make a fulfilled wish with a photo."""
        wish = wish_in("claimed")
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(out, "JPEG")
        act(
            as_(cast.cadre), wish, "fulfil", note="配好了", photo=SimpleUploadedFile("a.jpg", out.getvalue())
        )  # fmt: skip
        return wish

    def sees(self, client, wish) -> bool:
        photo = Evidence.objects.get(wish=wish)
        answer = client.get(f"/wishes/{wish.code}/photo/{photo.pk}/")
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            assert answer["Content-Type"] == "image/jpeg"
            assert "no-store" in answer["Cache-Control"]
            b"".join(answer.streaming_content)
        page = client.get(wish.get_absolute_url())
        assert (f"/photo/{photo.pk}/" in text_of(page)) == (answer.status_code == 200)
        return answer.status_code == 200

    def test_the_worker_and_the_handler_see_them(self, done, cast, as_):
        seeing = {who for who in EVERYBODY if self.sees(as_(getattr(cast, who)), done)}
        assert seeing == {"worker", "colleague", "cadre"}

    def test_when_it_is_closed_the_handler_sees_them_no_more(self, done, cast, as_):
        actions.confirm(wish=done, by=fresh(cast.worker), rating="satisfied", how="phone")
        seeing = {who for who in EVERYBODY if self.sees(as_(getattr(cast, who)), done)}
        assert seeing == {"worker", "colleague"}

    def test_a_photo_is_found_under_its_own_wish_alone(self, done, cast, as_, wish_in):
        other = wish_in("fulfilled")
        photo = Evidence.objects.get()
        client = as_(cast.worker)
        assert client.get(f"/wishes/{other.code}/photo/{photo.pk}/").status_code == 404
        assert client.get(f"/wishes/{done.code}/photo/{'9' * 30}/").status_code == 404

    def test_a_passer_by_sees_none(self, done, client):
        photo = Evidence.objects.get()
        answer = client.get(f"/wishes/{done.code}/photo/{photo.pk}/")
        assert answer["Location"].startswith("/accounts/login/")
        assert client.get(f"/media/{photo.photo.name}").status_code == 404
