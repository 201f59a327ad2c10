"""Canaries: a resident's details, and what only those concerned may read, searched for wherever somebody could look.

Every page that a person can reach is crawled: from the addresses everybody knows, along the links of each page,
and by guessing the codes of wishes.
"""

import io
import logging
import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import unquote

import openpyxl
import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from notices import actions as notices
from notices import tasks
from notices.models import Notice
from tests.cast import CONSENTS, RESIDENT, fresh
from tests.wishes.doors import act, dump, text_of
from wishes import actions
from wishes.models import ResidentLink, Wish

FACTS = tuple(vars(RESIDENT).values())
NOTE, WORDS = "蓝雨伞送到了", "红围巾真暖和"

KNOWN = (
    "/", "/?q=示例", f"/?q={RESIDENT.phone}", "/pairing/", "/feedback/", "/robots.txt", "/me/", "/inbox/",
    "/accounts/login/", "/wishes/", "/wishes/?tab=all&q=示例", f"/wishes/?q={RESIDENT.name}", "/wishes/mine/",
    "/wishes/desk/", "/wishes/desk/?tab=all", f"/wishes/desk/?tab=all&q={RESIDENT.name}",
    "/wishes/calls/", "/wishes/log/", "/admin/", "/api/v1/schema/",
    "/api/v1/wishes/", f"/api/v1/wishes/?q={RESIDENT.name}", "/api/v1/communities/", "/api/v1/agencies/",
    "/api/v1/cadres/", "/api/v1/pairings/",
)  # fmt: skip
OF_A_WISH = (
    "/wishes/{}/",
    "/wishes/{}/preview/",
    "/wishes/{}/slip/",
    "/api/v1/wishes/{}/",
    "/api/v1/wishes/{}/events/",
)
FORBIDDEN_PATHS = ("/static/", "/accounts/logout/", "/admin/logout/")
ENOUGH = 400


@pytest.fixture
def town(cast, wish_in) -> SimpleNamespace:
    """Put a wish of 七塔 into every state and visibility, each with the same details."""
    facts = {"kind": "goods", "title": "想要一把伞", "consents": CONSENTS}
    wishes = {
        state: wish_in(state, **facts) for state in ("draft", "checking", "claimed", "withdrawn")
    }
    wishes["paired"] = wish_in("open", visibility="paired", **facts)
    wishes["private"] = wish_in("open", visibility="private", **facts)
    for name in ("fulfilled", "closed"):
        wish = wish_in("claimed", **facts)
        wishes[name] = actions.fulfil(wish=wish, by=fresh(cast.cadre), note=NOTE)
    actions.confirm(
        wish=wishes["closed"], by=fresh(cast.worker), rating="satisfied", how="phone", words=WORDS
    )
    return SimpleNamespace(**wishes)


def links_of(html: str, at: str) -> set[str]:
    """Return where a page leads to within the portal."""
    found = set()
    for link in map(unescape, re.findall(r'(?:href|hx-get)="([^"#]*)"', html)):
        if link.startswith("?"):
            found.add(at.partition("?")[0] + link)
        elif link.startswith("/") and not link.startswith(FORBIDDEN_PATHS):
            found.add(link)
    return found


def kind_of(address: str) -> tuple:
    """Return what makes two addresses the same page with other numbers; the admin's lists sort in endless ways."""
    path, _, query = address.partition("?")
    if path.startswith(("/admin/", "/inbox/")):
        return re.sub(r"/\d+/", "/1/", path), frozenset()
    return path, frozenset(part.partition("=")[0] for part in query.split("&"))


def read(answer: HttpResponse) -> str:
    """Return all that stands in an answer, also in the cells of a spreadsheet."""
    if answer.get("Content-Type", "").startswith("application/vnd.openxml"):
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode() + str(dict(answer.items()))


def crawl(client: Client) -> dict[str, str]:
    """Return every page that can be reached, by address."""
    codes = Wish.objects.values_list("code", flat=True)
    waiting = [*KNOWN, *(address.format(code) for address in OF_A_WISH for code in codes)]
    pages: dict[str, str] = {}
    seen = {kind_of(address) for address in waiting}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code < 500, address
        pages[address] = read(answer)
        if answer.get("Content-Type", "").startswith("text/html"):
            for link in links_of(pages[address], address):
                if kind_of(link) not in seen:
                    seen.add(kind_of(link))
                    waiting.append(link)
        assert len(pages) < ENOUGH
    return pages


