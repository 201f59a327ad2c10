"""Writing a wish down at the doorstep."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Event
from pairing.models import Consent, Look, Resident
from tests.cast import NOW, RESIDENT
from tests.wishes.doors import course_of, text_of
from wishes.models import Wish

WORDS = {"title": "想有人陪着去医院配一次药", "kind": "companionship"}
DETAILS = {
    "name": RESIDENT.name,
    "phone": RESIDENT.phone,
    "address": RESIDENT.address,
    "note": RESIDENT.note,
}
AGREED = {"contact": "on", "publish": "on"}


def log(client, **words):
    return client.post("/wishes/log/", WORDS | words)


def test_a_sentence_and_a_kind_are_all_that_is_needed(cast, as_):
    answer = log(as_(cast.worker))
    wish = Wish.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/wishes/{wish.code}/preview/"
    assert (wish.code, wish.title, wish.kind, wish.state) == (
        "QT-0001",
        WORDS["title"],
        "companionship",
        "draft",
    )
    assert wish.logged_by == cast.worker
    assert course_of(wish) == [("log", "", "draft")]


def test_the_form_asks_for_at_most_five_things_and_ticks_no_consent_beforehand(cast, as_):
    html = text_of(as_(cast.worker).get("/wishes/log/"))
    fields = set(re.findall(r'<(?:input|textarea|select)[^>]*name="(\w+)"[^>]*\srequired', html))
    assert fields == {"title", "kind"}
    for consent in ("contact", "publish", "consent_sensitive"):
        box = re.search(rf'<input[^>]*name="{consent}"[^>]*>', html)[0]
        assert 'type="checkbox"' in box
        assert "checked" not in box


def test_the_first_line_says_whom_to_ring_in_danger(cast, as_):
    html = text_of(as_(cast.worker).get("/wishes/log/"))
    main = re.sub(
        r"<p[^>]* hidden>.*?</p>", "", html[html.index('<main id="main"') :], flags=re.DOTALL
    )
    assert re.sub(r"<[^>]+>|\s+", "", main).startswith("有危险先打110、119、120。")


def test_it_can_be_kept_as_a_draft_for_later(cast, as_):
    answer = log(as_(cast.worker), save="1")
    assert answer["Location"] == "/wishes/QT-0001/"


def test_the_numbers_run_on_in_each_community_by_itself(cast, as_):
    for person in (cast.worker, cast.colleague, cast.worker2, cast.warden):
        log(as_(person))
    codes = set(Wish.objects.values_list("code", flat=True))
    assert codes == {"QT-0001", "QT-0002", "QT-0003", "HC-0001"}


def test_the_residents_details_are_kept_sealed_and_apart(cast, as_):
    log(as_(cast.worker), **DETAILS, **AGREED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM pairing_resident")
        sealed = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(w)::text FROM wishes_wish w")
        row = cursor.fetchone()[0]
    for fact in DETAILS.values():
        assert fact not in sealed
        assert fact not in row


def test_each_consent_is_kept_with_who_took_it_and_when(cast, as_):
    log(as_(cast.worker), **AGREED, kind="health", consent_sensitive="on")
    consents = Consent.objects.order_by("kind").values_list("kind", "taken_by", "given_at")
    assert list(consents) == [
        (kind, cast.worker.pk, NOW) for kind in ("contact", "publish", "sensitive")
    ]


@pytest.mark.parametrize("fact", list(DETAILS))
def test_no_detail_is_kept_without_the_residents_nod(fact, cast, as_):
    answer = log(as_(cast.worker), **{fact: DETAILS[fact]}, publish="on")
    assert answer.status_code == 400
    assert "没有本人同意，不能记下姓名、电话或住处。" in text_of(answer)
    assert not Wish.objects.exists()
    assert not Resident.objects.exists()


def test_sending_the_form_twice_writes_one_wish(cast, as_):
    client, key = as_(cast.worker), str(uuid.uuid4())
    first, second = log(client, key=key), log(client, key=key)
    assert first["Location"] == second["Location"]
    assert Wish.objects.count() == 1
    log(as_(cast.colleague), key=key)
    assert Wish.objects.count() == 2  # a key is its account's own


def test_every_blank_form_has_a_key_of_its_own(cast, as_):
    client = as_(cast.worker)
    keys = {
        re.search(r'name="key" value="([^"]+)"', text_of(client.get("/wishes/log/")))[1]
        for _ in range(2)
    }
    assert len(keys) == 2


@pytest.mark.parametrize(
    "words",
    [
        {"title": ""},
        {"title": "字" * 41},
        {"detail": "字" * 501},
        {"kind": "money"},
        {"kind": ""},
        {"due_on": "2026-03-09"},
        {"due_on": "2026-02-30"},
        {"due_on": "明天"},
        {"due_on": "99999-01-01"},
        {"soon": "some_day"},
        {"estimate": "-1"},
        {"estimate": "NaN"},
        {"estimate": "1e9"},
        {"estimate": "12.345"},
        {"money_source": "lottery"},
        {"title": "想要一把\x07轮椅"},
        {"title": "想要一把\x00轮椅"},
        {"detail": "想要一把\x1b[31m轮椅"},
        {"title": "想要一把\u202e轮椅"},
        {"detail": "想要一把\u2067轮椅\u2069"},
        {"name": "张\x08", **AGREED},
        {"phone": "1" * 31, **AGREED},
        {"address": "字" * 81, **AGREED},
        {"note": "字" * 201, **AGREED},
        {"key": "not-a-key"},
    ],
    ids=lambda words: "-".join(words) + ascii(next(iter(words.values())))[:14],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_written(words, cast, as_):
    answer = log(as_(cast.worker), **words)
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert (Wish.objects.count(), Resident.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_what_was_typed_stays_in_the_form_when_something_is_wrong(cast, as_):
    html = text_of(log(as_(cast.worker), kind="", detail="最好是周五上午"))
    assert WORDS["title"] in html
    assert "最好是周五上午" in html


def test_rare_characters_of_four_bytes_and_emoji_are_kept_as_they_are(cast, as_):
    log(as_(cast.worker), title="𠮷爷爷想听一场𪚥戏", detail="👨‍👩‍👧 一家都来")
    wish = Wish.objects.get()
    assert (wish.title, wish.detail) == ("𠮷爷爷想听一场𪚥戏", "👨‍👩‍👧 一家都来")
    assert "𠮷爷爷想听一场𪚥戏" in text_of(as_(cast.worker).get("/wishes/QT-0001/"))


def test_what_looks_like_markup_is_shown_as_typed(cast, as_):
    log(as_(cast.worker), title="<script>alert(1)</script>", detail='"><img src=x>')
    for path in ("", "preview/"):
        html = text_of(as_(cast.worker).get(f"/wishes/QT-0001/{path}"))
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ({}, None),
        ({"soon": "this_week"}, dt.date(2026, 3, 15)),
        ({"soon": "next_week"}, dt.date(2026, 3, 22)),
        ({"soon": "this_month"}, dt.date(2026, 3, 31)),
        ({"soon": "a_day", "due_on": "2026-03-20"}, dt.date(2026, 3, 20)),
        ({"due_on": "2026-03-10"}, dt.date(2026, 3, 10)),
    ],
)
def test_by_when_is_said_as_people_say_it(words, day, cast, as_):
    log(as_(cast.worker), **words)
    assert Wish.objects.get().due_on == day


def test_the_estimate_and_the_source_of_the_money_are_kept(cast, as_):
    log(as_(cast.worker), kind="goods", estimate="320.50", money_source="pooled")
    wish = Wish.objects.get()
    assert (wish.estimate, wish.money_source) == (Decimal("320.50"), "pooled")


@pytest.mark.parametrize(
    "who", ["cadre", "liaison", "member", "street", "supervisor", "inspector", "admin", "stranger"]
)
def test_who_works_for_no_community_writes_no_wish(who, cast, as_):
    client = as_(getattr(cast, who))
    assert client.get("/wishes/log/").status_code == 403
    assert log(client).status_code == 403
    assert not Wish.objects.exists()


def test_a_passer_by_is_sent_to_sign_in(client, db):
    assert log(client)["Location"].startswith("/accounts/login/")


def test_a_block_warden_notes_a_draft_and_the_community_checks_it(cast, as_):
    assert log(as_(cast.warden), publish="on")["Location"] == "/wishes/QT-0001/"
    wish = Wish.objects.get()
    assert wish.state == "draft"
    assert (
        as_(cast.warden).post(f"/wishes/{wish.code}/publish/", {"visibility": "public"}).status_code
        == 403
    )
    assert wish.code in text_of(as_(cast.worker).get("/wishes/desk/"))
    assert (
        as_(cast.worker).post(f"/wishes/{wish.code}/publish/", {"visibility": "public"}).status_code
        == 302
    )


def test_a_warden_sees_the_own_drafts_and_nobody_elses(cast, as_, wish_in):
    other = wish_in("draft")
    own = wish_in("draft", logged_by=cast.warden)
    client = as_(cast.warden)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    desk = text_of(client.get("/wishes/desk/"))
    assert own.code in desk
    assert other.code not in desk


class TestChangingADraft:
    def edit(self, client, wish, **words):
        return client.post(f"/wishes/{wish.code}/edit/", WORDS | words)

    def test_words_and_details_are_changed(self, cast, as_, wish_in):
        wish = wish_in("draft")
        changed = {"title": "想有人陪着去理一次发", "name": "李示例", **AGREED}
        answer = self.edit(as_(cast.colleague), wish, **changed)
        assert answer.status_code == 302
        wish.refresh_from_db()
        assert wish.title == "想有人陪着去理一次发"
        shown = as_(cast.worker).post(f"/wishes/{wish.code}/resident/")
        assert "李示例" in text_of(shown)
        assert RESIDENT.name not in text_of(shown)

    def test_the_form_comes_back_filled_and_the_look_is_recorded(self, cast, as_, wish_in):
        wish = wish_in("draft")
        html = text_of(as_(cast.worker).get(f"/wishes/{wish.code}/edit/"))
        for fact in (wish.title, RESIDENT.name, RESIDENT.phone, RESIDENT.address):
            assert fact in html
        assert list(Look.objects.values_list("by", "resident")) == [
            (cast.worker.pk, wish.resident_id)
        ]

    def test_a_consent_taken_back_is_gone(self, cast, as_, wish_in):
        wish = wish_in("draft")
        self.edit(as_(cast.worker), wish)
        assert not Consent.objects.exists()

    def test_details_without_a_nod_are_refused(self, cast, as_, wish_in):
        wish = wish_in("draft")
        assert self.edit(as_(cast.worker), wish, name="李示例").status_code == 400

    @pytest.mark.parametrize("state", ["checking", "open", "claimed", "closed", "withdrawn"])
    def test_what_is_no_longer_a_draft_is_not_changed_and_shows_no_details(
        self, state, cast, as_, wish_in
    ):
        wish = wish_in(state)
        client = as_(cast.worker)
        page = client.get(f"/wishes/{wish.code}/edit/")
        assert page.status_code == 302
        assert page["Location"] == wish.get_absolute_url()
        assert not Look.objects.exists()
        assert self.edit(client, wish, title="改了").status_code == 409
        wish.refresh_from_db()
        assert wish.title == WORDS["title"]

    def test_a_warden_reads_no_details_in_a_draft_that_has_gone_on(self, cast, as_, wish_in):
        wish = wish_in("draft", logged_by=cast.warden)
        client = as_(cast.warden)
        assert RESIDENT.phone in text_of(client.get(f"/wishes/{wish.code}/edit/"))
        as_(cast.worker).post(f"/wishes/{wish.code}/publish/", {"visibility": "public"})
        assert client.get(f"/wishes/{wish.code}/edit/").status_code == 302
        assert Look.objects.count() == 1

    @pytest.mark.parametrize(
        ("who", "status"), [("warden", 404), ("worker2", 404), ("street", 404), ("cadre", 404)]
    )
    def test_others_do_not_find_it(self, who, status, cast, as_, wish_in):
        wish = wish_in("draft")
        client = as_(getattr(cast, who))
        assert client.get(f"/wishes/{wish.code}/edit/").status_code == status
        assert self.edit(client, wish).status_code == status


def test_a_wish_of_a_group_that_can_be_split_is_written_down_and_edited(cast, as_):
    client = as_(cast.worker)
    words = {"title": "活动室想要十把椅子", "kind": "goods", "for_group": "on", "goal": "10"}
    assert client.post("/wishes/log/", words | {"save": "1"}).status_code == 302
    wish = Wish.objects.get()
    assert (wish.for_group, wish.goal) == (True, 10)
    page = text_of(client.get(f"/wishes/{wish.code}/edit/"))
    assert 'name="goal" value="10"' in page
    assert client.post("/wishes/log/", words | {"goal": "1"}).status_code in (200, 400)
    assert Wish.objects.count() == 1
