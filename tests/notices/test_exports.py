"""Lists that take longer than a person waits: asked for, made in the background, told, fetched by their owner alone."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangdong import clock
from notices import actions
from notices.models import Export, Notice
from notices.sheets import REGISTRY, Sheet, register
from notices.views import exports as door
from pairing.models import CommunityWorker
from tests.cast import NOW, RESIDENT, SINCE, fresh
from tests.wishes.doors import codes_on, text_of


@pytest.fixture(autouse=True)
def _soon_long(monkeypatch):
    """Let two rows be more than a person waits for."""
    monkeypatch.setattr(door, "AT_ONCE", 1)


@pytest.fixture
def asked(cast, as_, wish_in):
    """A worker's desk of two wishes, asked for as a file."""
    wish_in("open")
    wish_in("claimed")

    def ask(who="worker", file_format: str = "xlsx", query: str = "tab=all") -> Export:
        client = as_(getattr(cast, who))
        answer = client.post(f"/exports/desk/ask/?{query}", {"format": file_format})
        assert answer.status_code == 302
        return Export.objects.get(pk=re.fullmatch(r"/exports/(\d+)/", answer["Location"])[1])

    return ask


def page(client, export: Export, **headers) -> str:
    answer = client.get(f"/exports/{export.pk}/", headers=headers)
    assert answer.status_code == 200
    return text_of(answer)


def fetch(client, export: Export):
    return client.get(f"/exports/{export.pk}/download/")


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_a_long_list_is_made_in_the_background_and_fetched(file_format, asked, cast, as_):
    client = as_(cast.worker)
    export = asked(file_format=file_format)
    assert "排着队" in page(client, export)
    assert fetch(client, export).status_code == 404
    actions.make_export(pk=export.pk)
    assert "2 行，做好了" in page(client, export)
    answer = fetch(client, export)
    body = b"".join(answer)
    if file_format == "xlsx":
        cells = openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    else:
        cells = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    codes = [row[0] for row in cells][1:]
    assert codes == codes_on(text_of(client.get("/wishes/desk/?tab=all")))
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Content-Disposition"].startswith("attachment;")


def test_its_owner_is_told_once(asked, cast):
    export = asked()
    actions.make_export(pk=export.pk)
    actions.make_export(pk=export.pk)
    notice = Notice.objects.get(kind="export")
    assert (notice.recipient, notice.url) == (cast.worker, f"/exports/{export.pk}/")
    assert "做好了" in notice.title


def test_the_piece_asks_again_until_the_file_is_there(asked, cast, as_):
    client, export = as_(cast.worker), asked()
    piece = page(client, export, HX_Request="true")
    assert "<html" not in piece
    assert 'hx-trigger="every 2s"' in piece
    actions.make_export(pk=export.pk)
    assert "hx-trigger" not in page(client, export, HX_Request="true")


@pytest.mark.parametrize("who", ["colleague", "worker2", "supervisor", "admin", "stranger"])
def test_nobody_else_finds_page_or_file(who, asked, cast, as_):
    export = asked()
    actions.make_export(pk=export.pk)
    client = as_(getattr(cast, who))
    assert client.get(f"/exports/{export.pk}/").status_code == 404
    assert fetch(client, export).status_code == 404


def lose_their_post(cast) -> None:
    CommunityWorker.objects.filter(user=cast.worker).update(
        term=SINCE.__class__(dt.date(2014, 1, 1), dt.date(2026, 3, 10), "[)")
    )


def move_to_another_community(cast) -> None:
    lose_their_post(cast)
    CommunityWorker.objects.create(
        user=cast.worker,
        community=cast.places.hc,
        duty="worker",
        term=SINCE.__class__(dt.date(2026, 3, 10), None, "[)"),
    )


def leave(cast) -> None:
    cast.worker.is_active = False
    cast.worker.save(update_fields=["is_active"])


@pytest.mark.parametrize("change", [lose_their_post, move_to_another_community, leave])
def test_who_lost_the_post_gets_no_file_made(change, asked, cast):
    export = asked()
    change(cast)
    actions.make_export(pk=export.pk)
    export.refresh_from_db()
    assert (export.state, export.path.exists()) == ("refused", False)


@pytest.mark.parametrize("change", [lose_their_post, move_to_another_community])
def test_who_lost_the_post_no_longer_fetches_what_was_made(change, asked, cast, as_):
    export = asked()
    actions.make_export(pk=export.pk)
    change(cast)
    assert fetch(as_(fresh(cast.worker)), export).status_code == 403


def test_asked_for_twice_it_is_one_file(asked):
    assert asked().pk == asked().pk
    assert asked(file_format="csv").pk != asked().pk


def test_nobody_fills_the_queue(asked, cast, as_):
    for tab in ("all", "all&q=", "all&q=&q="):
        asked(query=f"tab={tab}")
    answer = as_(cast.worker).post("/exports/desk/ask/?tab=all&sort=new")
    assert answer.status_code == 409
    assert Export.objects.count() == 3


def test_a_killed_worker_is_followed_by_another(asked, later):
    export = asked()
    Export.objects.filter(pk=export.pk).update(state="working", touched_at=NOW)
    actions.make_export(pk=export.pk)
    assert Export.objects.get().state == "working"  # somebody is at it
    with later(hours=1):
        actions.make_export(pk=export.pk)
    assert Export.objects.get().state == "ready"


