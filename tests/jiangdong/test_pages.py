"""The house itself: the elder view, a place to say what is wrong, refusals that help, and headers on every page."""

import re

import pytest
from django.test import Client

from accounts.models import PortalFeedback
from jiangdong import pages
from tests.cast import NOW
from tests.wishes.doors import act, text_of

SOME_PAGES = ("/", "/pairing/", "/accounts/login/", "/feedback/", "/no-such-page/", "/wishes/")


class TestElderView:
    def test_one_press_switches_it_on_and_another_off(self, db, client):
        html = text_of(client.get("/pairing/"))
        assert 'class="elder"' not in html
        assert "长辈版" in html
        answer = client.post("/elder/", {"elder": "1", "next": "/pairing/"})
        assert answer["Location"] == "/pairing/"
        cookie = client.cookies["elder"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
        html = text_of(client.get("/pairing/"))
        assert '<html lang="zh-Hans" class="elder">' in html
        assert "标准版" in html
        client.post("/elder/", {"elder": "0", "next": "/"})
        assert 'class="elder"' not in text_of(client.get("/"))

    @pytest.mark.parametrize(
        "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00"]
    )
    def test_it_leads_nobody_away(self, there, db, client):
        assert client.post("/elder/", {"elder": "1", "next": there})["Location"] == "/"

    def test_opening_its_address_switches_nothing(self, db, client):
        assert client.get("/elder/").status_code == 405


class TestFeedback:
    """国办函〔2026〕12号: a place to say what is wrong with the portal itself."""

    def test_every_page_leads_to_it_and_says_which_page(self, db, client):
        for path in SOME_PAGES:
            html = text_of(client.get(path, follow=True))
            assert 'href="/feedback/?page=' in html, path

    def test_anybody_may_say_something_without_a_name(self, db, client):
        html = text_of(client.get("/feedback/?page=/pairing/"))
        assert 'value="/pairing/"' in html
        answer = client.post("/feedback/", {"words": "字看不清", "page": "/pairing/"}, follow=True)
        assert "收到了，谢谢您。" in text_of(answer)
        feedback = PortalFeedback.objects.get()
        assert (feedback.words, feedback.page, feedback.by, feedback.said_at) == (
            "字看不清",
            "/pairing/",
            None,
            NOW,
        )

    def test_who_is_signed_in_is_known(self, cast, as_):
        as_(cast.cadre).post("/feedback/", {"words": "要重复填"})
        assert PortalFeedback.objects.get().by == cast.cadre

    @pytest.mark.parametrize("words", ["", "  ", "字" * 1001, "\x00"])
    def test_what_cannot_be_is_said_and_not_kept(self, words, db, client):
        assert client.post("/feedback/", {"words": words}).status_code == 400
        assert not PortalFeedback.objects.exists()

    def test_an_overlong_address_breaks_nothing(self, db, client):
        assert client.get("/feedback/", {"page": "/" * 5000}).status_code == 200


class TestErrors:
    def test_a_missing_page_says_what_to_do(self, db, client):
        answer = client.get("/no-such-page/")
        assert answer.status_code == 404
        assert "没有找到这一页" in text_of(answer)
        assert 'href="/"' in text_of(answer)

    def test_a_page_that_is_not_ones_own_says_whom_to_ask(self, cast, as_):
        answer = as_(cast.cadre).get("/wishes/calls/")
        assert answer.status_code == 403
        assert "这一页只给经办的人看" in text_of(answer)

    def test_a_forged_form_says_that_nothing_was_changed(self, db):
        answer = Client(enforce_csrf_checks=True).post("/feedback/", {"words": "x"})
        assert answer.status_code == 403
        assert "这一步没有送出" in text_of(answer)

    def test_our_own_fault_is_told_without_the_database(self, rf, django_db_blocker):
        with django_db_blocker.block():
            answer = pages.failed(rf.get("/"))
        assert answer.status_code == 500
        html = text_of(answer)
        assert "是门户的差错，不是您点错了。" in html
        assert "110、119、120" in html

    def test_a_fault_reaches_that_page(self, db, monkeypatch):
        from pairing import views

        monkeypatch.setattr(views.Street.objects, "prefetch_related", lambda *a: 1 / 0)
        answer = Client(raise_request_exception=False).get("/pairing/")
        assert answer.status_code == 500
        assert "这里出了差错" in text_of(answer)

    def test_a_refusal_comes_as_a_page_or_for_htmx_as_a_line(self, cast, as_, wish_in):
        wish = wish_in("open")
        page = as_(cast.cadre).post(f"/wishes/{wish.code}/resident/")
        assert page.status_code == 403
        assert "这一步没有办成" in text_of(page)
        piece = as_(cast.cadre, headers={"HX-Request": "true"}).post(
            f"/wishes/{wish.code}/resident/"
        )
        assert piece.status_code == 403
        assert "<html" not in text_of(piece)
        assert 'role="alert"' in text_of(piece)

    @pytest.mark.parametrize(
        "path",
        [
            "/wishes/%00/", "/wishes/QT-0001%00/", "/wishes/%F0%A0%AE%B7/", "/wishes/..%2F..%2Fetc/",
            "/wishes/qt-0001/", "/wishes/QT-99999999999/", "/wishes/-1/",
            "/pairing/agencies/%00/", "/pairing/communities/%27/", "/r/%00/",
            "/r/%F0%A0%AE%B7/", "/inbox/%00/", "/%00", "/static/%00", "/static/../manage.py",
        ],
    )  # fmt: skip
    def test_odd_addresses_are_not_found_and_never_a_fault(self, path, cast, as_):
        assert as_(cast.worker).get(path).status_code in (400, 404)


