"""Accounts in the admin, and the command that makes the first administrator."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import trail
from accounts.actions import issue_token, say_what_is_wrong
from accounts.models import ApiToken, DistrictRole, User
from tests.cast import PASSWORD, fresh

NEW = {
    "username": "xin",
    "name": "许示例",
    "phone": "138 0000 0009",
    "email": "xin@example.org",
    "password1": "qi-ta-she-qu-365",
    "password2": "qi-ta-she-qu-365",
}


def test_an_administrator_makes_an_account_that_can_sign_in_and_nothing_more(cast, as_):
    response = as_(cast.admin).post("/admin/accounts/user/add/", NEW)
    assert response.status_code == 302
    user = User.objects.get(username="xin")
    assert (user.name, user.phone, user.email) == ("许示例", "138 0000 0009", "xin@example.org")
    assert user.check_password(NEW["password1"])
    assert (user.is_superuser, user.is_staff) == (False, False)
    assert user.password_set_on is None  # to be changed by its owner first thing


def test_no_form_can_make_a_superuser(cast, as_):
    client = as_(cast.admin)
    client.post("/admin/accounts/user/add/", {**NEW, "is_superuser": "on", "is_staff": "on"})
    user = User.objects.get(username="xin")
    page = client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert "is_superuser" not in page
    assert "is_staff" not in page
    facts = {name: NEW[name] for name in ("username", "name", "phone", "email")}
    client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        {**facts, "is_active": "on", "is_superuser": "on", "is_staff": "on"},
    )
    user.refresh_from_db()
    assert (user.is_active, user.is_superuser, user.is_staff) == (True, False, False)


def test_a_weak_password_comes_back_with_its_reason(cast, as_):
    response = as_(cast.admin).post(
        "/admin/accounts/user/add/", {**NEW, "password1": "123", "password2": "123"}
    )
    assert response.status_code == 200
    assert not User.objects.filter(username="xin").exists()


def test_ending_an_account_ends_its_tokens_and_sessions(cast, as_):
    theirs = as_(cast.cadre)
    issue_token(to=cast.cadre)
    facts = {"username": "cadre", "name": "王示例", "phone": "", "email": "cadre@example.org"}
    as_(cast.admin).post(f"/admin/accounts/user/{cast.cadre.pk}/change/", facts)
    assert not fresh(cast.cadre).is_active
    assert not ApiToken.objects.exists()
    assert theirs.get("/wishes/mine/").status_code == 302


def test_a_password_set_by_an_administrator_shuts_what_the_old_one_opened(cast, as_):
    theirs = as_(cast.cadre)
    issue_token(to=cast.cadre)
    new = {"password1": "huan-yi-ge-mi-ma-9", "password2": "huan-yi-ge-mi-ma-9"}
    response = as_(cast.admin).post(f"/admin/accounts/user/{cast.cadre.pk}/password/", new)
    assert response.status_code == 302
    assert fresh(cast.cadre).check_password("huan-yi-ge-mi-ma-9")
    assert fresh(cast.cadre).password_set_on is None
    assert not ApiToken.objects.exists()
    assert theirs.get("/wishes/mine/").status_code == 302


def test_ones_own_password_is_changed_where_everybody_changes_theirs(cast, as_):
    path = f"/admin/accounts/user/{cast.admin.pk}/password/"
    new = {"password1": "huan-yi-ge-mi-ma-9", "password2": "huan-yi-ge-mi-ma-9"}
    assert as_(cast.admin).post(path, new).url == "/accounts/password/change/"
    assert fresh(cast.admin).check_password(PASSWORD)


def test_lost_second_factors_are_taken_away_by_an_administrator_by_post_alone(cast, as_):
    Authenticator.objects.create(user=cast.supervisor, type="totp", data={"secret": "x"})
    path = f"/admin/accounts/user/{cast.supervisor.pk}/forget_second_factors/"
    client = as_(cast.admin)
    assert path in client.get(f"/admin/accounts/user/{cast.supervisor.pk}/change/").content.decode()
    assert client.get(path).status_code == 405
    assert as_(cast.supervision_group).post(path).status_code == 403
    assert Authenticator.objects.filter(user=cast.supervisor).exists()
    assert "清除了 1 个" in client.post(path, follow=True).content.decode()
    assert not Authenticator.objects.filter(user=cast.supervisor).exists()
    assert trail.events_of(cast.supervisor).last().by_id == cast.admin.pk


def test_nobody_takes_away_their_own_second_factors_here(cast, as_):
    client = as_(cast.admin)
    path = f"/admin/accounts/user/{cast.admin.pk}/forget_second_factors/"
    assert path not in client.get(f"/admin/accounts/user/{cast.admin.pk}/change/").content.decode()
    assert client.post(path).status_code == 403


@pytest.mark.parametrize("who", ["supervisor", "supervision_group"])
def test_only_administrators_set_passwords(cast, as_, who):
    new = {"password1": "huan-yi-ge-mi-ma-9", "password2": "huan-yi-ge-mi-ma-9"}
    path = f"/admin/accounts/user/{cast.cadre.pk}/password/"
    assert as_(getattr(cast, who)).post(path, new).status_code == 403
    assert fresh(cast.cadre).check_password(PASSWORD)


def test_a_role_is_given_for_a_term_whose_last_day_counts(cast, as_):
    role = {
        "user": cast.stranger.pk,
        "role": "supervisor",
        "term_0": "2026-03-10",
        "term_1": "2026-12-31",
    }
    response = as_(cast.admin).post("/admin/accounts/districtrole/add/", role)
    assert response.status_code == 302
    given = DistrictRole.objects.get(user=cast.stranger)
    assert (given.term.lower.isoformat(), given.term.upper.isoformat()) == (
        "2026-03-10",
        "2027-01-01",
    )
    html = as_(cast.admin).get("/admin/accounts/districtrole/").content.decode()
    assert "2026-03-10 至 2026-12-31" in html
    event = trail.events_of(cast.stranger).get()
    assert (event.move, event.by_id, event.note.text) == (
        "give_role",
        cast.admin.pk,
        "区督办 2026-03-10 至 2026-12-31",
    )


@pytest.mark.parametrize(
    ("term", "complaint"),
    [
        ({"term_0": "2026-03-10", "term_1": "2026-03-09"}, "最后一天不能早于第一天"),
        ({"term_0": "", "term_1": "2026-03-09"}, "请写明从哪一天起"),
        ({"term_0": "2026-03-10", "term_1": "9999-12-31"}, "没有期限就不填最后一天"),
        ({"term_0": "2026-02-30", "term_1": ""}, "输入一个有效的日期"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(cast, as_, term, complaint):
    role = {"user": cast.stranger.pk, "role": "supervisor", **term}
    response = as_(cast.admin).post("/admin/accounts/districtrole/add/", role)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not DistrictRole.objects.filter(user=cast.stranger).exists()


def test_the_same_role_twice_in_a_term_is_refused_in_words(cast, as_):
    role = {"user": cast.supervisor.pk, "role": "supervisor", "term_0": "2026-03-10", "term_1": ""}
    response = as_(cast.admin).post("/admin/accounts/districtrole/add/", role)
    assert "这段时间里已经是这个角色了" in response.content.decode()


def test_nobody_gives_themselves_a_role_or_prolongs_their_own(cast, as_):
    client = as_(cast.admin)
    role = {"user": cast.admin.pk, "role": "supervisor", "term_0": "2026-03-10", "term_1": ""}
    response = client.post("/admin/accounts/districtrole/add/", role)
    assert "不能给自己加角色" in response.content.decode()
    own = cast.admin.district_roles.get()
    path = f"/admin/accounts/districtrole/{own.pk}/change/"
    assert client.post(path, {"term_0": "2014-01-01", "term_1": "2030-01-01"}).status_code == 403


def test_a_role_ends_with_its_term_and_keeps_whose_it_was(cast, as_):
    role = cast.leader.district_roles.get()
    path = f"/admin/accounts/districtrole/{role.pk}/change/"
    facts = {
        "user": cast.stranger.pk,
        "role": "supervisor",
        "term_0": "2014-01-01",
        "term_1": "2026-03-09",
    }
    assert as_(cast.admin).post(path, facts).status_code == 302
    role.refresh_from_db()
    assert (role.user, role.role, role.term.upper.isoformat()) == (
        cast.leader,
        "leader",
        "2026-03-10",
    )
    assert as_(cast.admin).post(path, facts).status_code == 302  # and saved again as it is
    event = trail.events_of(cast.leader).get()
    assert (event.move, event.by_id, event.note.text) == (
        "end_role",
        cast.admin.pk,
        "区领导 2014-01-01 至 2026-03-09",
    )


def test_what_people_say_of_the_portal_is_read_and_not_changed(cast, as_):
    said = say_what_is_wrong(page="/wishes/", words="字太小", by=None)
    for who in (cast.supervisor, cast.supervision_group, cast.admin):
        client = as_(who)
        assert "字太小" in client.get("/admin/accounts/portalfeedback/").content.decode()
        path = f"/admin/accounts/portalfeedback/{said.pk}/change/"
        assert client.get(path).status_code == 200
        assert client.post(path, {"words": "很好"}).status_code == 403


@pytest.fixture
def make(monkeypatch):
    """Run the command with a password from the environment, and return what it said."""
    monkeypatch.setenv("ADMIN_PASSWORD", "di-yi-ge-guan-li-yuan")

    def run(*args: str) -> str:
        said = StringIO()
        call_command("make_administrator", *args, stdout=said)
        return said.getvalue()

    return run


def test_the_first_administrator_is_made_by_a_command(db, make, as_):
    make("first", "--name", "高示例")
    user = User.objects.get(username="first")
    assert user.check_password("di-yi-ge-guan-li-yuan")
    assert not user.is_superuser
    assert as_(user).get("/admin/accounts/user/").status_code == 200


def test_a_second_one_is_made_only_by_force(cast, make):
    with pytest.raises(CommandError, match="already"):
        make("first", "--name", "高示例")
    make("first", "--name", "高示例", "--force")
    assert User.objects.get(username="first").district_roles.get().role == "administrator"


@pytest.mark.parametrize("password", ["12345678", "short"])
def test_a_weak_first_password_is_refused(db, make, monkeypatch, password):
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        make("first", "--name", "高示例")
    assert not User.objects.exists()


def test_a_user_name_that_is_taken_is_refused(cast, make):
    with pytest.raises(CommandError):
        make("cadre", "--name", "高示例", "--force")


def test_the_command_asks_twice_where_no_password_is_set(db, make, monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD")
    answers = iter(["di-yi-ge-guan-li-yuan", "something-else-1"])
    monkeypatch.setattr(
        "accounts.management.commands.make_administrator.getpass", lambda prompt: next(answers)
    )
    with pytest.raises(CommandError, match="differ"):
        make("first", "--name", "高示例")