def test_what_nobody_makes_is_handed_over_again(asked, later, monkeypatch):
    sent = []
    monkeypatch.setattr(
        "notices.actions.exporting.current_app.send_task",
        lambda name, args: sent.append((name, args)),
    )
    export = asked()
    actions.make_waiting_exports()
    assert sent == []
    with later(hours=1):
        actions.make_waiting_exports()
    assert sent == [("notices.tasks.make_export", [export.pk])]


class Broken(Sheet):
    slug = "broken"
    label = "坏了的表"
    columns = ("编号",)

    def queryset(self, user, params):
        return Export.objects.all()

    def row(self, thing):
        raise RuntimeError("this list is broken")


def test_a_file_that_fails_leaves_nothing_behind_and_is_told(asked, cast, as_, monkeypatch):
    register(Broken())
    monkeypatch.setattr(door, "AT_ONCE", -1)
    export = asked()
    Export.objects.filter(pk=export.pk).update(sheet="broken", scope="")
    with pytest.raises(RuntimeError):
        actions.make_export(pk=export.pk)
    del REGISTRY["broken"]
    export.refresh_from_db()
    assert export.state == "failed"
    assert not list(export.path.parent.iterdir())
    assert "没有做成" in page(as_(cast.worker), export)
    assert "没有做成" in Notice.objects.get(kind="export").title


def test_after_seven_days_file_and_row_are_gone(asked, later):
    export = asked()
    actions.make_export(pk=export.pk)
    with later(days=6):
        assert actions.drop_expired_exports() == 0
    with later(days=7):
        assert actions.drop_expired_exports() == 1
    assert (export.path.exists(), Export.objects.count()) == (False, 0)


def test_a_file_that_no_row_knows_is_thrown_away(asked):
    export = asked()
    actions.make_export(pk=export.pk)
    Export.objects.all().delete()
    actions.drop_expired_exports()
    assert not export.path.exists()


def test_a_file_that_is_gone_is_said_to_be(asked, cast, as_):
    export = asked()
    actions.make_export(pk=export.pk)
    export.path.unlink()
    assert "再导出一次" in page(as_(cast.worker), export)
    assert fetch(as_(cast.worker), export).status_code == 404


def test_only_its_owner_reads_the_file_on_disk(asked):
    export = asked()
    actions.make_export(pk=export.pk)
    assert export.path.stat().st_mode & 0o777 == 0o600
    assert export.path.parent.stat().st_mode & 0o777 == 0o700


def test_neither_row_nor_notice_nor_file_holds_details(asked):
    export = asked(file_format="csv")
    actions.make_export(pk=export.pk)
    text = export.path.read_text() + str(Export.objects.values()) + str(Notice.objects.values())
    for canary in vars(RESIDENT).values():
        assert canary not in text


def test_more_rows_cost_no_more_queries(asked, wish_in):
    counts = []
    for _ in range(2):
        export = asked()
        with CaptureQueriesContext(
            connection,
        ) as made:
            actions.make_export(pk=export.pk)
        counts.append(len(made))
        wish_in("open")
        wish_in("open")
    assert counts[0] == counts[1]


def test_a_list_that_does_not_exist_is_not_found(cast, as_):
    assert as_(cast.worker).post("/exports/nothing/ask/").status_code == 404


def test_asking_is_for_people_with_accounts(client, db):
    assert client.post("/exports/desk/ask/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("slug", sorted(slug for slug in REGISTRY if slug.startswith("admin-")))
def test_lists_of_the_admin_are_for_whoever_may_see_them(slug, cast, as_):
    model = REGISTRY[slug].model._meta
    for who in ("supervisor", "admin", "worker", "supervision_group"):
        client = as_(getattr(cast, who))
        seen = client.get(f"/admin/{model.app_label}/{model.model_name}/")
        got = client.post(f"/exports/{slug}/ask/", {"format": "csv"})
        assert (seen.status_code == 200) == (got.status_code in (200, 302)), who
        assert (f"/exports/{slug}/ask/" in text_of(seen)) == (seen.status_code == 200)


def test_accounts_go_out_without_telephones_and_mail(cast, as_, monkeypatch):
    monkeypatch.setattr(door, "AT_ONCE", 100)
    body = as_(cast.admin).post("/exports/admin-user/ask/", {"format": "csv"}).getvalue().decode()
    assert "林示例,worker,七塔社区,是" in body
    assert "王示例,cadre,区教育局,是" in body
    assert "example.org" not in body
    assert "138 0000" not in body


def test_pairings_go_out_with_their_gaps(cast, as_, monkeypatch):
    monkeypatch.setattr(door, "AT_ONCE", 100)
    body = as_(cast.cadre).post("/exports/pairings/ask/?q=社区", {"format": "csv"}).getvalue()
    assert body.decode("utf-8-sig").split("\r\n")[:4] == [
        "街道,社区,社区代码,结对单位,从哪一天起",
        "百丈街道,划船社区,HC,区委办公室,2014-01-01",
        "百丈街道,七塔社区,QT,区教育局,2014-01-01",
        "东胜街道,黄鹂社区,HL,,",
    ]


def test_files_expire_by_the_clock_even_before_the_sweep(asked, cast, as_, later):
    export = asked()
    actions.make_export(pk=export.pk)
    with later(days=8):
        assert clock.now() > export.expires_at
        assert fetch(as_(cast.worker), export).status_code == 404
