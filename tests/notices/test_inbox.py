"""The inbox: one's own messages, which change by a button and never by looking."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangdong import clock
from jiangdong.refusals import NotAllowed
from notices import actions, tasks
from notices.models import Notice
from tests.notices.moments import MONDAY, day
from tests.notices.things import Thing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]

INBOX = "/inbox/"


@pytest.fixture
def ling(person):
    return person("ling")


def tell(user, n: int = 1, **facts) -> list[Notice]:
    return [
        actions.notify(
            **{
                "to": [user],
                "kind": "claimed",
                "title": f"第 {each} 条",
                "url": "/wishes/QT-0001/",
            }
            | facts
        )[0]
        for each in range(n)
    ]


def mark_url(notice: Notice) -> str:
    return reverse("notices:mark_read", args=[notice.pk])


def test_the_inbox_shows_one_s_own_messages_newest_first(ling, person, as_):
    tell(ling, 2)
    tell(person("zhu"), title="给别人的")
    page = as_(ling).get(INBOX).content.decode()
    assert page.index("第 1 条") < page.index("第 0 条")
    assert "给别人的" not in page
    assert page.count("未读</span>") == 2


def test_an_empty_inbox_says_what_it_is_for(ling, as_):
    assert "还没有消息" in as_(ling).get(INBOX).content.decode()
    tell(ling)
    actions.mark_all_read(by=ling)
    page = as_(ling).get(INBOX, {"unread": "1"}).content.decode()
    assert "都看过了" in page
    assert "第 0 条" not in page


@pytest.mark.parametrize("url", [INBOX, "/inbox/digests/2026-03-09/"])
def test_a_stranger_is_asked_to_sign_in(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_looking_changes_nothing(ling, as_):
    (notice,) = tell(ling)
    client = as_(ling)
    for url in (INBOX, f"{INBOX}?unread=1"):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert client.get(mark_url(notice)).status_code == 405
    assert client.get(reverse("notices:mark_all_read")).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_opening_a_message_marks_it_read_and_leads_to_its_thing(ling, as_):
    (notice,) = tell(ling)
    response = as_(ling).post(mark_url(notice))
    assert (response.status_code, response["Location"]) == (302, "/wishes/QT-0001/")
    notice.refresh_from_db()
    assert notice.read_at == clock.now()


def test_a_message_that_leads_nowhere_leads_back_to_the_inbox(ling, as_):
    (notice,) = tell(ling, url="")
    assert as_(ling).post(mark_url(notice))["Location"] == INBOX


def test_opening_twice_keeps_the_first_time(ling, as_):
    (notice,) = tell(ling)
    Notice.objects.update(read_at=notice.created_at)
    as_(ling).post(mark_url(notice))
    notice.refresh_from_db()
    assert notice.read_at == notice.created_at


def test_another_person_s_message_is_not_there(ling, person, as_):
    (notice,) = tell(ling)
    other = person("zhu")
    assert as_(other).post(mark_url(notice)).status_code == 404
    with pytest.raises(NotAllowed):
        actions.mark_read(notice=notice, by=other)
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_a_made_up_number_is_not_there(ling, as_, pk):
    assert as_(ling).post(f"/inbox/{pk}/mark_read/").status_code == 404


def test_all_are_marked_read_up_to_what_the_page_showed_and_only_one_s_own(ling, person, as_):
    seen, later = tell(ling, 2)
    (others,) = tell(person("zhu"))
    response = as_(ling).post(reverse("notices:mark_all_read"), {"up_to": seen.pk})
    assert response["Location"] == INBOX
    unread = set(Notice.objects.unread().values_list("pk", flat=True))
    assert unread == {later.pk, others.pk}


@pytest.mark.parametrize("up_to", ["abc", "-1", "9" * 30])
def test_a_nonsense_limit_marks_nothing(ling, as_, up_to):
    tell(ling)
    as_(ling).post(reverse("notices:mark_all_read"), {"up_to": up_to})
    assert Notice.objects.unread().count() == 1


def test_the_inbox_turns_pages_without_losing_or_repeating_any(ling, as_):
    notices = tell(ling, 45)
    Notice.objects.update(created_at=notices[0].created_at)
    client, url, seen = as_(ling), INBOX, []
    while url:
        page = client.get(url).context["page"]
        seen += [notice.pk for notice in page]
        url = page.next_url
    assert seen == sorted((notice.pk for notice in notices), reverse=True)


def test_a_made_up_place_in_the_list_is_refused_and_not_an_error(ling, as_):
    assert as_(ling).get(INBOX, {"cursor": "nonsense"}).status_code == 400


def test_one_message_costs_as_many_queries_as_a_full_page(ling, as_):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_(ling).get(INBOX).status_code == 200
        return len(captured)

    tell(ling)
    one = queries()
    tell(ling, 30)
    assert queries() == one


@pytest.mark.parametrize(
    ("n", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (120, "99+")]
)
def test_the_unread_count_is_one_query_and_bounded(ling, n, shown, django_assert_num_queries):
    tell(ling, n)
    with django_assert_num_queries(1):
        assert Notice.objects.unread_count(ling) == shown


@pytest.fixture
def digest(ling, things_due) -> Notice:
    things_due.things = [
        Thing(1, "还早的", day("2026-03-12"), ling.pk),
        Thing(2, "今天的", day(MONDAY), ling.pk),
        Thing(3, "过了的", day("2026-03-06"), ling.pk),
    ]
    tasks.sweep_reminders()
    return Notice.objects.get()


def test_a_digest_shows_what_why_and_the_one_act_most_urgent_first(ling, digest, as_):
    response = as_(ling).get(digest.url)
    page = response.content.decode()
    assert page.index("过了的") < page.index("今天的") < page.index("还早的")
    assert "还剩 -1 个工作日" in page
    assert '<a class="button act" href="/things/3/">去办理' in page
    digest.refresh_from_db()
    assert digest.read_at is None


def test_a_digest_is_reached_from_the_inbox_by_one_button(ling, digest, as_):
    assert "今天要办的事：3 件" in as_(ling).get(INBOX).content.decode()
    assert as_(ling).post(mark_url(digest))["Location"] == digest.url


def test_another_person_s_digest_and_a_day_without_one_are_not_there(digest, ling, person, as_):
    assert as_(person("zhu")).get(digest.url).status_code == 404
    for date in ("2026-03-10", "2026-13-01", "2026-02-30"):
        assert as_(ling).get(f"/inbox/digests/{date}/").status_code == 404


def test_a_digest_of_a_year_without_known_holidays_says_so(ling, digest, as_):
    assert "放假安排还没有公布" not in as_(ling).get(digest.url).content.decode()
    Notice.objects.update(digest_day=day("2031-03-10"))
    assert "放假安排还没有公布" in as_(ling).get("/inbox/digests/2031-03-10/").content.decode()


def test_a_digest_of_thirty_lines_costs_as_many_queries_as_one_of_one(ling, things_due, as_):
    def queries(date: str, n: int) -> int:
        things_due.things = [Thing(each, f"第 {each} 件", day(date), ling.pk) for each in range(n)]
        Notice.objects.all().delete()
        tasks.sweep_reminders()
        with CaptureQueriesContext(connection) as captured:
            assert as_(ling).get(Notice.objects.get().url).status_code == 200
        return len(captured)

    assert queries("2026-03-12", 1) == queries("2026-03-09", 30)