class TestHeaders:
    @pytest.mark.parametrize("path", SOME_PAGES)
    def test_nothing_foreign_and_nothing_inline_may_run(self, path, db, client):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        html = text_of(answer)
        assert not re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", html)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)

    def test_only_the_wall_is_indexed(self, db, client):
        assert "X-Robots-Tag" not in client.get("/").headers
        for path in ("/pairing/", "/accounts/login/", "/feedback/", "/no-such-page/"):
            assert client.get(path)["X-Robots-Tag"] == "noindex, nofollow"

    def test_every_page_says_that_it_shows_invented_data(self, db, client, settings):
        for path in ("/", "/pairing/", "/accounts/login/", "/feedback/", "/no-such-page/"):
            assert "示例数据" in text_of(client.get(path)), path
        settings.DEMO = False
        assert "示例数据" not in text_of(client.get("/"))


class TestNavigation:
    """The four places of each person; the one where one is, is marked."""

    @pytest.mark.parametrize(
        ("who", "names"),
        [
            (None, ["心愿墙", "说一件事", "谁结对谁", "登录"]),
            ("worker", ["本社区", "记一个", "今天的电话", "消息"]),
            ("warden", ["记一个", "我的草稿", "结对", "消息"]),
            ("cadre", ["心愿", "我的", "结对", "消息"]),
            ("member", ["心愿", "我的", "结对", "消息"]),
            ("liaison", ["心愿", "本单位", "结对", "消息"]),
            ("street", ["本街道", "心愿", "结对", "消息"]),
            ("leader", ["民声", "心愿", "结对", "消息"]),
            ("supervisor", ["总览", "心愿", "结对", "消息"]),
            ("supervision_group", ["总览", "心愿", "结对", "消息"]),
            ("admin", ["账号", "心愿墙", "结对", "消息"]),
        ],
    )
    def test_each_has_theirs(self, who, names, cast, as_):
        client = as_(getattr(cast, who) if who else None)
        html = text_of(client.get("/pairing/"))
        nav = html[html.index('<nav class="places"') : html.index("</nav>")]
        assert re.findall(r"<a [^>]*>([^<]+)", nav) == names
        assert re.findall(r'aria-current="page">([^<]+)', nav) == [
            name for name in names if "结对" in name
        ]

    @pytest.mark.parametrize(
        ("who", "where"),
        [
            ("worker", "/wishes/desk/"),
            ("warden", "/wishes/log/"),
            ("cadre", "/wishes/"),
            ("street", "/wishes/desk/"),
            ("supervisor", "/admin/"),
            ("admin", "/admin/"),
            ("leader", "/voices/most/"),
        ],
    )
    def test_who_signs_in_begins_at_the_first_of_theirs(self, who, where, cast, as_):
        assert as_(getattr(cast, who)).get("/start/").url == where

    def test_each_place_opens(self, cast, as_):
        for who in (
            "worker",
            "warden",
            "cadre",
            "member",
            "liaison",
            "street",
            "leader",
            "supervisor",
            "admin",
        ):
            client = as_(getattr(cast, who))
            html = text_of(client.get("/pairing/"))
            nav = html[html.index('<nav class="places"') : html.index("</nav>")]
            for address in re.findall(r'href="([^"]+)"', nav):
                assert client.get(address, follow=True).status_code == 200, (who, address)

    def test_unread_messages_are_counted_beside_theirs(self, cast, as_, wish_in):
        wish = wish_in("open")
        act(as_(cast.cadre), wish, "claim")
        html = text_of(as_(cast.worker).get("/pairing/"))
        assert re.search(r'消息<b class="count">1<', html)
