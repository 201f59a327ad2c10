"""A community's own list, from the upload to drafts: checked first, brought in whole, and erased."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import trail
from jiangdong.privacy import unseal
from notices.models import Notice
from pairing import actions as pairing_actions
from pairing.models import CommunityWorker, Consent
from tests.cast import RESIDENT, fresh
from tests.wishes.books import HEADS, ROW, book
from tests.wishes.doors import text_of
from wishes import actions
from wishes.actions import intake as intake_actions
from wishes.forms import LogForm
from wishes.intake.checking import MOST
from wishes.models import Intake, IntakeRow, Wish

PLAIN = ["想要一把伞", "物品", "", "", "", "", ""]


def send(client, body: bytes, name: str = "表.xlsx"):
    return client.post("/wishes/intake/", {"file": SimpleUploadedFile(name, body)})


@pytest.fixture
def upload(cast, as_):
    """Upload rows as somebody (a worker of 七塔 unless said otherwise) and return the upload."""

    def make(*rows, who: str = "worker", body: bytes | None = None) -> Intake:
        answer = send(as_(getattr(cast, who)), body or book(*rows))
        assert answer.status_code == 302, text_of(answer)
        return Intake.objects.get(pk=int(re.search(r"\d+", answer["Location"])[0]))

    return make


@pytest.fixture
def press(cast, as_):
    """Press a button of an upload's page."""

    def make(intake: Intake, act: str = "bring", who: str = "worker", **body):
        return as_(getattr(cast, who)).post(f"/wishes/intake/{intake.pk}/{act}/", body)

    return make


@pytest.fixture
def page(cast, as_):
    def make(intake: Intake, who: str = "worker") -> str:
        answer = as_(getattr(cast, who)).get(f"/wishes/intake/{intake.pk}/")
        assert answer.status_code == 200
        return text_of(answer)

    return make


class TestTheMainRoad:
    def test_nothing_is_saved_before_the_worker_says_so(self, upload, page):
        intake = upload(HEADS, ROW)
        assert (intake.state, intake.good, intake.bad) == ("checked", 1, 0)
        assert "导入这 1 行" in page(intake)
        assert not Wish.objects.exists()

    def test_a_row_becomes_the_draft_that_the_form_would_have_made(self, upload, press, cast):
        press(upload(HEADS, ROW))
        wish = Wish.objects.get()
        draft = {"title": ROW[0], "kind": "companionship", "state": "draft"}
        assert {name: getattr(wish, name) for name in draft} == draft
        assert (wish.community, wish.logged_by) == (cast.places.qt, cast.worker)
        details = {"name": "张示例", "phone": "13800000077", "address": "七塔一村9幢301室"}
        assert unseal(wish.resident.sealed) == details
        kinds = Consent.objects.filter(resident=wish.resident).values_list("kind", flat=True)
        assert sorted(kinds) == ["contact", "publish"]
        assert not list(trail.verify())
        assert not Notice.objects.exists()

    def test_what_was_uploaded_is_erased_when_the_rows_are_in(self, upload, press, page):
        intake = upload(HEADS, ROW)
        press(intake)
        intake.refresh_from_db()
        assert (intake.state, intake.brought, intake.sealed) == ("done", 1, "")
        assert "导入了 1 行" in page(intake)

    def test_what_is_kept_meanwhile_is_sealed(self, upload):
        intake = upload(HEADS, ROW)
        row = str(Intake.objects.filter(pk=intake.pk).values())
        for canary in vars(RESIDENT).values():
            assert canary not in row
        assert "13800000077" in unseal(intake.sealed)["rows"]

    def test_the_page_shows_no_details(self, upload, page):
        html = page(upload(HEADS, [*ROW[:3], "没有", *ROW[4:]]))
        assert "第 2 行「电话」：不像电话号码" in html
        assert not [canary for canary in (ROW[2], ROW[4]) if canary in html]


