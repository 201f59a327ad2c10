"""Every page as somebody comes to see it, for the tests that look at all of them.

A sight is a page in a state that matters: who looks, where, and what they pressed before looking.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import Page

from jiangdong import clock, pages
from jiangdong.privacy import unseal
from notices import actions as notices
from notices.workdays import add_workdays
from tests.cast import PASSWORD
from wishes import actions
from wishes.models import ResidentLink

PASSER_BY = ""
A_MONTH_AGO = dt.timedelta(days=40)


@dataclass(frozen=True)
class Sight:
    """A page: who looks, its address with the codes of `season`, and what is done before it is looked at.

    `telling` sights hold between them every piece, for the looks that change colours and sizes alone.
    """

    who: str
    path: str
    prepare: Callable[[Page], None] | None = None
    telling: bool = False

    def __str__(self) -> str:
        done = f" after {self.prepare.__name__}" if self.prepare else ""
        return f"{self.who or 'passer-by'} {self.path}{done}"

    def show(self, page: Page, season: dict[str, str]) -> None:
        """Open the page and do what is to be done."""
        page.goto(self.path.format(**season))
        led_to = unquote(urlsplit(page.url).path)
        assert led_to == urlsplit(self.path.format(**season)).path, f"{self} leads to {led_to}"
        if self.prepare:
            self.prepare(page)
            page.wait_for_load_state()


def unfold(page: Page) -> None:
    """Open every act that needs words, and every menu of filters."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => (fold.open = true))")


def open_menu(page: Page) -> None:
    page.locator(".menu summary").click()


def complain(page: Page) -> None:
    """Send the form as it stands, past the browser's own checks."""
    page.evaluate("document.querySelector('main form:not(.finder)').noValidate = true")
    page.locator("main form:not(.finder) .act").first.click()
    page.wait_for_load_state()
    unfold(page)


def complain_in_place(page: Page) -> None:
    """Send each act's form with nothing but blanks in it, so that the complaints come as a piece."""
    unfold(page)
    page.locator("main textarea[required]").first.fill(" ")
    page.locator("main .unfold form .button").first.click()
    page.locator("main .errors").first.wait_for()


def look_at_details(page: Page) -> None:
    page.locator("form[action$='/resident/'] button").first.click()
    page.locator("h1", has_text="居民联系方式").wait_for()


def claim_too_late(page: Page) -> None:
    """Press a button that was there a moment ago."""
    address = page.url.rstrip("/").rpartition("/")[2]
    page.evaluate(
        """code => {
          const form = document.querySelector(".top-tools form");
          form.action = `/wishes/${code}/claim/`;
          form.submit();
        }""",
        address,
    )
    page.locator(".notice.bad[role=alert]").locator("visible=true").wait_for()


def send_without_cookies(page: Page) -> None:
    page.context.clear_cookies()
    page.get_by_role("textbox").fill("字太小")
    page.locator("main .act").click()
    page.locator("h1", has_text="没有送出").wait_for()


def prove_oneself(page: Page) -> None:
    """Give the password again, and so come to what asks for it."""
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.locator("main .act").first.click()
    page.wait_for_url("**/activate/")


def break_down(page: Page) -> None:
    """Show the page that stands in when the portal itself fails."""
    failed = pages.failed(RequestFactory().get("/")).content.decode()
    headers = {"content-type": "text/html", "content-security-policy": "default-src 'self'"}
    page.route("**/accounts/login/", lambda route: route.fulfill(body=failed, headers=headers))
    page.reload()


