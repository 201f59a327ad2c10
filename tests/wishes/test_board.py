"""The board of open wishes: search, filters, sorting, paging, and what each card offers."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW
from tests.wishes.doors import act, codes_on, text_of
from wishes.models import Wish


def board(client, **asked) -> str:
    answer = client.get("/wishes/", {"tab": "all"} | asked)
    assert answer.status_code == 200
    return text_of(answer)


def found(client, **asked) -> list[str]:
    return codes_on(board(client, **asked))


def open_wishes(wish_in, count: int) -> list[Wish]:
    """Publish one and copy its row: a list needs rows, and not their course."""
    first = wish_in("open")
    fields = [f.attname for f in Wish._meta.concrete_fields if f.attname not in ("id", "grams")]
    copies = []
    for n in range(2, count + 1):
        copy = Wish(**{name: getattr(first, name) for name in fields})
        copy.serial, copy.code, copy.title = n, f"QT-{n:04d}", f"第 {n} 个心愿"
        copy.due_on = first.due_on + dt.timedelta(days=n // 3)
        copy.published_at = first.published_at + dt.timedelta(minutes=n // 4)
        copies.append(copy)
    return [first, *Wish.objects.bulk_create(copies)]


class TestSearch:
    FINDS = (
        ("医院", "想有人陪着去医院配一次药"),
        ("院配", "想有人陪着去医院配一次药"),  # across two words
        ("漏水", "家里的水龙头漏水"),
        ("厨房", "家里的水龙头漏水"),  # in the detail
        ("半个月", "家里的水龙头漏水"),
        ("wechat", "想学用 WeChat 视频"),
        ("WECHAT", "想学用 WeChat 视频"),
        ("chat 孙子", "想学用 WeChat 视频"),  # both words, wherever they stand
        ("药", "想有人陪着去医院配一次药"),  # a single character
        ("0%", "想要 100% 棉的被套"),
        ("%", "想要 100% 棉的被套"),
        ("_", "想要 100% 棉的被套"),
        ("1_5", "想要 100% 棉的被套"),
        ("\\", r"路径 C:\tmp 打不开"),
        (r":\t", r"路径 C:\tmp 打不开"),
        ("𠮷野", "𠮷野家门口的路灯不亮"),
        ("𠮷", "𠮷野家门口的路灯不亮"),
        ("  医院  配药 ", None),
        ("院医", None),
        ("1%5", None),
        ("医_配", None),
        ("水 药", None),
        ("药\n家", None),
        ("没有这个词", None),
    )

    @pytest.fixture
    def texts(self, wish_in):
        """Publish wishes whose texts lie close together; return code by title."""
        titles = {
            "想有人陪着去医院配一次药": "",
            "家里的水龙头漏水": "厨房那一个，滴了半个月",
            "想学用 WeChat 视频": "孙子在外地",
            "想要 100% 棉的被套": "尺寸 1_5 米",
            r"路径 C:\tmp 打不开": "电脑问题",
            "𠮷野家门口的路灯不亮": "",
        }
        return {
            title: wish_in("open", title=title, detail=detail).code
            for title, detail in titles.items()
        }

    def test_two_characters_find_and_signs_mean_themselves(self, texts, cast, as_):
        client = as_(cast.cadre)
        for words, title in self.FINDS:
            assert found(client, q=words) == ([texts[title]] if title else []), words

    def test_what_was_searched_for_stays_in_the_box(self, texts, cast, as_):
        html = board(as_(cast.cadre), q='"><b>医院')
        assert 'value="&quot;&gt;&lt;b&gt;医院"' in html

    def test_nothing_found_says_so_and_leads_on(self, texts, cast, as_):
        html = board(as_(cast.cadre), q="没有这个词")
        assert "没有找到这样的心愿" in html
        assert 'href="?tab=all"' in html

    def test_the_index_is_used(self, texts):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Wish.objects.search("医院").explain()
        assert "wish_grams" in plan


class TestFilters:
    NARROWS = (
        ({"kind": "repair"}, ["repair"]),
        ({"kind": ["repair", "goods"]}, ["repair", "goods"]),
        ({"street": "BZ"}, ["errand", "repair", "goods"]),
        ({"street": "DS"}, []),
        ({"community": "QT"}, ["errand", "goods"]),
        ({"community": "QT", "kind": "goods"}, ["goods"]),
        ({"soon": "on"}, []),
        ({"tab": "paired"}, ["errand", "goods"]),
        ({"tab": "near"}, ["errand", "repair", "goods"]),
        ({"tab": "suited"}, ["errand", "goods"]),
    )
    NONSENSE = (
        {"kind": "money"},
        {"street": "XX"},
        {"community": "'; DROP TABLE wishes_wish; --"},
        {"tab": "secret"},
        {"sort": "password"},
        {"q": "字" * 41},
        {"q": "\x00"},
        {"page": "-1"},
        {"nonsense": "1"},
        {"archived": "true"},
        {"state": "draft"},
    )

    @pytest.fixture
    def spread(self, cast, wish_in):
        """Publish wishes of three communities and three kinds."""
        p = cast.places
        return {
            "errand": wish_in("open", kind="errand").code,
            "repair": wish_in("open", kind="repair", community=p.hc, logged_by=cast.worker2).code,
            "goods": wish_in("open", kind="goods", due_on=NOW.date() + dt.timedelta(days=60)).code,
        }

    def test_each_narrows(self, spread, cast, as_):
        client = as_(cast.cadre)
        for asked, kinds in self.NARROWS:
            assert found(client, **asked) == [spread[kind] for kind in kinds], asked

    def test_what_falls_due_within_a_week(self, spread, cast, as_, later):
        with later(days=3):
            assert found(as_(cast.cadre), soon="on") == [spread["errand"], spread["repair"]]

    def test_what_makes_no_sense_narrows_nothing_and_breaks_nothing(self, spread, cast, as_):
        client = as_(cast.cadre)
        everything, suited = set(spread.values()), {spread["errand"], spread["goods"]}
        for asked in self.NONSENSE:
            assert set(found(client, **asked)) == (suited if "tab" in asked else everything), asked

    def test_the_first_view_is_what_suits_the_person(self, spread, cast, as_):
        html = text_of(as_(cast.cadre).get("/wishes/"))
        tabs = re.findall(r'href="\?tab=(\w+)"', html)
        assert tabs[:4] == ["suited", "paired", "near", "all"]
        assert 'href="?tab=suited" aria-current="page"' in html
        html = text_of(as_(cast.member).get("/wishes/"))
        assert re.findall(r'href="\?tab=(\w+)"', html)[:2] == ["suited", "all"]

    def test_why_it_may_suit_is_said_on_the_card(self, spread, cast, as_, wish_in):
        wish_in("open", kind="companionship")
        html = board(as_(cast.cadre), kind="companionship")
        assert "结对社区 · 你填过「陪伴」 · 你报到的社区" in html
        assert "和你报到的社区在一个街道" in board(as_(cast.cadre), kind="repair")


class TestWhatIsOnIt:
    def test_only_open_wishes_that_the_person_may_see(self, cast, as_, wish_in):
        for state in ("draft", "checking", "claimed", "fulfilled", "closed", "withdrawn"):
            wish_in(state)
        public = wish_in("open").code
        paired = wish_in("open", visibility="paired").code
        private = wish_in("open", visibility="private").code
        for who, codes in {
            "cadre": [public, paired],
            "liaison": [public, paired],
            "cadre2": [public],
            "member": [public],
            "worker2": [public],
            "inspector": [public],
            "admin": [public],
            "street": [public, paired, private],
            "supervisor": [public, paired, private],
            "supervision_group": [public, paired, private],
        }.items():
            assert found(as_(getattr(cast, who))) == codes, who

    def test_archived_wishes_stay_off(self, cast, as_, wish_in):
        from wishes.models import Campaign

        wish = wish_in("open")
        campaign = Campaign.objects.create(slug="spring-2014", name="2014 年春", archived=True)
        Wish.objects.filter(pk=wish.pk).update(archived=True, campaign=campaign, resident=None)
        assert found(as_(cast.cadre)) == []

    def test_an_empty_board_says_why(self, cast, as_):
        assert "现在没有等人认领的心愿" in board(as_(cast.cadre))
        assert "这里现在没有心愿" in board(as_(cast.cadre), tab="paired")

    def test_a_card_offers_the_claim_to_whom_it_is_open(self, cast, as_, wish_in, later):
        wish = wish_in("open")
        claim = f'action="/wishes/{wish.code}/claim/"'
        assert claim in board(as_(cast.cadre))
        assert claim not in board(as_(cast.member))
        assert "3月14日起可认领" in board(as_(cast.member))
        assert claim not in board(as_(cast.supervisor))
        with later(days=4):
            assert claim in board(as_(cast.member))

    def test_a_passer_by_is_sent_to_sign_in_and_back(self, client, db):
        answer = client.get("/wishes/", {"tab": "all", "q": "医院"})
        assert (
            answer["Location"]
            == f"/accounts/login/?next=/wishes/%3Ftab%3Dall%26q%3D{quote(quote('医院'))}"
        )


class TestOrderAndPaging:
    def walk(self, client, **asked) -> list[list[str]]:
        """Follow the pager to the end and return the codes page by page."""
        address, pages = "/wishes/", []
        query = {"tab": "all"} | asked
        while True:
            html = text_of(client.get(address, query))
            pages.append(codes_on(html))
            onwards = re.search(r'href="([^"]+)" rel="next"', html)
            if not onwards:
                return pages
            address, query = onwards[1].replace("&amp;", "&"), {}

    @pytest.mark.parametrize("sort", ["due", "new", "old", None])
    def test_every_wish_comes_once_in_its_order(self, sort, cast, as_, wish_in):
        wishes = open_wishes(wish_in, 45)
        order = {
            "due": lambda w: (w.due_on, w.pk),
            None: lambda w: (w.due_on, w.pk),
            "old": lambda w: (w.published_at, w.pk),
            "new": lambda w: (-w.published_at.timestamp(), -w.pk),
        }[sort]
        pages = self.walk(as_(cast.cadre), **({"sort": sort} if sort else {}))
        assert [len(page) for page in pages] == [20, 20, 5]
        shown = [code for page in pages for code in page]
        assert shown == [wish.code for wish in sorted(wishes, key=order)]

    def test_the_pager_keeps_its_place_while_wishes_are_claimed(self, cast, as_, wish_in):
        wishes = open_wishes(wish_in, 45)
        client = as_(cast.cadre)
        first = text_of(client.get("/wishes/?tab=all"))
        shown = codes_on(first)
        for code in shown[:7]:
            act(client, Wish.objects.get(code=code), "claim")
        onwards = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
        second = codes_on(text_of(client.get(onwards)))
        in_order = [w.code for w in sorted(wishes, key=lambda w: (w.due_on, w.pk))]
        assert second == in_order[20:40]

    def test_one_can_page_back(self, cast, as_, wish_in):
        open_wishes(wish_in, 25)
        client = as_(cast.cadre)
        first = text_of(client.get("/wishes/?tab=all&sort=new"))
        onwards = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
        second = text_of(client.get(onwards))
        back = re.search(r'href="([^"]+)" rel="prev"', second)[1].replace("&amp;", "&")
        assert codes_on(text_of(client.get(back))) == codes_on(first)

    def test_the_pager_keeps_what_was_asked_for(self, cast, as_, wish_in):
        open_wishes(wish_in, 25)
        html = board(as_(cast.cadre), q="心愿", kind="companionship", sort="new")
        onwards = re.search(r'href="([^"]+)" rel="next"', html)[1]
        for part in ("tab=all", f"q={quote('心愿')}", "kind=companionship", "sort=new", "cursor="):
            assert part in onwards

    @pytest.mark.parametrize(
        "cursor", ["x", "%00", "WyJkdWVfb24iLG51bGwsMSxmYWxzZV0", "e30", "=" * 99, "张"]
    )
    def test_a_made_up_place_is_refused_kindly(self, cursor, cast, as_, wish_in):
        wish_in("open")
        answer = as_(cast.cadre).get("/wishes/", {"tab": "all", "cursor": cursor})
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert "这一页的地址不完整" in text_of(answer)

    def test_the_count_stops_at_ninety_nine(self, cast, as_, wish_in):
        open_wishes(wish_in, 101)
        assert "<b>99+</b>" in board(as_(cast.cadre))

    def test_thirty_wishes_cost_as_many_queries_as_one(self, cast, as_, wish_in):
        client = as_(cast.cadre)
        wish_in("open", community=cast.places.hc, logged_by=cast.worker2)
        with CaptureQueriesContext(connection) as one:
            board(client)
        open_wishes(wish_in, 29)
        with CaptureQueriesContext(connection) as thirty:
            assert len(codes_on(board(client))) == 20
        # One less: with a full page nobody asks for wishes without a day behind those with one.
        assert len(one) - len(thirty) in (0, 1)
        assert len(one) <= 14
