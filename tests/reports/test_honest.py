"""Figures too good: each check on both sides of its threshold, who reads and who explains, and nobody's name."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Event
from jiangdong import clock, photos
from pairing.models import Agency
from reports.models import Explained
from tests.cast import NOW, RESIDENT, fresh
from wishes import actions
from wishes.actions import Brought, Step
from wishes.models import Draft, Evidence, Wish

PAGE = "/admin/reports/explained/"


def on(**since_now):
    return clock.at(NOW + dt.timedelta(**since_now))


@pytest.fixture
def found(cast, as_):
    """Return what a check finds now: the sentences, newest first."""

    def ask(slug, who="supervisor"):
        rows = as_(getattr(cast, who)).get(PAGE).context["listed"]
        row = next(row for row in rows if row.check.slug == slug)
        assert row.number == len(row.findings)
        return [finding.said for finding in row.findings]

    return ask


@pytest.fixture
def done(cast, wish_in):
    """Make a wish that was logged, claimed and called done at these minutes before NOW."""

    def make(*, logged, claimed, fulfilled, photo=None, **facts):
        with on(minutes=-logged):
            wish = wish_in("open", **facts)
        with on(minutes=-claimed):
            wish = actions.claim(wish=wish, by=fresh(cast.cadre))
        with on(minutes=-fulfilled):
            return actions.fulfil(wish=wish, by=fresh(cast.cadre), note="办好了", photo=photo)

    return make


def ordinary(done, **facts):
    """Make a wish that no check of time finds."""
    return done(logged=5000, claimed=3000, fulfilled=100, **facts)


def photo(draw=lambda x, y: (x * 7 + y * 3) % 256, size=(640, 480), quality=90):
    """Return an upload: what a phone sends of what is drawn on 64 × 48 spots."""
    image = Image.new("L", (64, 48))
    image.putdata([draw(n % 64, n // 64) for n in range(64 * 48)])
    out = io.BytesIO()
    image.resize(size).convert("RGB").save(out, "JPEG", quality=quality)
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def hills(x, y):
    return (x * x // 9 + 5 * y) % 256


def test_a_claim_fulfilled_within_ten_minutes_is_listed_and_not_one_of_ten(found, done):
    done(logged=5000, claimed=110, fulfilled=100)
    assert found("quick") == []
    done(logged=5000, claimed=109, fulfilled=100)
    assert found("quick") == ["认领后 9 分钟就说办好了"]


def test_what_is_older_than_ninety_days_is_not_looked_at(found, done):
    done(logged=5000, claimed=101, fulfilled=100)
    with on(days=89):
        assert len(found("quick")) == 1
    with on(days=90):
        assert found("quick") == []


def test_a_wish_done_within_the_hour_in_which_it_was_logged_is_listed(found, done):
    done(logged=160, claimed=120, fulfilled=100)
    assert found("afterwards") == []
    done(logged=159, claimed=120, fulfilled=100)
    assert found("afterwards") == ["记下后 59 分钟就说办好了"]


@pytest.mark.parametrize(
    ("due_in", "done_in", "said"),
    [
        (0, 30, []),
        (-1, 30, ["约定的日子 2026-03-01 比记下的日子早"]),
        (0, -2, ["说办好的时间比记下的还早"]),
    ],
)
def test_what_was_brought_in_afterwards_is_listed(cast, found, due_in, done_in, said):
    logged = NOW - dt.timedelta(days=8)
    day = logged.date() + dt.timedelta(days=due_in)
    worker, cadre = cast.worker, cast.cadre
    begun = logged - dt.timedelta(days=20)
    fulfilled = logged + dt.timedelta(hours=done_in)
    steps = (
        Step("publish", begun, worker, "七塔社区"),
        Step("claim", begun, cadre, "区教育局", agency=cast.places.jy),
        Step("fulfil", fulfilled, cadre, "区教育局", note="修好了"),
    )
    draft = Draft(title="想修好水龙头", kind="repair", due_on=day)
    row = Brought(draft=draft, community=cast.places.qt, by=worker, at=logged, steps=steps)
    actions.bring_in(rows=[row])
    assert found("afterwards") == said


def test_a_photo_used_for_two_wishes_is_found_however_it_was_scaled_and_pressed(found, done):
    ordinary(done, photo=photo(hills))
    ordinary(done, photo=photo(lambda x, y: (x * y) % 251))
    assert found("photo") == []
    ordinary(done, photo=photo(hills, size=(1800, 1350), quality=45))
    assert found("photo") == ["同一张照片用在 2 件心愿上"]
    ordinary(done, photo=photo(hills, size=(320, 240), quality=70))
    assert found("photo") == ["同一张照片用在 3 件心愿上"]


def test_photos_that_differ_in_three_bits_are_one_and_in_four_are_two(found, done):
    first, second = ordinary(done, photo=photo(hills)), ordinary(done)
    mine = Evidence.objects.get(wish=first)
    for bits, expected in ((0b111, 1), (0b1111, 0), (1 << 16 | 1 << 40 | -1 << 63, 1)):
        other = Evidence.objects.create(
            wish=second, photo="a.jpg", added_by=mine.added_by, likeness=mine.likeness ^ bits
        )
        assert len(found("photo")) == expected
        other.delete()


def test_two_photos_of_one_wish_and_plain_surfaces_are_not_compared(found, done):
    first, second = ordinary(done), ordinary(done)
    for wish, likeness in ((first, 77), (first, 77), (first, 0), (second, 0)):
        Evidence.objects.create(
            wish=wish, photo="a.jpg", added_by=wish.fulfilled_by, likeness=likeness
        )
    assert found("photo") == []


def test_the_very_same_file_is_found_without_its_likeness(found, done):
    for wish in (ordinary(done), ordinary(done)):
        Evidence.objects.create(wish=wish, photo="a.jpg", added_by=wish.fulfilled_by, sha256="5a")
    assert found("photo") == ["同一张照片用在 2 件心愿上"]


def test_a_photo_is_alike_whatever_becomes_of_its_size_and_not_to_another():
    def bits_apart(a, b):
        return (photos.likeness_of(a) ^ photos.likeness_of(b) & (1 << 64) - 1).bit_count()

    assert bits_apart(photo(hills), photo(hills, (1200, 900), 40)) <= 3
    assert bits_apart(photo(hills), photo(lambda x, y: (x * y) % 251)) > 10
    assert photos.likeness_of(photo(lambda x, y: 128)) == 0


@pytest.fixture
def nod(cast, done):
    """Let a resident nod to a wish, so many minutes before NOW, noted by a worker."""

    def make(minutes, by=None, how="phone", **facts):
        wish = done(logged=90000, claimed=80000, fulfilled=70000, **facts)
        with on(minutes=-minutes):
            return actions.confirm(
                wish=wish, by=fresh(by or cast.worker), rating="satisfied", how=how
            )

    return make


def own(n):
    """Return details with a telephone of their own."""
    return type(RESIDENT)(name="张示例", phone=f"1380000{n:04}", address="一村1幢")


def test_five_nods_of_one_telephone_within_thirty_days_are_listed(found, nod, as_, cast):
    for n in range(4):
        nod(n * 1000)
    nod(5000, resident=own(1))
    assert found("telephone") == []
    with on(days=25):
        nod(-25 * 24 * 60)
    assert found("telephone") == ["七塔社区：同一个电话 30 天里点头 5 次"]
    with on(days=29):
        assert found("telephone") == []


def test_nods_without_a_telephone_are_nobodys(found, nod):
    for n in range(5):
        nod(n * 1000, resident=type(RESIDENT)(name="张示例"))
    assert found("telephone") == []


def test_five_nods_noted_one_after_the_other_within_minutes_are_listed(found, nod):
    for n in range(5):
        nod(100 - 3 * n, how="family", resident=own(n))
    assert found("caller") == []
    for n in range(4):
        nod(60 - 2 * n, resident=own(10 + n))
    assert found("caller") == []
    nod(52, how="family", resident=own(20))
    assert found("caller") == ["2026-03-10 09:00 起 9 分钟里，接连记下 5 次点头"]


def test_nods_of_two_callers_or_at_the_door_are_no_run(cast, found, nod):
    for n in range(4):
        nod(60 - n, resident=own(n))
        nod(60 - n, by=cast.colleague, resident=own(10 + n))
    nod(55, how="door", resident=own(20))
    assert found("caller") == []


def claimed_long_ago(cast, wish_in, unfinished, of, **facts):
    with on(days=-31):
        wishes = [wish_in("claimed", **facts) for _ in range(of)]
    with on(days=-20):
        for wish in wishes[unfinished:]:
            actions.fulfil(wish=wish, by=wish.claimed_by, note="办好了")


def agencies_on(client):
    told = client.get(PAGE).context["unfinished"]
    return [row.agency.name for row in told.found], told.few


@pytest.mark.parametrize(
    ("unfinished", "of", "found", "few"),
    [(9, 9, [], 1), (5, 10, [], 0), (7, 10, ["区教育局"], 0), (6, 10, ["区教育局"], 0)],
)
def test_agencies_are_told_when_even_the_low_end_of_their_share_is_high(
    cast, as_, wish_in, unfinished, of, found, few
):
    claimed_long_ago(cast, wish_in, unfinished, of)
    assert agencies_on(as_(cast.supervisor)) == (found, few)


def test_a_claim_of_less_than_thirty_days_or_one_given_back_or_waiting_is_not_unfinished(
    cast, as_, wish_in
):
    claimed_long_ago(cast, wish_in, 10, 10)
    client = as_(cast.supervisor)
    with on(days=-2):
        assert agencies_on(client) == ([], 0)
    for wish in Wish.objects.filter(state="claimed")[:5]:
        actions.release(wish=wish, by=fresh(cast.cadre), reason="出差")
    assert agencies_on(client) == ([], 1)


def test_agencies_stand_in_the_customary_order_with_the_list_behind_the_number(cast, as_, wish_in):
    claimed_long_ago(cast, wish_in, 10, 10)
    facts = {"community": cast.places.hc, "logged_by": cast.worker2, "by": cast.cadre2}
    claimed_long_ago(cast, wish_in, 8, 10, **facts)
    client = as_(cast.supervisor)
    assert agencies_on(client)[0] == ["区委办公室", "区教育局"]
    Agency.objects.filter(code="WB").update(position=9)
    assert agencies_on(client)[0] == ["区教育局", "区委办公室"]
    for row in client.get(PAGE).context["unfinished"].found:
        for figure in (row.share.yes, row.share.of):
            assert client.get(figure.url).context["cl"].result_count == figure.number


def explain(client, check, subject, reason="办事处当天集中入户，当面办完的"):
    return client.post(f"{PAGE}{check}/explain/", {"subject": subject, "reason": reason})


def test_a_supervisor_says_why_it_is_right_and_it_is_off_the_list(cast, as_, found, done):
    wish = done(logged=5000, claimed=101, fulfilled=100)
    done(logged=5000, claimed=102, fulfilled=100)
    client = as_(cast.supervisor)
    response = explain(client, "quick", wish.pk)
    assert response.status_code == 302
    assert found("quick") == ["认领后 2 分钟就说办好了"]
    row = Explained.objects.get()
    assert (row.check_slug, row.subject, row.by, row.at) == ("quick", wish.pk, cast.supervisor, NOW)
    assert row.found == "认领后 1 分钟就说办好了"
    event = Event.objects.get(thing_kind="reports.explained", thing_id=row.pk)
    assert (event.move, event.by_id, event.by_label) == ("explain", cast.supervisor.pk, "区督办")
    assert event.note.text == row.reason
    assert "办事处当天集中入户" in client.get(PAGE).content.decode()


def test_nothing_but_the_list_changes_by_an_explanation(cast, as_, done):
    wish = done(logged=5000, claimed=101, fulfilled=100)
    before = Wish.objects.values().get(pk=wish.pk)
    explain(as_(cast.supervisor), "quick", wish.pk)
    assert Wish.objects.values().get(pk=wish.pk) == before


def test_what_joins_a_finding_after_it_was_explained_brings_it_back(cast, as_, found, nod):
    for n in range(5):
        nod(1000 * n + 60)
    client = as_(cast.supervisor)
    row = next(r for r in client.get(PAGE).context["listed"] if r.check.slug == "telephone")
    explain(client, "telephone", row.findings[0].subject)
    assert found("telephone") == []
    with on(days=1):
        nod(-24 * 60)
        assert found("telephone") == ["七塔社区：同一个电话 30 天里点头 6 次"]
        explain(client, "telephone", row.findings[0].subject)
        assert found("telephone") == []
    assert Explained.objects.get().trail_n == 2


def test_an_agency_is_not_asked_again_for_thirty_days(cast, as_, wish_in):
    claimed_long_ago(cast, wish_in, 10, 10)
    client = as_(cast.supervisor)
    explain(client, "unfinished", cast.places.jy.pk)
    assert agencies_on(client)[0] == []
    with on(days=31):
        assert agencies_on(client)[0] == ["区教育局"]


@pytest.mark.parametrize("reason", ["", "  ", "打 13800000077 问过了", "字" * 301])
def test_a_reason_is_asked_for_and_gives_nobody_away(cast, as_, found, done, reason):
    wish = done(logged=5000, claimed=101, fulfilled=100)
    response = explain(as_(cast.supervisor), "quick", wish.pk, reason)
    assert response.status_code == 400
    assert response.content.decode().count('<details class="jd-explain" open>') == 1
    assert not Explained.objects.exists()
    assert len(found("quick")) == 1


@pytest.mark.parametrize(
    ("check", "subject", "status"),
    [("quick", 10**12, 302), ("quick", 10**30, 400), ("quick", "x", 400), ("made-up", 1, 404)],
)
def test_what_is_not_on_the_list_cannot_be_explained(cast, as_, check, subject, status):
    assert explain(as_(cast.supervisor), check, subject).status_code == status
    assert not Explained.objects.exists()


def test_the_supervision_group_reads_and_explains_nothing(cast, as_, found, done):
    wish = done(logged=5000, claimed=101, fulfilled=100)
    client = as_(cast.supervision_group)
    assert found("quick", "supervision_group") == ["认领后 1 分钟就说办好了"]
    assert "看过了，有原因" not in client.get(PAGE).content.decode()
    assert explain(client, "quick", wish.pk).status_code == 403
    assert not Explained.objects.exists()


@pytest.mark.parametrize(
    "who", ["worker", "warden", "cadre", "liaison", "street", "inspector", "leader", "admin"]
)
def test_nobody_else_reads_it(cast, as_, who):
    client = as_(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert explain(client, "quick", 1).status_code == 403


def test_the_menu_leads_there(cast, as_):
    assert f'href="{PAGE}"' in as_(cast.supervisor).get("/admin/").content.decode()


def test_an_empty_district_has_nothing_too_good(cast, as_):
    html = as_(cast.supervisor).get(PAGE).content.decode()
    assert html.count("没有查到，或者都已经看过了。") == 6


def everything_suspicious(nod, done, times):
    for _ in range(times):
        done(logged=50, claimed=20, fulfilled=19, photo=photo(hills))
    for n in range(5 * times):
        nod(3000 - n, resident=own(n // 5))


def test_it_costs_as_many_queries_for_thirty_findings_as_for_one(cast, as_, nod, done):
    client = as_(cast.supervisor)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    everything_suspicious(nod, done, 1)
    queries()
    few = queries()
    everything_suspicious(nod, done, 29)
    assert queries() == few
    listed = client.get(PAGE).context["listed"]
    assert [(row.number, len(row.findings), row.more) for row in listed[:2]] == [(30, 20, 10)] * 2


def test_no_name_telephone_or_address_stands_on_the_page(cast, as_, nod, done):
    everything_suspicious(nod, done, 2)
    for _ in range(5):
        nod(200, resident=RESIDENT)
    html = as_(cast.supervisor).get(PAGE).content.decode()
    for words in (RESIDENT.name, RESIDENT.phone, RESIDENT.address, RESIDENT.note, "1380000"):
        assert words not in html
    for person in (cast.worker, cast.cadre, cast.colleague):
        assert person.name not in html
    assert "区教育局" not in html