class TestProblems:
    @pytest.mark.parametrize(
        ("column", "cell", "said"),
        [
            ("心愿", "", "第 2 行「心愿」：没有写心愿"),
            ("类别", "外星", "第 2 行「类别」：没有这一类"),
            ("电话", "1.38E+10", "第 2 行「电话」：号码被表格改成了科学计数法"),
            ("同意记录", "", "第 2 行「同意记录」：没有写本人同意记录"),
            ("同意记录", "口头", "第 2 行「同意记录」：请填「是」或者留空"),
            ("姓名", "字" * 41, "第 2 行「姓名」：太长了，最多 40 个字"),
            ("住址", "\u202e七塔", "第 2 行「住址」：里面有看不见的控制字符"),
            ("心愿", "字" * 501, "第 2 行「心愿」：太长了"),
        ],
    )
    def test_a_problem_is_said_by_row_and_column(self, column, cell, said, upload, page):
        row = dict(zip(HEADS, ROW, strict=True)) | {column: cell}
        intake = upload(HEADS, list(row.values()))
        assert (intake.good, intake.bad) == (0, 1)
        assert said in page(intake)
        assert "导入这" not in page(intake)

    def test_without_a_column_of_consent_details_are_refused(self, upload, page):
        intake = upload(["心愿", "姓名"], ["想要一把伞", "张示例"], ["想要一盏灯", None])
        assert (intake.good, intake.bad) == (1, 1)
        assert "第 2 行「同意记录」" in page(intake)

    def test_a_formula_without_a_value(self, upload, page):
        intake = upload(HEADS, ["=A1&B1", *ROW[1:]])
        assert "第 2 行「心愿」：是公式" in page(intake)

    def test_good_rows_go_in_and_the_others_are_fetched_mended_and_sent_again(
        self, upload, press, cast, as_
    ):
        bad = [*PLAIN[:2], "张示例", *PLAIN[3:]]
        intake = upload(HEADS, ROW, bad, PLAIN)
        press(intake)
        assert Wish.objects.count() == 2
        answer = as_(cast.worker).get(f"/wishes/intake/{intake.pk}/problems/")
        heads, row = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(
            values_only=True
        )
        assert heads == (*HEADS, "问题")
        assert row[:3] == ("想要一把伞", "物品", "张示例")
        assert row[7] == "第 3 行「同意记录」：没有写本人同意记录，不能记下姓名、电话、住处"
        mended = upload(list(heads), [*row[:5], "是", "", row[7]])
        assert (mended.good, mended.bad) == (1, 0)
        press(mended)
        assert Wish.objects.count() == 3

    def test_a_text_that_looks_like_a_formula_comes_back_as_none(self, upload, cast, as_):
        intake = upload(["心愿", "姓名"], ["'=1+1", "=cmd"], ["想要一把伞", "+1"])
        answer = as_(cast.worker).get(f"/wishes/intake/{intake.pk}/problems/")
        cells = [
            c for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for c in row
        ]
        assert "f" not in {cell.data_type for cell in cells}

    def test_a_wish_too_long_for_a_title_gives_its_first_sentence(self, upload, press, page):
        long = "想请人来修一修厨房的水龙头。已经漏了半个月，晚上滴水睡不好，" * 2
        intake = upload(["心愿"], [long])
        assert "截短了" in page(intake)
        press(intake)
        wish = Wish.objects.get()
        assert (wish.title, wish.detail) == ("想请人来修一修厨房的水龙头", long)

    def test_what_must_not_be_public_is_pointed_out(self, upload, page):
        assert "像手机号码" in page(upload(["心愿"], ["请打 13800000077 找我"]))

    def test_one_much_like_an_open_wish_is_pointed_out(self, upload, page, wish_in):
        wish = wish_in("open")
        assert f"和 {wish.code} 很像" in page(upload(["心愿"], ["想有人陪着去医院配一次药。"]))

    def test_somebody_elses_wish_of_the_same_words_is_not(self, upload, page, wish_in):
        wish_in("open")
        assert "很像" not in page(upload(HEADS, [*ROW[:3], "13800000099", *ROW[4:]]))

    @pytest.mark.parametrize("body", [b"\xd0\xcf\x11\xe0" + b"\0" * 99, b"%PDF\0", b"PK\x03\x04"])
    def test_a_file_that_cannot_be_read_is_said_to_be_and_erased(self, body, upload, page):
        intake = upload(body=body)
        assert (intake.state, intake.sealed) == ("unreadable", "")
        assert "重新上传" in page(intake)

    def test_nothing_is_no_upload(self, cast, as_):
        assert as_(cast.worker).post("/wishes/intake/").status_code == 400

    def test_a_file_over_the_limit_is_refused(self, cast, as_, monkeypatch):
        monkeypatch.setattr(intake_actions, "MOST_BYTES", 1000)
        answer = send(as_(cast.worker), b"x" * 2000)
        assert answer.status_code == 400
        assert "文件太大了" in text_of(answer)

    def test_ten_thousand_rows_with_errors_at_the_end_save_nothing_by_themselves(
        self, upload, page
    ):
        rows = [[f"想要第 {n} 样东西", "物品"] for n in range(9_990)]
        intake = upload(["心愿", "类别"], *rows, *[["", "外星"]] * 10)
        assert intake.state == "received"  # the worker's to read
        assert "正在读和核对" in page(intake)
        intake_actions.read(pk=intake.pk)
        intake.refresh_from_db()
        assert (intake.good, intake.bad) == (9_990, 10)
        assert "第 10001 行" in page(intake)
        assert not Wish.objects.exists()


