"""督办 and 通报: a person issues them, the agency answers, and nobody is named on them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import trail
from jiangdong import clock
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from notices import tasks
from notices.models import DueLine, Notice
from notices.workdays import add_workdays
from tests.cast import NOW, RESIDENT
from wishes import actions
from wishes.models import Escalation, Quiet, Wish

TEXT = "请尽快上门，办好后请社区问居民。"
ANSWER = "药房缺货，已另找到一家，下周二前办好。"


def at(day: dt.date, hour: int = 10):
    """Return the clock at an hour of a day."""
    return clock.at(dt.datetime.combine(day, dt.time(hour, 5), tzinfo=NOW.tzinfo))


def late(wish: Wish, days: int = 7) -> dt.date:
    """Return the day on which a wish is so many working days late."""
    return add_workdays(wish.due_on, days)


def admin_page(wish: Wish, act: str) -> str:
    return f"/admin/wishes/wish/{wish.pk}/{act}/"


@pytest.fixture
def order_for(cast):
    """What issues a 督办单 about a wish seven working days late; it and that day come back."""

    def issue(wish: Wish) -> tuple[Escalation, dt.date]:
        day = late(wish)
        with at(day):
            order = actions.supervise(wish=wish, by=cast.supervisor, agency=wish.agency, text=TEXT)
        return order, day

    return issue


def circulated(cast, order: Escalation, text: str = "各单位引以为戒。") -> Escalation:
    return actions.circulate(order=order, by=cast.supervisor, text=text)


# --- 督办


def test_a_supervisor_issues_an_order_about_a_late_wish(cast, as_, wish_in):
    wish = wish_in("claimed")
    with at(late(wish)):
        client = as_(cast.supervisor)
        assert (
            f'href="{admin_page(wish, "supervise")}"'
            in client.get(admin_page(wish, "change")).content.decode()
        )
        body = {"agency": wish.agency_id, "text": TEXT}
        html = client.post(admin_page(wish, "supervise"), body, follow=True).content.decode()
    order = Escalation.objects.get()
    assert "督办单发出了。" in html
    assert order.number == "督办〔2026〕1号"
    assert order.answer_by == add_workdays(late(wish), 3)
    assert order.ground == (
        f"区教育局认领的心愿 {wish.code}（七塔社区，陪伴），约定 2026年3月19日前办好，"
        "已过 7 个工作日，还没有办好。"
    )
    event = trail.events_of(wish).last()
    assert (event.move, event.from_state, event.to_state) == ("supervise", "claimed", "claimed")
    assert (event.by_id, event.by_label) == (cast.supervisor.pk, "区督办")
    told = Notice.objects.filter(kind="supervise")
    assert [one.recipient for one in told] == [cast.liaison]
    assert told.get().url == order.get_absolute_url()
    assert list(trail.verify()) == []


@pytest.mark.parametrize("who", ["street", "liaison", "supervision_group", "admin", "worker"])
def test_nobody_else_issues_one(cast, as_, wish_in, who):
    wish = wish_in("claimed")
    person = getattr(cast, who)
    with at(late(wish)):
        with pytest.raises(NotAllowed):
            actions.supervise(wish=wish, by=person, agency=wish.agency, text=TEXT)
        assert as_(person).get(admin_page(wish, "supervise")).status_code == 403
        body = {"agency": wish.agency_id, "text": TEXT}
        assert as_(person).post(admin_page(wish, "supervise"), body).status_code == 403
    assert not Escalation.objects.exists()


def test_what_is_not_late_is_reminded_of_first(cast, as_, wish_in):
    wish = wish_in("claimed")
    with at(wish.due_on), pytest.raises(NotNow) as refused:
        actions.supervise(wish=wish, by=cast.supervisor, agency=wish.agency, text=TEXT)
    assert refused.value.code == "not_late"
    with at(wish.due_on):
        response = as_(cast.supervisor).get(admin_page(wish, "supervise"), follow=True)
    assert "还没有过约定的日子，先提醒一下。" in response.content.decode()


@pytest.mark.parametrize("state", ["waiting", "fulfilled", "closed", "withdrawn", "ended"])
def test_where_nothing_is_to_be_done_nothing_is_issued(cast, wish_in, state):
    wish = wish_in(state)
    with at(late(wish)), pytest.raises(NotNow):
        actions.supervise(wish=wish, by=cast.supervisor, agency=cast.places.jy, text=TEXT)


def test_an_unclaimed_wish_is_the_paired_agencys_or_the_streets_to_answer(cast, wish_in):
    wish = wish_in("open", due_on=NOW.date() + dt.timedelta(days=90))
    with at(add_workdays(wish.claim_due_on, 1)):
        for agency in (cast.places.jy, cast.places.bzo):
            order = actions.supervise(wish=wish, by=cast.supervisor, agency=agency, text=TEXT)
            assert "等了 8 个工作日，还没有人认领" in order.ground
        with pytest.raises(NotValid):
            actions.supervise(wish=wish, by=cast.supervisor, agency=cast.places.wb, text=TEXT)
        answered = actions.answer(order=order, by=cast.street, text=ANSWER)
    assert answered.answered_by == cast.street


def test_one_order_at_a_time_waits_for_an_answer(cast, wish_in, order_for):
    wish = wish_in("claimed")
    order, day = order_for(wish)
    with at(day), pytest.raises(NotNow) as refused:
        actions.supervise(wish=wish, by=cast.supervisor, agency=wish.agency, text=TEXT)
    assert refused.value.code == "asked_already"
    with at(day):
        actions.answer(order=order, by=cast.liaison, text=ANSWER)
        second = actions.supervise(wish=wish, by=cast.supervisor, agency=wish.agency, text=TEXT)
    assert second.number == "督办〔2026〕2号"


@pytest.mark.parametrize(
    "text",
    [
        "请王示例尽快去办",  # the handler
        "钱示例没有督促",  # a liaison
        f"{RESIDENT.name}等了很久",
        "电话 13800000077",
        "   ",
    ],
)
def test_a_document_names_nobody(cast, as_, wish_in, order_for, text):
    wish = wish_in("claimed")
    with at(late(wish)):
        body = {"agency": wish.agency_id, "text": text}
        assert as_(cast.supervisor).post(admin_page(wish, "supervise"), body).status_code == 400
    assert not Escalation.objects.exists()
    order, _day = order_for(wish)
    with at(add_workdays(order.answer_by, 1)):
        with pytest.raises(NotValid):
            circulated(cast, order, text)
        with pytest.raises(NotValid):
            actions.answer(order=order, by=cast.liaison, text=text)


# --- the answer


def test_the_liaison_answers_on_the_documents_page(cast, as_, wish_in, order_for):
    order, day = order_for(wish_in("claimed"))
    with at(day):
        client = as_(cast.liaison)
        page = client.get(order.get_absolute_url()).content.decode()
        assert "（盖章）" in page
        assert "区督办" in page
        assert f'action="{order.get_absolute_url()}answer/"' in page
        html = client.post(
            f"{order.get_absolute_url()}answer/", {"text": ANSWER}, follow=True
        ).content.decode()
    assert ANSWER in html
    assert "答复，区督办会看到" in html
    order.refresh_from_db()
    assert (order.answered_by, order.answered_on, order.is_late) == (cast.liaison, day, False)
    assert trail.events_of(order.wish).last().move == "answer"
    assert Notice.objects.get(kind="answered").recipient == cast.supervisor
    with pytest.raises(NotNow):
        actions.answer(order=order, by=cast.liaison, text=ANSWER)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("liaison", 200),
        ("cadre", 200),
        ("worker", 200),
        ("street", 200),
        ("supervisor", 200),
        ("supervision_group", 200),
        ("liaison2", 404),
        ("street2", 404),
        ("worker2", 404),
        ("member", 404),
        ("admin", 404),
        ("stranger", 404),
    ],
)
def test_an_order_is_read_by_whom_it_concerns_and_answered_by_the_liaison_alone(
    cast, as_, wish_in, order_for, who, seen
):
    order, day = order_for(wish_in("claimed"))
    client = as_(getattr(cast, who))
    with at(day):
        assert client.get(order.get_absolute_url()).status_code == seen
        status = client.post(f"{order.get_absolute_url()}answer/", {"text": ANSWER}).status_code
    assert status == (302 if who == "liaison" else 403 if seen == 200 else 404)


def test_an_answer_that_is_due_is_reminded_of(cast, wish_in, order_for):
    order, day = order_for(wish_in("claimed"))
    while day <= add_workdays(order.answer_by, 2):
        with at(day, hour=9):
            tasks.sweep_reminders()
        day += dt.timedelta(days=1)
    lines = DueLine.objects.filter(thing_kind="wishes.escalation").order_by("day", "pk")
    assert [(line.day, line.recipient, line.why) for line in lines] == [
        (add_workdays(order.answer_by, -1), cast.liaison, "请区教育局答复，还剩 1 个工作日"),
        (order.answer_by, cast.liaison, "请区教育局今天答复"),
        (add_workdays(order.answer_by, 1), cast.supervisor, "区教育局还没有答复"),
    ]
    assert {line.url for line in lines} == {order.get_absolute_url()}


def test_of_a_wish_that_ended_no_answer_is_asked(cast, wish_in, order_for):
    order, day = order_for(wish_in("claimed"))
    with at(day):
        actions.end(wish=order.wish, by=cast.worker, ended_by="death")
    with at(order.answer_by, hour=9):
        tasks.sweep_reminders()
        with pytest.raises(NotNow):
            actions.answer(order=order, by=cast.liaison, text=ANSWER)
    assert not DueLine.objects.filter(thing_kind="wishes.escalation").exists()
    with at(add_workdays(order.answer_by, 1)), pytest.raises(NotNow):
        circulated(cast, order)


# --- 通报


def test_a_bulletin_stands_after_an_order_that_nobody_answered(cast, as_, wish_in, order_for):
    order, _day = order_for(wish_in("claimed"))
    with at(order.answer_by), pytest.raises(NotNow) as refused:
        circulated(cast, order)
    assert refused.value.code == "not_yet"
    with at(add_workdays(order.answer_by, 1)):
        address = f"{admin_page(order.wish, 'circulate')}{order.pk}/"
        client = as_(cast.supervisor)
        assert f'href="{address}"' in client.get(admin_page(order.wish, "change")).content.decode()
        assert client.post(address, {"text": "请引以为戒"}, follow=True).status_code == 200
        with pytest.raises(NotNow):
            circulated(cast, order)
    bulletin = Escalation.objects.bulletins().get()
    assert (bulletin.after, bulletin.agency, bulletin.number) == (
        order,
        order.agency,
        "通报〔2026〕1号",
    )
    assert bulletin.ground.endswith("没有答复。")
    assert trail.events_of(order.wish).last().move == "circulate"


def test_one_answered_late_may_be_circulated_though_the_wish_was_fulfilled(
    cast, wish_in, order_for
):
    order, _day = order_for(wish_in("claimed"))
    with at(add_workdays(order.answer_by, 1)):
        actions.answer(order=order, by=cast.liaison, text=ANSWER)
        actions.fulfil(wish=order.wish, by=cast.cadre, note="配好了药")
        assert circulated(cast, order).ground.endswith("答复晚于期限。")


def test_one_answered_in_time_is_circulated_only_while_the_wish_is_undone(cast, wish_in, order_for):
    order, day = order_for(wish_in("claimed"))
    other, _day = order_for(wish_in("claimed"))
    with at(day):
        actions.answer(order=order, by=cast.liaison, text=ANSWER)
        actions.answer(order=other, by=cast.liaison, text=ANSWER)
        actions.fulfil(wish=other.wish, by=cast.cadre, note="配好了药")
    with at(add_workdays(order.answer_by, 1)):
        assert circulated(cast, order).ground.endswith("答复以后还没有办好。")
        with pytest.raises(NotNow):
            circulated(cast, other)


def test_every_agency_reads_a_bulletin_and_finds_no_person_on_it(cast, as_, wish_in, order_for):
    order, _day = order_for(wish_in("claimed"))
    with at(add_workdays(order.answer_by, 1)):
        bulletin = circulated(cast, order)
        for who in ("liaison2", "cadre2", "member_liaison", "street2", "worker2", "leader"):
            client = as_(getattr(cast, who))
            assert bulletin.number in client.get("/wishes/orders/?tab=bulletins").content.decode()
            page = client.get(bulletin.get_absolute_url()).content.decode()
            article = page[page.index("<article") : page.index("</article>")]
            assert "区教育局" in article
            for name in (cast.cadre.name, cast.liaison.name, cast.worker.name, RESIDENT.name):
                assert name not in article
        for who in ("member", "stranger", "admin"):
            assert as_(getattr(cast, who)).get(bulletin.get_absolute_url()).status_code == 404


def test_a_bulletin_about_a_wish_that_is_not_public_says_no_more_than_its_code(cast, as_, wish_in):
    wish = wish_in("open", visibility="paired")
    with at(NOW.date()):
        wish = actions.claim(wish=wish, by=cast.cadre)
    with at(late(wish)):
        order = actions.supervise(wish=wish, by=cast.supervisor, agency=wish.agency, text=TEXT)
    with at(add_workdays(order.answer_by, 1)):
        bulletin = circulated(cast, order)
        for who in (cast.liaison, cast.liaison2, cast.supervisor):
            html = as_(who).get(bulletin.get_absolute_url()).content.decode()
            assert wish.title not in html
        assert wish.title in as_(cast.liaison).get(order.get_absolute_url()).content.decode()


def test_the_database_refuses_a_bulletin_without_an_order_and_half_an_answer(
    cast, wish_in, order_for
):
    order, _day = order_for(wish_in("claimed"))
    for change in (
        {"step": "circulate"},
        {"answer": "好"},
        {"answered_at": NOW},
        {"step": "shout"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.filter(pk=order.pk).update(**change)


# --- 已电话了解


def sweep_until(day: dt.date, since: dt.date) -> set[tuple[str, str, str]]:
    """Run the timetable day by day; return (day, reminder, person) of all that was told."""
    while since <= day:
        with at(since, hour=9):
            tasks.sweep_reminders()
        since += dt.timedelta(days=1)
    return {
        (str(line.digest.digest_day), line.reminder, line.recipient.username)
        for line in DueLine.objects.exclude(digest=None).select_related("digest", "recipient")
    }


def test_a_supervisors_word_lets_reminders_to_street_and_district_rest_and_no_others(
    cast, as_, wish_in
):
    wish = wish_in("claimed")
    with at(late(wish, 4)):
        body = {"days": 5, "reason": "问过单位，下周三前一定办好"}
        html = as_(cast.supervisor).post(admin_page(wish, "quiet"), body, follow=True)
    quiet = Quiet.objects.get()
    assert quiet.until == late(wish, 9)
    assert "以前不提醒街道和区里" in html.content.decode()
    told = sweep_until(late(wish, 11), since=NOW.date())
    assert {line for line in told if line[2] in ("street", "supervisor")} == {
        (str(late(wish, 10)), "wish-quiet-over-street", "street"),
        (str(late(wish, 10)), "wish-quiet-over", "supervisor"),
    }
    assert (str(late(wish, 3)), "wish-due-liaison", "liaison") in told
    assert (str(late(wish, 7)), "wish-lapse-warning", "cadre") in told


def test_nothing_comes_back_of_what_was_done_meanwhile(cast, wish_in):
    wish = wish_in("claimed")
    with at(late(wish, 4)):
        actions.quiet(wish=wish, by=cast.supervisor, days=3, reason="问过了")
        actions.fulfil(wish=wish, by=cast.cadre, note="配好了药")
    told = sweep_until(late(wish, 10), since=late(wish, 4))
    assert not {line for line in told if line[2] in ("street", "supervisor")}


def test_the_street_notes_it_on_the_wishs_page(cast, as_, wish_in):
    wish = wish_in("claimed")
    with at(late(wish, 5)):
        client = as_(cast.street)
        address = f"{wish.get_absolute_url()}quiet/"
        assert f'action="{address}"' in client.get(wish.get_absolute_url()).content.decode()
        html = client.post(
            address, {"days": 2, "reason": "居民回老家了"}, follow=True
        ).content.decode()
        assert "居民回老家了" in html
        assert client.post(address, {"days": 2, "reason": "再等等"}).status_code == 409
    event = trail.events_of(wish).last()
    assert (event.move, event.by_label) == ("quiet", "百丈街道办事处")


@pytest.mark.parametrize("who", ["worker", "liaison", "cadre", "street2", "supervision_group"])
def test_nobody_else_lets_them_rest(cast, as_, wish_in, who):
    wish = wish_in("claimed")
    answer = as_(getattr(cast, who)).post(
        f"{wish.get_absolute_url()}quiet/", {"days": 2, "reason": "再等等"}
    )
    assert answer.status_code == 403
    assert not Quiet.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"days": 6, "reason": "问过了"},
        {"days": 0, "reason": "问过了"},
        {"days": 2, "reason": " "},
        {"days": 2, "reason": f"{RESIDENT.name}不在家"},
        {"days": "", "reason": "问过了"},
    ],
)
def test_too_long_or_without_a_fit_reason_is_refused(cast, as_, wish_in, body):
    wish = wish_in("claimed")
    address = f"{wish.get_absolute_url()}quiet/"
    assert as_(cast.street).post(address, body).status_code == 400
    assert not Quiet.objects.exists()


def test_the_reason_goes_with_the_residents_details(cast, wish_in):
    wish = wish_in("claimed")
    actions.quiet(wish=wish, by=cast.supervisor, days=2, reason="家里在装修")
    actions.erase_on_request(wish=wish, by=cast.worker)
    assert Quiet.objects.get().reason == ""