SIGHTS = (
    # Everybody
    Sight(PASSER_BY, "/", telling=True),
    Sight(PASSER_BY, "/?q=没有这样的词"),
    Sight(PASSER_BY, "/wishes/{open}/"),
    Sight(PASSER_BY, "/wishes/{closed}/", telling=True),
    Sight(PASSER_BY, "/pairing/", telling=True),
    Sight(PASSER_BY, "/pairing/?q=没有这样的社区"),
    Sight(PASSER_BY, "/pairing/communities/QT/", telling=True),
    Sight(PASSER_BY, "/pairing/communities/HL/"),
    Sight(PASSER_BY, "/pairing/agencies/JY/"),
    Sight(PASSER_BY, "/accounts/login/"),
    Sight(PASSER_BY, "/accounts/login/", complain, telling=True),
    Sight(PASSER_BY, "/accounts/login/", break_down),
    Sight(PASSER_BY, "/accounts/password/reset/"),
    Sight(PASSER_BY, "/accounts/password/reset/done/"),
    Sight(PASSER_BY, "/accounts/inactive/"),
    Sight(PASSER_BY, "/feedback/?page=/", telling=True),
    Sight(PASSER_BY, "/feedback/", complain),
    Sight(PASSER_BY, "/feedback/", send_without_cookies),
    Sight(PASSER_BY, "/no-such-page/", telling=True),
    # Residents
    Sight(PASSER_BY, "/r/{draft_link}/"),
    Sight(PASSER_BY, "/r/{open_link}/"),
    Sight(PASSER_BY, "/r/{claimed_link}/", telling=True),
    Sight(PASSER_BY, "/r/{fulfilled_link}/", telling=True),
    Sight(PASSER_BY, "/r/{fulfilled_link}/?ask=yes"),
    Sight(PASSER_BY, "/r/{fulfilled_link}/?ask=yes", complain, telling=True),
    Sight(PASSER_BY, "/r/{fulfilled_link}/?ask=no"),
    Sight(PASSER_BY, "/r/{closed_link}/"),
    Sight(PASSER_BY, "/r/{withdrawn_link}/"),
    Sight(PASSER_BY, "/r/{expired_link}/"),
    # The community
    Sight("worker", "/wishes/desk/"),
    Sight("worker", "/wishes/desk/?tab=all", telling=True),
    Sight("worker", "/wishes/desk/?tab=done"),
    Sight("worker", "/wishes/desk/?tab=all&q=没有这样的词"),
    Sight("worker", "/wishes/log/"),
    Sight("worker", "/wishes/log/", unfold, telling=True),
    Sight("worker", "/wishes/log/", complain),
    Sight("worker", "/wishes/{leaky}/preview/", telling=True),
    Sight("worker", "/wishes/{draft}/preview/"),
    Sight("worker", "/wishes/{health}/preview/"),
    Sight("worker", "/wishes/{draft}/edit/"),
    Sight("worker", "/wishes/{draft}/", unfold),
    Sight("worker", "/wishes/{checking}/", unfold),
    Sight("worker", "/wishes/{open}/", unfold),
    Sight("worker", "/wishes/{fulfilled}/", unfold, telling=True),
    Sight("worker", "/wishes/{fulfilled}/", look_at_details),
    Sight("worker", "/wishes/{fulfilled}/slip/", telling=True),
    Sight("worker", "/wishes/{closed}/"),
    Sight("worker", "/wishes/{withdrawn}/"),
    Sight("worker", "/wishes/calls/", unfold, telling=True),
    Sight("worker", "/inbox/", telling=True),
    Sight("worker", "/inbox/?unread=1"),
    Sight("worker", "/inbox/channels/"),
    Sight("worker", "/me/"),
    Sight("worker", "/me/sessions/"),
    Sight("worker", "/me/tokens/"),
    Sight("worker", "/accounts/2fa/"),
    Sight("worker", "/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/"),
    Sight("worker", "/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", prove_oneself),
    Sight("worker", "/accounts/2fa/webauthn/add/"),
    Sight("worker", "/accounts/password/change/"),
    Sight("worker", "/accounts/logout/"),
    Sight("worker", "/", open_menu, telling=True),
    Sight("colleague", "/wishes/{checking}/preview/"),
    Sight("warden", "/wishes/desk/"),
    Sight("warden", "/wishes/log/"),
    Sight("worker2", "/wishes/calls/"),
    Sight("worker2", "/wishes/desk/?tab=all"),
    # Agencies
    Sight("cadre", "/wishes/", unfold, telling=True),
    Sight("cadre", "/wishes/?q=没有这样的词"),
    Sight("cadre", "/wishes/mine/"),
    Sight("cadre", "/wishes/mine/?tab=waiting"),
    Sight("cadre", "/wishes/{open}/"),
    Sight("cadre", "/wishes/{open}/", open_menu),
    Sight("cadre", "/wishes/{claimed}/", unfold),
    Sight("cadre", "/wishes/{late}/", complain_in_place, telling=True),
    Sight("cadre", "/wishes/{claimed}/", claim_too_late, telling=True),
    Sight("cadre", "/wishes/log/"),
    Sight("cadre", "/me/", telling=True),
    Sight("cadre", "/inbox/digests/{digest}/", telling=True),
    Sight("cadre_b", "/wishes/mine/"),
    Sight("cadre_b", "/inbox/"),
    Sight("liaison", "/wishes/desk/"),
    Sight("liaison", "/wishes/{open}/"),
    Sight("liaison", "/wishes/{branch}/", unfold),
    Sight("liaison", "/pairing/agencies/JY/"),
    Sight("liaison", "/inbox/channels/", unfold),
    Sight("member", "/wishes/"),
    Sight("member", "/wishes/{open}/", telling=True),
    Sight("member", "/wishes/{by_member}/", unfold),
    # The street and the district
    Sight("street", "/wishes/desk/"),
    Sight("street", "/wishes/calls/"),
    Sight("street", "/wishes/{claimed}/", unfold),
    Sight("street", "/wishes/{checking}/preview/"),
    Sight("supervisor", "/wishes/{claimed}/", unfold),
    Sight("supervisor", "/wishes/"),
    Sight("stranger", "/wishes/"),
)