class TestColumns:
    ODD = ["想什么", "哪一种", "谁"]

    def test_heads_that_nobody_knows_are_matched_by_hand(self, upload, press, page):
        intake = upload(self.ODD, ["想要一把伞", "物品", "张示例"])
        assert intake.state == "unmatched"
        assert "没有认出哪一列是心愿" in page(intake)
        press(intake, "match", column0="title", column1="kind")
        intake.refresh_from_db()
        assert (intake.state, intake.good) == ("checked", 1)
        assert "1 列没有用上" in page(intake)

    @pytest.mark.parametrize(
        "chosen",
        [
            {},
            {"column1": "kind"},
            {"column0": "title", "column1": "title"},
            {"column0": "nonsense"},
        ],
    )
    def test_a_choice_that_cannot_be_is_refused(self, chosen, upload, press):
        intake = upload(self.ODD, ["想要一把伞", "物品", "张示例"])
        assert press(intake, "match", **chosen).status_code == 400

    def test_the_template_is_taken_back_as_it_is_and_its_example_left_out(self, cast, as_, upload):
        for who, community in (("worker", ""), ("street", "社区")):
            answer = as_(getattr(cast, who)).get("/wishes/intake/template/")
            made = openpyxl.load_workbook(io.BytesIO(answer.content))
            heads = [cell.value for cell in made.active[1]]
            assert ("社区" in heads) == bool(community)
            choices = made.active.data_validations.dataValidation
            assert any("陪伴" in choice.formula1 for choice in choices)
            intake = upload(body=answer.content, who=who)
            assert (intake.state, intake.total) == ("checked", 0)


class TestAgain:
    def test_the_same_file_twice_is_told_and_brings_nothing(self, upload, press, page):
        body = book(HEADS, ROW, PLAIN)
        press(upload(body=body))
        again = upload(body=body)
        assert (again.good, again.known) == (0, 2)
        assert "导入过" in page(again)
        assert press(again).status_code == 409
        assert Wish.objects.count() == 2

    def test_rows_brought_in_before_are_known_in_another_file(self, upload, press):
        press(upload(HEADS, ROW))
        longer = upload(HEADS, ROW, PLAIN)
        assert (longer.good, longer.known) == (1, 1)
        press(longer)
        assert Wish.objects.count() == 2

    def test_a_row_twice_in_one_file_is_one_wish(self, upload, press, page):
        intake = upload(HEADS, ROW, ROW)
        assert "第 3 行：和第 2 行一样，只记一次" in page(intake)
        press(intake)
        assert Wish.objects.count() == 1

    def test_two_who_bring_in_the_same_rows_make_them_once(self, upload, press):
        """Both were checked before either brought anything in."""
        first, second = upload(HEADS, ROW), upload(HEADS, ROW, PLAIN, who="colleague")
        press(first)
        press(second, who="colleague")
        second.refresh_from_db()
        assert (second.brought, second.known) == (1, 1)
        assert Wish.objects.count() == 2

    def test_pressed_twice_it_is_brought_in_once(self, upload, press):
        intake = upload(HEADS, ROW)
        assert [press(intake).status_code for _ in range(2)] == [302, 409]
        assert Wish.objects.count() == 1

    def test_who_was_erased_is_not_remembered_by_their_row(self, upload, press):
        press(upload(HEADS, ROW))
        pairing_actions.erase(resident=Wish.objects.get().resident)
        assert not IntakeRow.objects.exists()


