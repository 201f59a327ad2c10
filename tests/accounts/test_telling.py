"""The owner of an account is told when its keys change, by a notice and its mail: it may not have been them."""

import pytest
from allauth.account.adapter import get_adapter
from django.core import mail

from accounts.actions import choose_password
from accounts.models import User
from notices.actions import deliver_pending
from notices.models import Notice
from tests.accounts.sign_in import code_for, enter, with_app, with_passkey
from tests.cast import PASSWORD

APP, OFF = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"
CHANGE = "/accounts/password/change/"
CHOSEN = "yi-ju-hua-365"
NEW = {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}


def told(user: User) -> list[str]:
    """Return what somebody was told of their account, oldest first."""
    said = Notice.objects.filter(recipient=user, kind="account").order_by("pk")
    return list(said.values_list("title", flat=True))


def test_of_a_new_password_by_notice_and_mail_that_hold_nothing_of_it(cast):
    assert enter(cast.cadre).post(CHANGE, NEW).status_code == 302
    assert told(cast.cadre) == ["你的密码改了"]
    assert mail.outbox == []  # no page waits for a mail server
    deliver_pending()
    (letter,) = mail.outbox
    assert letter.to == ["cadre@example.org"]
    assert "/me/sessions/" in letter.body
    assert CHOSEN not in f"{letter.subject}{letter.body}"
    assert not Notice.objects.exclude(recipient=cast.cadre).exists()


def test_of_one_that_was_refused_nobody_is_told(cast):
    enter(cast.cadre).post(CHANGE, {**NEW, "oldpassword": "wrong"})
    assert told(cast.cadre) == []


def test_of_an_app_added_and_removed(cast, django_capture_on_commit_callbacks):
    client = enter(cast.cadre)
    secret = client.get(APP).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(APP, {"code": code_for(secret)}).status_code == 302
    assert client.post(OFF).status_code == 302
    assert told(cast.cadre) == ["你的账号添了一个验证器", "你的账号去掉了验证器"]
    assert not Notice.objects.filter(body__contains=secret).exists()


def test_of_a_passkey_removed_and_of_new_recovery_codes(cast, django_capture_on_commit_callbacks):
    key = with_passkey(cast.cadre)
    client = enter(cast.colleague)
    with_passkey(cast.colleague)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")  # not theirs
    mine = cast.colleague.authenticator_set.get(type="webauthn")
    assert client.post(f"/accounts/2fa/webauthn/keys/{mine.pk}/remove/").status_code == 302
    assert told(cast.colleague) == ["你的账号换了一套备用码", "你的账号去掉了一个通行密钥"]
    assert told(cast.cadre) == []


def test_of_a_passkey_added(cast):
    get_adapter().send_notification_mail("mfa/email/webauthn_added", cast.cadre)
    assert told(cast.cadre) == ["你的账号添了一个通行密钥"]


def test_of_what_an_administrator_did(cast, as_):
    with_app(cast.cadre)
    at = f"/admin/accounts/user/{cast.cadre.pk}/"
    given = {"password1": CHOSEN, "password2": CHOSEN}
    for _twice in range(2):  # the second time there is nothing to take away
        assert as_(cast.admin).post(f"{at}forget_second_factors/").status_code == 302
    assert as_(cast.admin).post(f"{at}password/", given).status_code == 302
    assert told(cast.cadre) == ["你的第二重验证被管理员清除了", "管理员给你换了一个密码"]


def test_a_new_account_is_told_nothing_of_its_first_password(cast, as_):
    new = {"username": "new", "name": "新示例", "password1": CHOSEN, "password2": CHOSEN}
    assert as_(cast.admin).post("/admin/accounts/user/add/", new).status_code == 302
    assert told(User.objects.get(username="new")) == []


@pytest.mark.django_db(transaction=True)
def test_a_notice_that_cannot_be_written_leaves_the_password_as_it_was(cast, monkeypatch):
    def fail(*_words) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.telling.tellers", [fail])
    with pytest.raises(RuntimeError):
        choose_password(of=cast.cadre, password=CHOSEN)
    assert User.objects.get(pk=cast.cadre.pk).check_password(PASSWORD)
