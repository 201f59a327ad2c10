"""The admin's door: who enters, what each role finds, and what the site allows a browser to do."""

import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import fresh
from wishes.models import Wish

KEPT = {
    "wishes_wish": {"supervisor", "supervision_group"},
    "pairing_pairing": {"supervisor", "supervision_group"},
    "notices_remindersetting": {"supervisor"},
    "notices_channel": {"admin"},
    "wishes_campaign": {"supervisor", "supervision_group"},
    "wishes_numbersetting": {"supervisor"},
    "voices_voice": {"supervisor", "supervision_group"},
    "voices_topic": {"supervisor", "supervision_group"},
    "reports_explained": {"supervisor", "supervision_group"},
    "accounts_user": {"admin"},
    "accounts_districtrole": {"admin"},
    "accounts_portalfeedback": {"supervisor", "supervision_group", "admin"},
    "pairing_cadre": {"admin"},
    "pairing_communityworker": {"admin"},
    "pairing_street": {"admin"},
    "pairing_community": {"admin"},
    "pairing_agency": {"admin"},
}
ADDED = {
    "pairing_pairing": {"supervisor"},
    "wishes_campaign": {"supervisor"},
    "voices_topic": {"supervisor"},
    "accounts_user": {"admin"},
    "accounts_districtrole": {"admin"},
    "pairing_cadre": {"admin"},
    "pairing_communityworker": {"admin"},
    "pairing_street": {"admin"},
    "pairing_community": {"admin"},
    "pairing_agency": {"admin"},
}
INSIDE = ("supervisor", "supervision_group", "admin")
OUTSIDE = (
    "worker",
    "warden",
    "cadre",
    "liaison",
    "member",
    "street",
    "inspector",
    "leader",
    "stranger",
)


def test_every_table_of_the_admin_is_in_the_matrix():
    assert {
        f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry
    } == set(KEPT)


@pytest.mark.parametrize("who", INSIDE)
@pytest.mark.parametrize("table", KEPT)
def test_a_list_opens_for_those_whose_work_it_is(cast, as_, table, who):
    response = as_(getattr(cast, who)).get(reverse(f"admin:{table}_changelist"))
    assert response.status_code == (200 if who in KEPT[table] else 403)


@pytest.mark.parametrize("who", INSIDE)
@pytest.mark.parametrize("table", ADDED)
def test_a_form_opens_for_those_who_may_add(cast, as_, table, who):
    response = as_(getattr(cast, who)).get(reverse(f"admin:{table}_add"))
    assert response.status_code == (200 if who in ADDED[table] else 403)


@pytest.mark.parametrize("who", INSIDE)
def test_the_places_offered_are_the_places_that_open(cast, as_, who):
    client = as_(getattr(cast, who))
    html = client.get("/admin/").content.decode()
    offered = set(re.findall(r'href="/admin/(\w+/\w+)/"', html))
    assert offered == {table.replace("_", "/", 1) for table, roles in KEPT.items() if who in roles}
    assert 'href="/"' in html


@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_has_no_business_in_the_admin_is_refused(cast, as_, who):
    client = as_(getattr(cast, who))
    for path in (
        "/admin/",
        "/admin/wishes/wish/",
        "/admin/accounts/user/",
        "/admin/jsi18n/",
    ):
        assert client.get(path).status_code == 403
    assert client.get("/admin/login/").status_code in (302, 403)


def test_a_passer_by_is_asked_to_sign_in_on_the_portals_own_page(db):
    response = Client().get("/admin/wishes/wish/?list=open")
    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/admin/wishes/wish/%3Flist%3Dopen"


def test_staff_and_superusers_of_the_framework_have_no_rights_here(cast, as_):
    User.objects.filter(pk=cast.stranger.pk).update(is_staff=True, is_superuser=True)
    user = fresh(cast.stranger)
    assert as_(user).get("/admin/").status_code == 403
    request = type("Request", (), {"user": user})()
    for model_admin in admin.site._registry.values():
        assert not model_admin.has_module_permission(request)
        assert not model_admin.has_view_permission(request)
        assert not model_admin.has_add_permission(request)
        assert not model_admin.has_change_permission(request)
        assert not model_admin.has_delete_permission(request)


@pytest.mark.parametrize("who", ["supervisor", "admin", "stranger"])
def test_djangos_flag_for_staff_changes_no_answer(cast, as_, who):
    user = getattr(cast, who)
    pages = [
        "/admin/",
        "/admin/accounts/user/",
        "/admin/accounts/portalfeedback/",
        "/admin/nowhere/",
    ]
    before = [as_(user).get(page).status_code for page in pages]
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert [as_(user).get(page).status_code for page in pages] == before


@pytest.mark.parametrize("who", INSIDE)
def test_nobody_may_delete_anything(cast, as_, rf, who):
    request = rf.get("/admin/")
    request.user = getattr(cast, who)
    assert not [
        model for model, kept in admin.site._registry.items() if kept.has_delete_permission(request)
    ]


def test_a_role_that_ended_yesterday_opens_nothing(cast, as_, later):
    cast.supervisor.district_roles.update(term="[2014-01-01,2026-03-10)")
    assert as_(cast.supervisor).get("/admin/").status_code == 403


def test_what_the_theme_adds_and_nobody_uses_is_not_there(cast, as_, wish_in):
    client = as_(cast.admin)
    kind = ContentType.objects.get_for_model(Wish).pk
    for path in (
        "/admin/search/?s=a&page=x",
        f"/admin/r/{kind}/{wish_in('open').pk}/",
        "/admin/wishes/",
    ):
        assert client.get(path).status_code == 404


def test_signing_out_is_an_act(cast, as_):
    client = as_(cast.supervisor)
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 302
    assert client.get("/admin/").status_code == 302


def test_only_the_admin_lets_its_theme_evaluate(cast, as_, wish_in):
    client = as_(cast.supervisor)
    inside = client.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in inside
    assert "style-src 'self' 'unsafe-inline'" in inside
    for path in ("/", "/accounts/login/", "/wishes/", "/inbox/"):
        assert "unsafe" not in client.get(path)["Content-Security-Policy"]
    assert "unsafe" not in as_(cast.cadre).get("/admin/")["Content-Security-Policy"]


def test_invented_data_is_called_so_on_every_page(cast, as_, settings):
    settings.DEMO = True
    assert "示例数据" in as_(cast.supervisor).get("/admin/pairing/pairing/").content.decode()
    settings.DEMO = False
    assert "示例数据" not in as_(cast.supervisor).get("/admin/pairing/pairing/").content.decode()


def test_administrators_find_accounts_and_settings_and_no_wall(cast, as_, wish_in):
    wish_in("open", title="想要一台收音机")
    html = as_(cast.admin).get("/admin/").content.decode()
    assert "账号和设置" in html
    assert "先办这些" not in html
    assert "收音机" not in html
