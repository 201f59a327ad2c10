"""Keyset paging: every row once, in either direction, whatever the values."""

import base64
import json
import random

import pytest
from django.db import connection
from django.db.models import F
from django.test import RequestFactory

from jiangdong.pagination import Cursor, Order, _parts, bounded_count, page_for, page_of
from jiangdong.refusals import NotValid
from pairing.models import Community, Street

pytestmark = pytest.mark.django_db

# How many households the communities have: what a column may hold.
VALUES = {
    "equal": [7] * 1000,
    "all NULL": [None] * 300,
    "different": list(range(200)),
    "some NULL": [None if n % 3 == 0 else n // 10 for n in range(200)],
    "runs around a cut": [1] * 20 + [2] * 40 + [None] * 20 + [3],
    "one": [5],
    "one NULL": [None],
    "none": [],
}
ORDERS = [Order("households"), Order("households", descending=True)]


@pytest.fixture
def communities():
    """Make communities with these numbers of households, in a shuffled order."""

    def make(values: list) -> None:
        street = Street.objects.create(code="BZ", name="百丈街道")
        values = random.Random(7).sample(values, len(values))
        Community.objects.bulk_create(
            Community(code=f"C{n}", name=f"第{n}社区", street=street, households=value, sort_key="")
            for n, value in enumerate(values)
        )

    return make


def in_order(order: Order) -> list[int]:
    """Return the ids as one whole list has them: NULLs last, equal values by id."""
    column = F(order.field)
    first = column.desc(nulls_last=True) if order.descending else column.asc(nulls_last=True)
    tie = "-pk" if order.descending else "pk"
    return list(Community.objects.order_by(first, tie).values_list("pk", flat=True))


def forwards(queryset, order: Order, size: int):
    """Return all pages from the first on."""
    pages = [page_of(queryset, order, size=size)]
    while pages[-1].next:
        pages.append(page_of(queryset, order, cursor=pages[-1].next, size=size))
    return pages


def backwards(queryset, order: Order, size: int, page):
    """Return all pages before this one, the first of all first."""
    pages = []
    while page.previous:
        page = page_of(queryset, order, cursor=page.previous, size=size)
        pages.insert(0, page)
    return pages


def ids(page) -> list[int]:
    return [row["id"] if isinstance(row, dict) else row.pk for row in page]


@pytest.mark.parametrize("order", ORDERS, ids=["ascending", "descending"])
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("size", [1, 20, 37])
def test_forward_then_back_gives_the_same_pages(communities, values, order, size):
    communities(VALUES[values][: 60 * size])
    pages = forwards(Community.objects.all(), order, size)
    assert [pk for page in pages for pk in ids(page)] == in_order(order)
    assert all(len(page) == size for page in pages[:-1])
    assert pages[0].previous is None
    assert pages[-1].next is None
    back = backwards(Community.objects.all(), order, size, pages[-1])
    assert [ids(page) for page in back] == [ids(page) for page in pages[:-1]]
    assert [page.next for page in back] == [page.next for page in pages[:-1]]


@pytest.mark.parametrize("field", ["id", "code", "households", "street_id"])
def test_rows_of_values_page_like_models(communities, field):
    communities(VALUES["some NULL"])
    order = Order(field)
    rows = Community.objects.values("id", field)
    by_rows = [ids(page) for page in forwards(rows, order, 30)]
    assert by_rows == [ids(page) for page in forwards(Community.objects.all(), order, 30)]
    assert sum(len(page) for page in by_rows) == 200


def test_rows_that_come_and_go_shift_nothing(communities):
    communities(list(range(30)))
    order = Order("households")
    first = page_of(Community.objects.all(), order, size=10)
    Community.objects.filter(households__in=[0, 9]).delete()
    Community.objects.filter(households=20).update(households=0)
    second = page_of(Community.objects.all(), order, cursor=first.next, size=10)
    assert [row.households for row in second] == list(range(10, 20))


def test_a_page_reads_its_rows_and_one_more(communities, django_assert_num_queries):
    communities(VALUES["equal"])
    with django_assert_num_queries(1) as queries:
        page = page_of(Community.objects.all(), Order("households"), size=20)
    assert len(page) == 20
    (query,) = queries.captured_queries
    assert "LIMIT 21" in query["sql"]
    assert "OFFSET" not in query["sql"]


@pytest.mark.parametrize("order", ORDERS, ids=["ascending", "descending"])
@pytest.mark.parametrize("back", [False, True])
def test_a_page_in_the_middle_follows_an_index(communities, order, back):
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX households_pages ON pairing_community (households, id)")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    communities(list(range(100)))
    at = Cursor(50, 10**6, back)
    plan = _parts(Community.objects.all(), order, at)[0][:21].explain()
    assert "(households IS NOT NULL) AND (ROW(households, id)" in plan
    assert "Sort" not in plan


def _encoded(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "灯",
        "\x00",
        "====",
        _encoded(b"\xff\xff"),
        _encoded(b"[" * 5000),
        _encoded(None),
        _encoded({}),
        _encoded([]),
        _encoded(["households", 1, 1]),
        _encoded(["-households", 1, 1, False]),
        _encoded(["code", "C1", 1, False]),
        _encoded(["households", "many", 1, False]),
        _encoded(["households", [1], 1, False]),
        _encoded(["households", {}, 1, False]),
        _encoded(["households", 1, "1", False]),
        _encoded(["households", 1, True, False]),
        _encoded(["households", 1, -1, False]),
        _encoded(["households", 1, 2**63, False]),
        _encoded(["households", 1, None, False]),
        _encoded(b'["households", Infinity, 1, false]'),
        _encoded(b'["households", NaN, 1, false]'),
        _encoded(["households", "\x00", 1, False]),
    ],
)
def test_a_cursor_that_no_list_wrote_is_refused(communities, cursor):
    communities([1, 2, 3])
    with pytest.raises(NotValid) as refused:
        page_of(Community.objects.all(), Order("households"), cursor=cursor)
    assert (refused.value.code, set(refused.value.facts["fields"])) == ("bad_cursor", {"cursor"})


def test_a_cursor_at_null_belongs_to_a_column_that_has_some(communities):
    communities([1])
    with pytest.raises(NotValid):
        page_of(Community.objects.all(), Order("code"), cursor=_encoded(["code", None, 1, False]))


def test_a_text_with_nul_in_a_cursor_is_refused(communities):
    communities([1])
    cursor = _encoded(["code", "\x00", 1, False])
    with pytest.raises(NotValid):
        page_of(Community.objects.all(), Order("code"), cursor=cursor)


def test_addresses_keep_the_other_parameters(communities):
    communities(list(range(30)))
    request = RequestFactory().get("/list/?kind=a&kind=b&cursor=&q=灯")
    page = page_for(request, Community.objects.all(), Order("households"), size=10)
    assert page.previous_url is None
    assert page.next_url.startswith("/list/?kind=a&kind=b&q=%E7%81%AF&cursor=")


def test_a_number_shown_is_counted_no_further_than_it_is_shown(communities):
    communities([1] * 50)
    assert bounded_count(Community.objects.all(), 99) == "50"
    assert bounded_count(Community.objects.all(), 49) == "49+"