class TestMany:
    @pytest.fixture(autouse=True)
    def _left_to_the_worker(self, monkeypatch):
        self.sent = []
        monkeypatch.setattr(intake_actions, "BROUGHT_AT_ONCE", 1)
        monkeypatch.setattr(
            "wishes.actions.intake.current_app.send_task",
            lambda name, args: self.sent.append((name, args)),
        )

    def test_they_are_brought_in_by_the_worker_while_the_page_says_how_far(
        self, upload, press, page, django_capture_on_commit_callbacks
    ):
        intake = upload(HEADS, ROW, PLAIN)
        with django_capture_on_commit_callbacks(execute=True):
            press(intake)
        assert self.sent == [("wishes.tasks.bring_intake", [intake.pk])]
        assert 'hx-trigger="every 2s"' in page(intake)
        assert press(intake).status_code == 409
        assert press(intake, "discard").status_code == 409
        intake_actions.bring(pk=intake.pk)
        intake_actions.bring(pk=intake.pk)
        assert Wish.objects.count() == 2
        assert "hx-trigger" not in page(intake)

    def test_who_lost_their_post_brings_nothing_in(self, upload, press, cast):
        intake = upload(HEADS, ROW, PLAIN)
        press(intake)
        CommunityWorker.objects.filter(user=cast.worker).delete()
        intake_actions.bring(pk=intake.pk)
        intake.refresh_from_db()
        assert (intake.state, intake.sealed, Wish.objects.count()) == ("unreadable", "", 0)

    def test_a_row_that_fails_takes_all_of_them_back(self, upload, press, monkeypatch):
        intake = upload(HEADS, ROW, PLAIN)
        press(intake)
        monkeypatch.setattr(IntakeRow.objects.__class__, "bulk_create", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake_actions.bring(pk=intake.pk)
        intake.refresh_from_db()
        assert (intake.state, Wish.objects.count()) == ("bringing", 0)

    def test_what_nobody_works_on_is_handed_over_again(
        self, upload, press, later, django_capture_on_commit_callbacks
    ):
        press(upload(HEADS, ROW, PLAIN))
        self.sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            intake_actions.look_after_intakes()
        assert self.sent == []
        with later(hours=1), django_capture_on_commit_callbacks(execute=True):
            intake_actions.look_after_intakes()
        assert [name for name, _args in self.sent] == ["wishes.tasks.bring_intake"]

    def test_more_rows_cost_no_more_queries(self, upload, press):
        counts = []
        for many in (3, 30):
            intake = upload(["心愿"], *[[f"想要 {many} 样里的第 {n} 样"] for n in range(many)])
            press(intake)
            with CaptureQueriesContext(connection) as made:
                intake_actions.bring(pk=intake.pk)
            counts.append(len(made))
        assert counts[0] == counts[1]


class TestErasing:
    def test_after_a_day_nothing_is_left(self, upload, later, page):
        intake = upload(HEADS, ROW)
        with later(hours=23):
            intake_actions.look_after_intakes()
            assert Intake.objects.get().sealed
        with later(hours=24):
            intake_actions.look_after_intakes()
        assert Intake.objects.get().sealed == ""
        assert "已经删去了" in page(intake)

    def test_whoever_uploaded_it_throws_it_away(self, upload, press):
        intake = upload(HEADS, ROW)
        assert press(intake, "discard").status_code == 302
        assert Intake.objects.get().sealed == ""
        assert press(intake).status_code == 409

    def test_rows_with_problems_stay_for_the_day_and_no_others(self, upload, press):
        intake = upload(HEADS, ROW, [*PLAIN[:2], "李示例", *PLAIN[3:]])
        press(intake)
        kept = unseal(Intake.objects.get().sealed)["rows"]
        assert "李示例" in kept
        assert "张示例" not in kept


class TestWhoMay:
    @pytest.mark.parametrize(
        "who", ["warden", "cadre", "liaison", "supervisor", "admin", "stranger"]
    )
    def test_others_bring_in_nothing(self, who, cast, as_):
        client = as_(getattr(cast, who))
        for answer in (
            client.get("/wishes/intake/"),
            client.get("/wishes/intake/template/"),
            send(client, book(HEADS, ROW)),
        ):
            assert answer.status_code == 403

    @pytest.mark.parametrize("who", ["colleague", "worker2", "street", "supervisor", "admin"])
    def test_an_upload_is_nobody_elses(self, who, upload, cast, as_):
        intake = upload(HEADS, ROW)
        client = as_(getattr(cast, who))
        assert client.get(f"/wishes/intake/{intake.pk}/").status_code == 404
        assert client.get(f"/wishes/intake/{intake.pk}/problems/").status_code == 404
        for act in ("bring", "match", "discard"):
            assert client.post(f"/wishes/intake/{intake.pk}/{act}/").status_code == 404

    def test_who_works_elsewhere_now_does_not_find_it(self, upload, cast, as_):
        intake = upload(HEADS, ROW)
        CommunityWorker.objects.filter(user=cast.worker).update(community=cast.places.hc)
        client = as_(fresh(cast.worker))
        assert client.get(f"/wishes/intake/{intake.pk}/").status_code == 404

    def test_a_worker_brings_in_for_their_own_community_alone(self, upload, page):
        intake = upload(["社区", "心愿"], ["七塔", "想要一把伞"], ["划船社区", "想要一盏灯"])
        assert (intake.good, intake.bad) == (1, 1)
        assert "第 3 行「社区」：不是本社区的" in page(intake)

    def test_a_street_brings_in_for_its_communities(self, upload, press, page, cast):
        intake = upload(
            ["社区", "心愿"],
            ["七塔社区", "想要一把伞"],
            ["HC", "想要一把伞"],
            ["黄鹂社区", "想要一盏灯"],
            ["", "想要一袋米"],
            who="street",
        )
        assert (intake.good, intake.bad) == (2, 2)
        html = page(intake, who="street")
        assert "第 4 行「社区」：不是本街道的社区" in html
        assert "第 5 行「社区」：没有写是哪个社区" in html
        press(intake, who="street")
        assert sorted(Wish.objects.values_list("code", flat=True)) == ["HC-0001", "QT-0001"]
        (event,) = trail.events_of(Wish.objects.get(code="HC-0001"))
        assert (event.by_id, event.by_label) == (cast.street.pk, "百丈街道办事处")


def test_whatever_is_taken_in_the_form_would_have_taken_too(upload, press):
    rows = [
        ["想要一把伞", "物品", "约 300 元左右", "3月20日"],
        ["字" * 60, "医疗", "", "2026.4.1"],
        ["想 学  写字", "", "0", ""],
    ]
    press(upload(["心愿", "类别", "预算", "截止"], *rows))
    for wish in Wish.objects.all():
        data = {name: getattr(wish, name) for name in LogForm.WORDS} | {"soon": "a_day"}
        assert LogForm({name: value for name, value in data.items() if value}).is_valid()
    assert Wish.objects.count() == 3


def test_as_many_characters_are_taken_as_in_the_form():
    assert {name: LogForm.base_fields[name].max_length for name in MOST} == MOST


def test_logs_and_notices_hold_no_details(upload, press, caplog):
    press(upload(HEADS, ROW, [*ROW[:3], "没有", *ROW[4:]]))
    said = caplog.text + str(list(Notice.objects.values())) + str(list(Intake.objects.values()))
    for canary in (ROW[2], ROW[3], ROW[4]):
        assert canary not in said


def test_what_was_brought_in_can_be_published(upload, press, cast):
    press(upload(HEADS, ROW))
    wish = actions.publish(wish=Wish.objects.get(), by=fresh(cast.worker), visibility="public")
    assert wish.state == "open"
    assert not list(trail.verify())