def season(cast: SimpleNamespace, wish_in: Callable) -> dict[str, str]:
    """Bring wishes into every state, and return what the addresses of sights are filled with."""
    kept = {
        "draft": wish_in("draft", title="想要一部看得清号码的电话", detail="低保户，家里只有座机"),
        "leaky": wish_in("draft", title="想请人修好漏水的龙头", detail="打 13800000077 找张示例"),
        "health": wish_in("draft", title="想有人教着量血压", kind="health"),
        "checking": wish_in("checking", title="想给孩子找一张书桌", for_child=True),
        "open": wish_in(
            "open", title="想有人陪着去挂一次号", detail="上午方便，走得动，只是不认得机器"
        ),
        "claimed": wish_in(
            "claimed", title="想借一把轮椅推老伴下楼", estimate=300, money_source="own"
        ),
        "branch": wish_in("branch", title="想把楼道里的灯修亮", kind="repair"),
        "fulfilled": wish_in("fulfilled", title="想学会用手机视频"),
        "also_fulfilled": wish_in("fulfilled", title="想有人帮着换一次窗纱"),
        "closed": wish_in("closed", title="想听一场越剧", kind="culture"),
        "withdrawn": wish_in("withdrawn", title="想找一份钟点工"),
        "expired": wish_in("fulfilled", title="想把旧书送给用得着的人"),
    }
    with clock.at(timezone.now() - A_MONTH_AGO):
        kept["late"] = wish_in("claimed", title="想有人帮着搬一张床")
        kept["by_member"] = wish_in("open", title="想有人来理一次头发")
    actions.claim(wish=kept["by_member"], by=cast.member)
    links = ResidentLink.objects.filter(wish__in=[wish.pk for wish in kept.values()])
    links.filter(wish=kept["expired"].pk).update(expires_at=timezone.now())
    tokens = {link.wish_id: unseal(link.sealed_token)["token"] for link in links}
    return {
        **{name: wish.code for name, wish in kept.items()},
        **{f"{name}_link": tokens[wish.pk] for name, wish in kept.items()},
        "digest": _digest_for(kept["claimed"]),
    }


def _digest_for(wish) -> str:
    """Tell what falls due three working days before this wish does, and return the digest's day."""
    day = add_workdays(wish.due_on, -3)
    with clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(10)))):
        notices.sweep(day=day)
        notices.compose_digests(day=day)
    return day.isoformat()
