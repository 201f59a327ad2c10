"""Signing in at the district's own provider, in a real browser: its policy must let the form go there and back."""

import copy

from playwright.sync_api import expect

from tests.accounts import provider

PEOPLE = {"known": {"email": "cadre@example.org", "email_verified": True}}


def test_the_button_leads_there_and_back_signed_in(cast, window, watch, settings):
    with provider.serving(PEOPLE) as url:
        settings.SOCIALACCOUNT_PROVIDERS = provider.app_at(url)
        settings.CONTENT_SECURITY_POLICY = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(url)
        page = window()
        # The provider's own page would fetch its looks from the world outside.
        page.route(lambda asked: not asked.startswith((url, watch.host)), lambda it: it.abort())
        page.goto("/accounts/login/?next=/me/")
        page.get_by_role("button", name="用统一认证登录").click()
        page.wait_for_url(f"{url}/**")
        page.get_by_role("button", name="known").click()
        expect(page.get_by_role("heading", name=cast.cadre.name)).to_be_visible()
        watch.faults = [fault for fault in watch.faults if watch.host in fault]


def test_without_the_policys_leave_it_would_go_nowhere(cast, window, watch, settings):
    with provider.serving(PEOPLE) as url:
        settings.SOCIALACCOUNT_PROVIDERS = provider.app_at(url)
        page = window()
        page.goto("/accounts/login/")
        page.get_by_role("button", name="用统一认证登录").click()
        expect(page.get_by_role("button", name="用统一认证登录")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.url.startswith(watch.host)
        assert any("form-action" in fault for fault in watch.faults)
        watch.faults.clear()
