"""The way in: which of the sign-in library's doors are open, and what the operator can do from the machine."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessLog
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts import trail
from accounts.tasks import clear_expired
from jiangdong.celery import app
from tests.accounts.sign_in import enter, with_app
from tests.cast import fresh


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "login/code/confirm/",
        "3rdparty/",
        "3rdparty/signup/",
        "social/connections/",
        "sessions/",
        "2fa/webauthn/signup/",
        "2fa/trust/",
        "",
    ],
)
def test_doors_that_nobody_uses_are_not_there(cast, as_, path):
    for client in (Client(), as_(cast.cadre)):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_the_operator_helps_the_last_administrator(cast):
    with_app(cast.admin)
    said = StringIO()
    call_command("forget_second_factors", "admin", stdout=said)
    assert said.getvalue() == "admin had 1 and signs in with the password alone now\n"
    assert not Authenticator.objects.exists()
    event = trail.events_of(fresh(cast.admin)).get()
    assert (event.move, event.by_id) == ("forget_factors", None)


def test_the_operator_binds_a_number_over_there_to_an_account(cast):
    said = StringIO()
    for subject in ("A-1", "A-2"):
        call_command("link_sign_in", "cadre", subject, stdout=said)
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.provider, linked.uid) == (cast.cadre, "district", "A-2")
    with pytest.raises(CommandError, match="another account"):
        call_command("link_sign_in", "worker", "A-2", stdout=said)
    assert SocialAccount.objects.get().user == cast.cadre


@pytest.mark.parametrize("command", [["forget_second_factors"], ["link_sign_in", "x"]])
def test_a_name_that_is_nobodys_is_said_so(db, command):
    name, *rest = command
    with pytest.raises(CommandError, match="no account nobody"):
        call_command(name, "nobody", *rest)


def test_who_signed_in_is_kept_for_half_a_year(cast):
    enter(cast.cadre)
    enter(cast.worker)
    AccessLog.objects.filter(username="cadre").update(attempt_time="2026-03-10T10:00:00+08:00")
    clear_expired()
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["worker"]


def test_the_timetable_sweeps_every_night():
    planned = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert clear_expired.name in planned
