"""Supervisors change on which working days people are reminded, in the admin and nowhere else."""

import pytest
from django.urls import reverse

from accounts import trail
from accounts.models import DistrictRole
from jiangdong.refusals import NotAllowed, NotValid
from notices import actions
from notices.models import ReminderSetting
from notices.reminders import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("things_due")]

LADDER = "admin:notices_remindersetting_changelist"


def set_url(slug: str = "thing-due") -> str:
    return reverse("admin:notices_remindersetting_set_reminder", args=[slug])


def typed(offsets: str, **more) -> dict:
    return {"thing-due-offsets": offsets, "thing-due-enabled": "on", **more}


def now_in_force() -> tuple:
    (each,) = in_force()
    return each.offsets, each.enabled


def test_without_a_change_the_numbers_in_the_code_hold():
    assert now_in_force() == ((-3, 0, 1, 3), True)


def test_a_change_overrides_them_and_is_kept_in_the_trail(supervisor):
    actions.set_reminder(reminder="thing-due", offsets=[3, -5], enabled=True, by=supervisor)
    setting = actions.set_reminder(reminder="thing-due", offsets=[1], enabled=False, by=supervisor)
    assert now_in_force() == ((1,), False)
    setting.refresh_from_db()
    moves = [
        (event.from_state, event.to_state, event.by_id, event.note.text)
        for event in trail.events_of(setting)
    ]
    assert moves == [
        ("on", "on", supervisor.pk, "[-3, 0, 1, 3] → [-5, 3]"),
        ("on", "off", supervisor.pk, "[-5, 3] → [1]"),
    ]
    assert list(trail.verify()) == []


@pytest.mark.parametrize(
    "offsets",
    [[], [1, 1], list(range(9)), [-31], [61], [0, 99_999]],
    ids=["none", "twice", "too many", "too early", "too late", "absurd"],
)
def test_numbers_that_make_no_sense_are_refused(supervisor, offsets):
    with pytest.raises(NotValid) as refused:
        actions.set_reminder(reminder="thing-due", offsets=offsets, enabled=True, by=supervisor)
    assert list(refused.value.facts["fields"]) == ["offsets"]
    assert not ReminderSetting.objects.exists()


def test_a_reminder_that_does_not_exist_is_refused(supervisor):
    with pytest.raises(NotValid):
        actions.set_reminder(reminder="nothing", offsets=[1], enabled=True, by=supervisor)


@pytest.mark.parametrize("role", ["", "inspector", "leader", "administrator", "supervision_group"])
def test_nobody_but_a_supervisor_changes_a_reminder(person, role):
    user = person("other", is_staff=True)
    if role:
        DistrictRole.objects.create(user=user, role=role)
    with pytest.raises(NotAllowed):
        actions.set_reminder(reminder="thing-due", offsets=[1], enabled=True, by=user)


def test_the_ladder_shows_every_reminder_with_the_numbers_in_the_code(supervisor, as_):
    response = as_(supervisor).get(reverse(LADDER))
    assert response.status_code == 200
    page = response.content.decode()
    assert "快到期的事" in page
    assert "原定：前 3 个工作日、当天、后 1 个工作日、后 3 个工作日" in page
    assert 'value="-3, 0, 1, 3"' in page


def test_a_supervisor_sets_it_in_the_admin(supervisor, as_):
    response = as_(supervisor).post(set_url(), typed("−5， 0、2"), follow=True)
    assert response.redirect_chain == [(reverse(LADDER), 302)]
    assert now_in_force() == ((-5, 0, 2), True)
    page = response.content.decode()
    assert "现在：前 5 个工作日、当天、后 2 个工作日" in page
    assert "“快到期的事”已改好" in page


@pytest.mark.parametrize(
    ("offsets", "said"),
    [
        ("abc", "请写整数"),
        ("1.5", "请写整数"),
        ("٣", "请写整数"),
        ("999", "只能写到期前 30"),
        (" ， ", "至少写一个数"),
        ("", "至少写一个数"),
        ("1,1", "每个数只写一次"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed_with_the_reason(supervisor, as_, offsets, said):
    response = as_(supervisor).post(set_url(), typed(offsets))
    assert response.status_code == 400
    assert said in response.content.decode()
    assert f'value="{offsets}"' in response.content.decode() or not offsets.strip()
    assert now_in_force() == ((-3, 0, 1, 3), True)


def test_the_act_answers_neither_a_look_nor_an_unknown_reminder(supervisor, as_):
    assert as_(supervisor).get(set_url()).status_code == 405
    assert as_(supervisor).post(set_url("nothing"), typed("1")).status_code == 404
    assert now_in_force() == ((-3, 0, 1, 3), True)


@pytest.mark.parametrize("role", ["supervision_group", "administrator"])
def test_others_in_the_admin_neither_see_nor_set_the_ladder(person, as_, role):
    user = person("other", is_staff=True)
    DistrictRole.objects.create(user=user, role=role)
    assert as_(user).get(reverse(LADDER)).status_code == 403
    assert as_(user).post(set_url(), typed("1")).status_code == 403
    assert now_in_force() == ((-3, 0, 1, 3), True)


def test_the_admin_shows_no_notices_and_no_page_of_a_single_setting(supervisor, as_):
    actions.set_reminder(reminder="thing-due", offsets=[1], enabled=True, by=supervisor)
    pk = ReminderSetting.objects.get().pk
    for path in ("notices/notice/", "notices/dueline/", f"notices/remindersetting/{pk}/change/"):
        assert as_(supervisor).get(f"{reverse('admin:index')}{path}").status_code == 404