def where(canary: str, pages: dict[str, str]) -> list[str]:
    """Return the addresses whose text holds it, but for those where one searched for it oneself."""
    return sorted(
        address
        for address, text in pages.items()
        if canary in text and canary not in unquote(address)
    )


OUTSIDERS = [
    "passer-by", "worker2", "cadre2", "member", "street2", "inspector", "admin",
]  # fmt: skip
INSIDERS = [
    "worker", "warden", "cadre", "liaison", "street", "supervisor", "supervision_group",
]  # fmt: skip


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_find_neither_details_nor_notes_nor_the_residents_words(who, town, cast, as_):
    pages = crawl(as_(getattr(cast, who, None)))
    assert len(pages) > 60
    for canary in (*FACTS, NOTE, WORDS):
        assert where(canary, pages) == [], canary


@pytest.mark.parametrize("who", INSIDERS)
def test_nobody_finds_details_by_opening_pages_but_the_worker_who_changes_a_draft(
    who, town, cast, as_
):
    pages = crawl(as_(getattr(cast, who)))
    allowed = [f"/wishes/{town.draft.code}/edit/"] if who == "worker" else []
    for fact in FACTS:
        assert where(fact, pages) == allowed, fact
    for canary in (NOTE, WORDS):  # those concerned do read what was done and said
        assert bool(where(canary, pages)) == (who != "warden")


def test_the_door_does_show_them_to_those_whom_it_opens_to(town, cast, as_):
    for who in ("worker", "cadre"):
        shown = text_of(as_(getattr(cast, who)).post(f"/wishes/{town.claimed.code}/resident/"))
        assert all(fact in shown for fact in FACTS)


def test_the_residents_own_pages_hold_no_detail(town, client):
    from jiangdong.privacy import unseal

    for link in ResidentLink.objects.all():
        token = unseal(link.sealed_token)["token"]
        for ask in ("", "?ask=yes", "?ask=no"):
            page = text_of(client.get(f"/r/{token}/{ask}"))
            assert not [fact for fact in (*FACTS, WORDS) if fact in page]


def test_no_table_of_the_database_holds_a_detail_that_can_be_read(town):
    rows = dump()
    assert NOTE in rows  # the search does find what is there
    assert not [fact for fact in FACTS if fact in rows]


def test_no_message_and_no_mail_holds_a_detail_or_the_residents_words(
    town, cast, as_, client, later
):
    from jiangdong.privacy import unseal

    actions.release(wish=town.claimed, by=fresh(cast.cadre), reason="临时出差")
    token = unseal(ResidentLink.objects.get(wish=town.fulfilled).sealed_token)["token"]
    client.post(f"/r/{token}/confirm/", {"rating": "fair", "words": WORDS})
    notices.deliver_pending()
    for days in (6, 7, 9, 10, 14, 16, 20):
        with later(days=days):
            tasks.sweep_reminders()
            notices.deliver_pending()
    told = [f"{notice.title}\n{notice.body}" for notice in Notice.objects.all()]
    sent = [
        f"{message.subject}\n{message.body}\n{message.extra_headers}" for message in mail.outbox
    ]
    assert Notice.objects.filter(digest_day__isnull=False).exists()
    assert len(sent) > 10
    for canary in (*FACTS, WORDS):
        assert not [text for text in (*told, *sent) if canary in text]


def test_no_log_holds_a_detail_whatever_is_done_or_refused(town, cast, as_, caplog):
    caplog.set_level(logging.DEBUG)
    details = vars(RESIDENT)
    words = {"title": "想要一把伞", "kind": "goods", "contact": "on"}
    worker = as_(cast.worker)
    assert worker.post("/wishes/log/", {**words, **details}).status_code == 302
    assert worker.post("/wishes/log/", details).status_code == 400
    assert as_(cast.cadre).post("/wishes/log/", {**words, **details}).status_code == 403
    assert worker.get("/wishes/QT-9999/").status_code == 404
    worker.post(f"/wishes/{town.draft.code}/edit/", {**words, **details})
    worker.post(f"/wishes/{town.claimed.code}/resident/")
    as_(cast.cadre2).post(f"/wishes/{town.claimed.code}/resident/", {"why": "想看看"})
    act(as_(cast.cadre), town.claimed, "fulfil", note=f"给{RESIDENT.name}送到了")
    worker.post(f"/wishes/{town.claimed.code}/erase/")
    tasks.sweep_reminders()
    notices.deliver_pending()
    assert caplog.records
    for record in caplog.records:
        text = f"{record.getMessage()} {record.exc_text or ''} {record.__dict__.get('data', '')}"
        assert not [fact for fact in FACTS if fact in text]
