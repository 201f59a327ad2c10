"""Supervisors change the workflow's numbers, in the admin and nowhere else; each change stands in the trail."""

import pytest

from accounts import trail
from jiangdong.refusals import NotAllowed, NotNow, NotValid
from tests.cast import NOW
from wishes import actions
from wishes.models import NumberSetting
from wishes.numbers import NUMBERS, in_force, number

PAGE = "/admin/wishes/numbersetting/"


def address(name: str) -> str:
    return f"{PAGE}{name}/set_number/"


def test_without_a_change_the_numbers_in_the_code_hold(db):
    assert {each.number.name: each.value for each in in_force()} == {
        name: each.default for name, each in NUMBERS.items()
    }


def test_a_change_holds_at_once_and_is_kept_in_the_trail(cast):
    actions.set_number(name="wait_cap", value=30, by=cast.supervisor)
    setting = actions.set_number(name="wait_cap", value=10, by=cast.supervisor)
    assert number("wait_cap") == 10
    assert (setting.changed_at, setting.changed_by) == (NOW, cast.supervisor)
    events = [
        (event.move, event.by_id, event.by_label, event.note.text)
        for event in trail.events_of(NumberSetting.objects.get())
    ]
    assert events == [
        ("set_number", cast.supervisor.pk, "区督办", "20 → 30"),
        ("set_number", cast.supervisor.pk, "区督办", "30 → 10"),
    ]
    assert list(trail.verify()) == []


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_stays_between_its_least_and_its_most(cast, name):
    rule = NUMBERS[name]
    for value in (rule.least - 1, rule.most + 1, -1, 2**40):
        with pytest.raises(NotValid) as refused:
            actions.set_number(name=name, value=value, by=cast.supervisor)
        assert list(refused.value.facts["fields"]) == ["value"]
    assert not NumberSetting.objects.exists()
    for value in (rule.least, rule.most):
        actions.set_number(name=name, value=value, by=cast.supervisor)
        assert number(name) == value


def test_a_number_that_does_not_exist_is_refused(cast):
    with pytest.raises(NotValid):
        actions.set_number(name="nothing", value=1, by=cast.supervisor)


@pytest.mark.parametrize("who", ["admin", "supervision_group", "street", "liaison", "leader"])
def test_nobody_but_a_supervisor_changes_a_number(cast, as_, who):
    with pytest.raises(NotAllowed):
        actions.set_number(name="wait_cap", value=30, by=getattr(cast, who))
    client = as_(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(address("wait_cap"), {"wait_cap-value": 30}).status_code == 403
    assert not NumberSetting.objects.exists()


def test_the_page_shows_each_number_and_sets_it(cast, as_):
    client = as_(cast.supervisor)
    html = client.get(PAGE).content.decode()
    assert all(str(each.label) in html for each in NUMBERS.values())
    assert "现在：20 个工作日" in html
    html = client.post(address("wait_cap"), {"wait_cap-value": "15"}, follow=True).content.decode()
    assert "“一件心愿最多等多久”已改好，从现在起照新的算。" in html
    assert "现在：15 个工作日" in html
    assert "蒋示例 改于 2026-03-10 10:00" in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "只能写 1 到 120"),
        ("121", "只能写 1 到 120"),
        ("", "请写一个整数"),
        ("两", "请写一个整数"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(cast, as_, typed, said):
    answer = as_(cast.supervisor).post(address("wait_cap"), {"wait_cap-value": typed})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not NumberSetting.objects.exists()


def test_an_address_of_no_number_is_not_there_and_looking_changes_nothing(cast, as_):
    client = as_(cast.supervisor)
    assert client.post(address("nothing"), {"nothing-value": 1}).status_code == 404
    assert client.get(address("wait_cap")).status_code == 405


def test_the_limit_that_was_set_decides_who_publishes(cast, wish_in):
    actions.set_number(name="money_limit", value=100, by=cast.supervisor)
    wish = wish_in("draft", kind="goods", estimate=200)
    with pytest.raises(NotNow) as refused:
        actions.publish(wish=wish, by=cast.worker, visibility="public")
    assert refused.value.code == "needs_check"
