"""Passkeys in a real browser, with an authenticator that Chromium plays; on localhost, where they work."""

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.cast import PASSWORD

PHONE_ITSELF = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(page: Page) -> tuple:
    """Give a window an authenticator; return how to speak to it, and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_ITSELF})
    return session, added["authenticatorId"]


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    with page.expect_navigation():  # what the browser kept is cleared on the way
        page.locator("main").get_by_role("button", name="退出").click()


def add_passkey(page: Page, *, alone: bool, works: bool = True) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="添一个通行密钥").click()
    page.get_by_label("给它起个名字").fill("我的手机")
    page.get_by_role("checkbox").set_checked(alone)
    page.get_by_role("button", name="添上").click()
    if works:
        expect(page.get_by_text("通行密钥添好了。")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(cast, window):
    page = window()
    give_authenticator(page)
    sign_in(page, cast.cadre)
    add_passkey(page, alone=True)
    expect(page.locator(".codes li")).to_have_count(10)
    sign_out(page)
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name=cast.cadre.name)).to_be_visible()


def test_a_passkey_is_asked_for_after_the_password(cast, window):
    page = window()
    give_authenticator(page)
    sign_in(page, cast.cadre)
    add_passkey(page, alone=False)
    sign_out(page)
    sign_in(page, cast.cadre)
    expect(page.get_by_role("heading", name="再验一次")).to_be_visible()
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.locator("summary", has_text=cast.cadre.name)).to_be_visible()


def test_a_passkey_of_somebody_else_opens_nothing(cast, window):
    page = window()
    give_authenticator(page)
    sign_in(page, cast.cadre)
    add_passkey(page, alone=False)
    other = window()
    session, authenticator = give_authenticator(other)
    sign_in(other, cast.cadre)
    other.get_by_role("button", name="用通行密钥").click()
    expect(other.get_by_text("没有办成，或者你取消了")).to_be_visible()
    assert session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator}) == {
        "credentials": []
    }


def test_a_try_that_fails_says_what_to_do(cast, window):
    page = window()
    session, authenticator = give_authenticator(page)
    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    sign_in(page, cast.cadre)
    add_passkey(page, alone=True, works=False)
    expect(page.get_by_text("没有办成，或者你取消了")).to_be_visible()


def test_an_account_that_was_ended_is_told_so(cast, window):
    page = window()
    give_authenticator(page)
    sign_in(page, cast.cadre)
    add_passkey(page, alone=True)
    sign_out(page)
    User.objects.filter(pk=cast.cadre.pk).update(is_active=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="这个账号停用了")).to_be_visible()


def test_where_a_browser_has_none_nothing_is_offered(cast, window):
    page = window()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
